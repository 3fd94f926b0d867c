"""Sales' queue: urgent dates first, then age, with what each order should make one look at (R38, R56)."""

import datetime as dt
from types import SimpleNamespace

import pytest

from harmattan.catalogue.rules import Availability
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.orders import queue, urgent
from harmattan.orders.rules import UrgentDateState
from tests import cast
from tests.browser import Browser, fold

FRIDAY, TUESDAY = dt.date(2026, 11, 27), dt.date(2026, 12, 1)


@pytest.fixture
def shelf(people: SimpleNamespace) -> SimpleNamespace:
    return cast.titles()


def alerts() -> dict[str, list[str]]:
    """What the first tab says of each order."""
    db.session.flush()
    return {
        row.order.reference: [fold(said) for _, said in row.alerts] for row in queue.of("a-verifier", 1).rows
    }


def test_urgent_dates_come_first_then_the_oldest(people: SimpleNamespace) -> None:
    for number, facts in enumerate(
        [
            {"placed_at": cast.MONDAY},
            {"placed_at": cast.MONDAY - dt.timedelta(hours=1)},
            {"deliver_by": TUESDAY},
            {"deliver_by": FRIDAY},
        ],
        1,
    ):
        cast.order(people.karim, number=number, **facts)
    assert [reference[-1] for reference in alerts()] == ["4", "3", "2", "1"]


def test_titles_that_are_gone_to_come_or_short_are_pointed_out(
    people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    cast.order(people.karim, (shelf.t1, 1), (shelf.t2, 4), (shelf.t3, 1), (shelf.t4, 1))
    assert alerts()["CMD-2026-000001"] == [
        "1 titre épuisé",
        "1 titre à paraître ou en réimpression",
        "1 titre en stock insuffisant",
    ]


def test_a_title_that_appears_after_the_urgent_date_is_a_conflict(
    people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    facts = {"deliver_by": FRIDAY, "urgent_date_state": UrgentDateState.REQUESTED}
    cast.order(people.karim, (shelf.t4, 1), **facts)
    assert "Paraît après la date impérative" in alerts()["CMD-2026-000001"]


def test_what_is_overdue_and_a_limit_that_is_passed_are_told(
    people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    cast.documents(people, shelf)
    people.grand_large.credit_limit_cents = 7_000
    order = cast.order(people.karim, (shelf.t1, 1))
    assert alerts()[order.reference] == ["Plafond d'encours dépassé (70,00 €)"]
    clock.start_at(dt.datetime(2026, 12, 15, 10, tzinfo=clock.PARIS))
    assert alerts()[order.reference][1:] == ["111,37 € échus", "Plafond d'encours dépassé (70,00 €)"]


def test_a_check_that_takes_longer_than_promised_is_told_and_not_while_the_shop_is_awaited(
    people: SimpleNamespace,
) -> None:
    asked = {"deliver_by": FRIDAY, "urgent_date_state": UrgentDateState.REQUESTED}
    order = cast.order(people.karim, **asked)
    assert alerts()[order.reference] == []
    clock.start_at(cast.MONDAY + dt.timedelta(days=2))
    assert alerts()[order.reference] == ["Vérification promise pour le 24 nov. 2026"]
    urgent.propose(order, people.marie, TUESDAY, "")
    assert alerts() == {}
    urgent.accept(order, people.karim)
    assert alerts()[order.reference] == []


def test_the_checks_of_an_order_are_told_one_by_one(
    people: SimpleNamespace, shelf: SimpleNamespace, browser: Browser
) -> None:
    shelf.t2.availability = Availability.OUT_OF_PRINT
    order = cast.order(people.karim, (shelf.t1, 2), (shelf.t2, 1), not_before=TUESDAY)
    order.lines[0].discount_bp, shelf.t1.price_cents = 4_000, 2_600
    db.session.commit()
    browser.log_in("marie@equipe.example").open(f"/equipe/commandes/{order.reference}")
    found = browser.page.find("section", attrs={"aria-labelledby": "checks-h"}).get_text(" ")
    for said in (
        "1 exemplaire ne sera ni livré ni facturé",
        "Nouveaux prix en vigueur",
        "0,00 € dus avant cette commande",
        "1 rue du Port",
        "40 %, au lieu de 36 % au compte",
        "Pas de livraison avant le mardi 1er décembre 2026",
    ):
        assert said in fold(found), fold(found)
