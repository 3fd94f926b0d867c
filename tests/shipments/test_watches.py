"""« Prévenez-moi »: one mail a day, about what has changed, to whoever may still hear of it."""

import datetime as dt
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from harmattan.access.rules import Right
from harmattan.catalogue.rules import Availability
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.orders import progress
from harmattan.orders.models import Order
from harmattan.outbox.models import OutboxMessage
from harmattan.shipments import watches
from harmattan.shipments.models import Watch
from tests import cast
from tests.browser import Browser, fold
from tests.shipments.conftest import Ship

KARIM = "karim@grandlarge.example"
T1, T2 = "9782343000015", "9782296000018"


def told() -> list[OutboxMessage]:
    watches.tell()
    db.session.flush()
    return list(db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.kind == "news_of_titles")))


def watch(order: Order, by: SimpleNamespace, *isbns: str) -> None:
    for isbn in isbns:
        watches.watch(order, isbn, by)
    db.session.flush()


def test_what_was_known_when_one_asked_is_no_news(order: Order, people: SimpleNamespace, ship: Ship) -> None:
    ship(order, 15, 3)
    watch(order, people.karim, T2)
    assert told() == []


def test_a_new_day_and_a_new_availability_are_news_once(
    order: Order, people: SimpleNamespace, shelf: SimpleNamespace, ship: Ship
) -> None:
    ship(order, 15, 3)
    watch(order, people.karim, T2)
    progress.announce(order, {order.lines[1].id: dt.date(2026, 12, 11)})
    shelf.t2.availability = Availability.REPRINTING
    (mail,) = told()
    assert (mail.recipient, fold(mail.subject)) == (KARIM, "Des nouvelles de 1 titre attendu")
    assert (
        "Écrire sous les halles (commande CMD-2026-000001, « Rayon fleuve ») : 2 exemplaires à venir,"
        " réimpression en cours, nouvelles le 11 décembre 2026." in fold(mail.body)
    )
    assert told() == [mail]


def test_several_titles_are_told_in_one_mail(
    order: Order, people: SimpleNamespace, shelf: SimpleNamespace, ship: Ship
) -> None:
    ship(order, 10, 3)
    watch(order, people.karim, T1, T2)
    watch(order, people.anne, T2)
    shelf.t1.availability = shelf.t2.availability = Availability.REPRINTING
    mails = told()
    assert sorted(mail.recipient for mail in mails) == ["anne@grandlarge.example", KARIM]
    (karims,) = [mail for mail in mails if mail.recipient == KARIM]
    assert fold(karims.subject) == "Des nouvelles de 2 titres attendus"


def test_when_everything_has_left_it_is_told_for_the_last_time(
    order: Order, people: SimpleNamespace, ship: Ship
) -> None:
    ship(order, 15, 3)
    watch(order, people.karim, T2)
    ship(order, 0, 2)
    (mail,) = told()
    assert "tout est parti" in mail.body
    assert db.session.scalar(sa.select(Watch.isbn)) is None


@pytest.mark.parametrize("lost", ["access ended", "disabled", "right"])
def test_whoever_has_lost_the_access_hears_nothing_more(
    order: Order, people: SimpleNamespace, ship: Ship, lost: str
) -> None:
    ship(order, 15, 3)
    watch(order, people.karim, T2)
    progress.announce(order, {order.lines[1].id: dt.date(2026, 12, 11)})
    if lost == "access ended":
        people.karim.ends_on = clock.today() - dt.timedelta(days=1)
    elif lost == "disabled":
        people.karim.disabled_at = clock.now()
    else:
        people.karim.rights = frozenset({Right.DOCUMENTS})
    assert told() == []


# the button


def test_one_press_asks_and_another_one_ends_it(browser: Browser, order: Order, ship: Ship) -> None:
    ship(order, 15, 3)
    address = f"/commandes/{order.reference}/titres/{T2}/prevenir"
    browser.log_in(KARIM).open(f"/commandes/{order.reference}").submit(address)
    assert "Un courriel par jour au plus" in browser.text
    assert browser.reloaded()
    browser.submit(address, "prevenir")
    assert browser.form(address, "Prévenez-moi de Écrire sous les halles")
    assert browser.reloaded()


def test_asking_twice_is_asking_once(browser: Browser, order: Order, ship: Ship) -> None:
    ship(order, 15, 3)
    browser.log_in(KARIM).open(f"/commandes/{order.reference}")
    for _ in range(2):
        browser.post(f"/commandes/{order.reference}/titres/{T2}/prevenir", prevenir="oui")
    assert db.session.scalars(sa.select(Watch.isbn)).all() == [T2]


def test_only_titles_of_ones_own_orders_can_be_asked_for(
    browser: Browser, order: Order, people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    foreign = cast.order(people.paul, (shelf.t1, 2), number=2)
    db.session.commit()
    browser.log_in(KARIM).open(f"/commandes/{order.reference}")
    for reference, isbn in ((order.reference, "9782140423451"), (foreign.reference, T1)):
        assert browser.post(f"/commandes/{reference}/titres/{isbn}/prevenir", prevenir="oui").status == 404
    assert db.session.scalar(sa.select(Watch.isbn)) is None


def test_no_button_where_nothing_is_to_come(browser: Browser, order: Order, ship: Ship) -> None:
    ship(order, 15, 3)
    browser.log_in(KARIM).open(f"/commandes/{order.reference}")
    buttons = browser.page.find_all("button", attrs={"name": "prevenir"})
    assert [fold(each.get_text()) for each in buttons] == ["Prévenez-moi de Écrire sous les halles"]
