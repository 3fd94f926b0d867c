"""The life of an order: whose turn, until when, which door."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.core import clock
from harmattan.core.services import Service
from harmattan.core.settings import House
from harmattan.orders.rules import TRANSITIONS, Action, Status
from harmattan.orders.standings import standing, timeline
from tests.cast import MONDAY

HOUSE = House()
VALIDATED_ON = (Status.VALIDATED, Status.PREPARING, Status.PARTLY_SHIPPED, Status.SHIPPED, Status.DELIVERED)


def test_every_state_has_its_row_and_leads_only_to_known_ones() -> None:
    assert set(TRANSITIONS) == set(Status)
    assert {target for actions in TRANSITIONS.values() for target in actions.values()} <= set(Status)


@pytest.mark.parametrize("status", VALIDATED_ON)
def test_a_validated_order_can_be_neither_cancelled_nor_sent_back(status: Status) -> None:
    assert not TRANSITIONS[status].keys() & {Action.CANCEL, Action.ASK_DETAILS}
    assert not set(TRANSITIONS[status].values()) & {Status.RECORDED, Status.CANCELLED}


def test_a_recorded_order_waits_for_us_until_the_next_working_day() -> None:
    stands = standing(Status.RECORDED, MONDAY, HOUSE)
    assert stands.turn == "À nous : vérification"
    assert stands.until == dt.date(2026, 11, 24)
    assert (stands.desk, stands.subject) == (Service.SALES, "modifier")
    assert "demandez au service commercial de la modifier ou de l’annuler" in stands.door


def test_an_order_of_friday_evening_is_checked_on_monday() -> None:
    friday = dt.datetime(2026, 11, 20, 23, 30, tzinfo=clock.PARIS)
    assert standing(Status.RECORDED, friday, HOUSE).until == dt.date(2026, 11, 23)


@pytest.mark.parametrize("status", [Status.VALIDATED, Status.PREPARING, Status.PARTLY_SHIPPED])
def test_after_validation_only_the_address_and_only_by_phone_to_after_sales(status: Status) -> None:
    stands = standing(status, MONDAY, HOUSE)
    assert stands.desk is Service.AFTER_SALES
    assert stands.subject == "suivi"
    assert "ne peut plus être modifiée ni annulée" in stands.door
    assert "par téléphone uniquement" in stands.door


@pytest.mark.parametrize("status", list(Status))
def test_every_state_is_said_in_words(status: Status) -> None:
    stands = standing(status, MONDAY, HOUSE)
    assert stands.state
    assert stands.tone in ("fait", "att", "err", "cours")
    assert stands.door.endswith(".")
    assert bool(stands.turn) == bool(TRANSITIONS[status])


@given(st.lists(st.integers(0, 9), max_size=12))
def test_the_timeline_tells_every_event_and_one_current_step_at_most(choices: list[int]) -> None:
    status, events = Status.RECORDED, [(Action.PLACE, MONDAY, "")]
    for choice in choices:
        possible = list(TRANSITIONS[status].items())
        if not possible:
            break
        action, status = possible[choice % len(possible)]
        events.append((action, MONDAY, ""))
    steps = timeline(status, events)
    assert [step.name for step in steps if step.at] == [action.step for action, _, _ in events]
    order = [step.progress for step in steps]
    assert order == sorted(order, key=("done", "current", "ahead").index)
    assert order.count("current") == bool(TRANSITIONS[status])


def test_the_timeline_of_a_recorded_order() -> None:
    steps = timeline(Status.RECORDED, [(Action.PLACE, MONDAY, "")])
    assert [(step.name, step.progress) for step in steps][:2] == [
        ("Enregistrée", "done"),
        ("Vérification par le service commercial", "current"),
    ]
    assert steps[-1].name == "Livrée"
