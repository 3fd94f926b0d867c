"""« Date de livraison impérative »: answered by sales, another one accepted or not (R56, R57, J6)."""

import datetime as dt
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.orders import service, urgent
from harmattan.orders.models import Order
from harmattan.orders.rules import Action, UrgentDateState
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.browser import fold

FRIDAY, MONDAY = dt.date(2026, 11, 27), dt.date(2026, 11, 30)


@pytest.fixture
def order(people: SimpleNamespace) -> Order:
    asked = {"deliver_by": FRIDAY, "urgent_date_state": UrgentDateState.REQUESTED}
    return cast.order(people.karim, **asked)


def last_mail() -> tuple[str, str]:
    db.session.flush()
    mail = db.session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    return (fold(mail.subject), fold(mail.body)) if mail else ("", "")


def test_a_date_that_can_be_met_is_confirmed_by_mail(order: Order, people: SimpleNamespace) -> None:
    urgent.confirm(order, people.marie)
    assert order.urgent_date_state is UrgentDateState.CONFIRMED
    subject, body = last_mail()
    assert subject == "Commande CMD-2026-000001 : date de livraison confirmée"
    assert "est confirmée : vendredi 27 novembre 2026." in body


def test_another_date_waits_for_the_shop(order: Order, people: SimpleNamespace) -> None:
    urgent.propose(order, people.marie, MONDAY, "Le transporteur ne passe pas vendredi.")
    assert (order.urgent_date_state, order.proposed_date) == (UrgentDateState.PROPOSED, MONDAY)
    subject, body = last_mail()
    assert subject == "Commande CMD-2026-000001 : date de livraison impossible, autre date proposée"
    assert "Le transporteur ne passe pas vendredi." in body
    assert "Nous vous proposons le lundi 30 novembre 2026." in body


def test_the_same_date_sent_twice_is_proposed_once(order: Order, people: SimpleNamespace) -> None:
    for words in ("Tirage en cours.", "Tirage en cours.", "Le tirage a pris du retard."):
        urgent.propose(order, people.marie, MONDAY, words)
        db.session.flush()
        db.session.refresh(order)
    mails = db.session.scalars(sa.select(OutboxMessage).filter_by(kind="order_date")).all()
    assert len(mails) == 2


def test_the_shop_takes_it_or_not(order: Order, people: SimpleNamespace) -> None:
    urgent.propose(order, people.marie, MONDAY, "")
    urgent.decline(order, people.karim)
    assert (order.urgent_date_state, order.deliver_by) == (UrgentDateState.IMPOSSIBLE, FRIDAY)
    urgent.propose(order, people.marie, MONDAY, "")
    urgent.accept(order, people.karim)
    assert (order.urgent_date_state, order.deliver_by) == (UrgentDateState.CONFIRMED, MONDAY)
    assert order.proposed_date is None


def test_sales_check_counts_from_the_word_of_the_shop_on_another_date(
    order: Order, people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert service.standing_of(order).until == cast.MONDAY.date() + dt.timedelta(days=1)
    urgent.propose(order, people.marie, MONDAY, "")
    assert service.standing_of(order).until is None
    monkeypatch.setattr(clock, "now", lambda: cast.MONDAY + dt.timedelta(days=3))
    urgent.accept(order, people.karim)
    assert service.standing_of(order).until == FRIDAY
    service.act(order, Action.ASK_DETAILS, people.marie, "Quel étage ?")
    assert service.standing_of(order).until is None
    monkeypatch.setattr(clock, "now", lambda: cast.MONDAY + dt.timedelta(days=4))
    service.act(order, Action.ANSWER_DETAILS, people.karim)
    assert service.standing_of(order).until == MONDAY


def test_a_promise_is_not_taken_back(order: Order, people: SimpleNamespace) -> None:
    urgent.confirm(order, people.marie)
    with pytest.raises(urgent.NothingToAnswer, match="confirmée"):
        urgent.refuse(order, people.marie, "finalement non")


def test_no_date_needs_no_answer(people: SimpleNamespace) -> None:
    with pytest.raises(urgent.NothingToAnswer):
        urgent.confirm(cast.order(people.karim), people.marie)


def test_nothing_is_answered_once_the_order_is_validated(order: Order, people: SimpleNamespace) -> None:
    service.act(order, Action.VALIDATE, people.marie)
    with pytest.raises(service.TooLate):
        urgent.confirm(order, people.marie)


@pytest.mark.parametrize(
    ("day", "fault"),
    [
        (dt.date(2026, 11, 23), "Choisissez une date à venir"),
        (dt.date(2026, 11, 28), "Choisissez un jour ouvré, par exemple le lundi 30 novembre 2026"),
        (dt.date(2026, 11, 24), "La commande ne doit pas être livrée avant le 25 novembre 2026"),
        (FRIDAY, "Cette date est celle que la librairie a demandée"),
        (dt.date(2026, 11, 26), ""),
    ],
)
def test_only_a_date_that_makes_sense_is_proposed(order: Order, day: dt.date, fault: str) -> None:
    order.not_before = dt.date(2026, 11, 25)
    assert fold(urgent.fault_of(order, day)) == fault
