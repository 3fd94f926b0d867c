"""Sales change an order for a shop that calls, plain and with HTMX (R50, R51)."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from harmattan.core.extensions import db
from harmattan.orders.models import Order
from harmattan.orders.rules import Action, UrgentDateState
from harmattan.orders.service import act
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.browser import Browser, form_data

MARIE = "marie@equipe.example"
PAGE = "/equipe/commandes/CMD-2026-000001/modifier"


@pytest.fixture
def order(people: SimpleNamespace) -> Order:
    cast.tariffs()
    titles = cast.titles()
    made = cast.order(people.karim, (titles.t1, 4), (titles.t5, 2))
    db.session.commit()
    return made


@pytest.fixture
def marie(browser: Browser, order: Order) -> Browser:
    return browser.log_in(MARIE).open(PAGE)


def field_of(order: Order, place: int) -> str:
    return f"q-{order.lines[place].id}"


def test_titles_and_dates_change_at_once_and_the_shop_is_told(marie: Browser, order: Order) -> None:
    gone, kept = order.lines[1].title, order.lines[0]
    marie.submit(
        PAGE,
        message="Vu avec Anne.",
        deliver_by="4/12/2026",
        not_before="30/11/2026",
        **{field_of(order, 0): "9", field_of(order, 1): "0"},
    )
    assert marie.url == "/equipe/commandes/CMD-2026-000001"
    db.session.expire_all()
    assert [(line.id, line.quantity) for line in order.lines] == [(kept.id, 9)]
    assert (order.deliver_by, order.not_before) == (dt.date(2026, 12, 4), dt.date(2026, 11, 30))
    assert order.urgent_date_state is UrgentDateState.CONFIRMED
    assert order.goods_cents == kept.line_cents
    mail = db.session.scalars(sa.select(OutboxMessage).filter_by(kind="order_changed")).one()
    assert mail.recipient == "karim@grandlarge.example"
    assert gone in mail.body
    assert "Vu avec Anne." in mail.body


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Indiquez au moins un changement"),
        ({"deliver_by": "01/01/2020"}, "Choisissez une date à venir"),
        ({"deliver_by": "29/11/2026"}, "Choisissez un jour ouvré"),
        ({"deliver_by": "un de ces jours"}, "Date"),
        ({"deliver_by": "04/12/2026", "not_before": "07/12/2026"}, "ne suit pas la date impérative"),
        ({"all": "0"}, "annulez la commande sur sa page"),
        ({"all": "beaucoup"}, "quantité"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_is_kept(
    marie: Browser, order: Order, typed: dict[str, str], said: str
) -> None:
    every = typed.get("all")
    quantities = {field_of(order, place): every for place in range(2)} if every else {}
    dates = {name: value for name, value in typed.items() if name != "all"}
    marie.submit(PAGE, message="Au téléphone.", **dates, **quantities)
    assert marie.status == 422
    assert said.lower() in marie.text.lower()
    assert "Au téléphone." in marie.text
    for name, value in dates.items():
        if value == "un de ces jours":
            assert marie.page.find(attrs={"name": name})["value"] == value
    db.session.expire_all()
    assert order.version == 1


def test_of_two_who_change_it_the_second_is_told(
    marie: Browser, order: Order, new_browser: Callable[..., Browser]
) -> None:
    other = new_browser(marie.htmx).log_in(MARIE).open(PAGE)
    marie.submit(PAGE, **{field_of(order, 0): "9"})
    other.submit(PAGE, **{field_of(order, 0): "7"})
    assert other.status == 409
    assert "rouvrez le formulaire" in other.text
    db.session.expire_all()
    assert order.lines[0].quantity == 9


def test_sent_twice_it_is_done_once(marie: Browser, order: Order) -> None:
    sent = form_data(marie.form(PAGE)) | {field_of(order, 0): "9"}
    marie.post(PAGE, sent)
    marie.post(PAGE, sent)
    assert marie.url == "/equipe/commandes/CMD-2026-000001"
    kinds = db.session.scalars(sa.select(OutboxMessage.kind)).all()
    assert kinds.count("order_changed") == 1


def test_a_validated_order_changes_no_more(marie: Browser, order: Order, people: SimpleNamespace) -> None:
    sent = form_data(marie.form(PAGE)) | {field_of(order, 0): "9"}
    act(order, Action.VALIDATE, people.marie)
    db.session.commit()
    marie.post(PAGE, sent)
    assert marie.status == 409
    assert marie.open(PAGE).url == "/equipe/commandes/CMD-2026-000001"
    assert marie.page.find("a", href=PAGE) is None
