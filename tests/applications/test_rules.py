"""The promise of 7 working days, its count, and probable doubles (R25, J3)."""

import datetime as dt
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.applications import rules
from harmattan.applications.rules import TRANSITIONS, Action, ApplicationState
from harmattan.core import clock, dates
from harmattan.core.settings import House

HOUSE = House()
DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2035, 12, 31))


@pytest.mark.parametrize(
    ("submitted", "promised"),
    [
        (dt.date(2026, 11, 22), dt.date(2026, 12, 1)),
        (dt.date(2026, 11, 23), dt.date(2026, 12, 2)),
        (dt.date(2026, 11, 6), dt.date(2026, 11, 18)),
        (dt.date(2026, 12, 21), dt.date(2026, 12, 31)),
        (dt.date(2026, 4, 30), dt.date(2026, 5, 13)),
    ],
)
def test_the_promise_is_seven_working_days_after_the_day_of_receipt(
    submitted: dt.date, promised: dt.date
) -> None:
    for time in (dt.time(0, 0), dt.time(10, 0), dt.time(23, 59)):
        assert rules.answer_by(clock.at_paris(submitted, time), HOUSE) == promised


@given(DAYS)
def test_the_promise_is_a_working_day_and_six_lie_before_it(day: dt.date) -> None:
    promised = rules.answer_by(clock.at_paris(day, dt.time(12)), HOUSE)
    assert dates.is_working_day(promised)
    assert dates.working_days_between(day + dt.timedelta(days=1), promised) == 7


@given(DAYS, st.integers(0, 30))
def test_the_count_goes_up_by_one_each_working_day(day: dt.date, later: int) -> None:
    promised = rules.answer_by(clock.at_paris(day, dt.time(12)), HOUSE)
    today = day + dt.timedelta(days=later)
    gone = dates.working_days_between(day + dt.timedelta(days=1), today)
    count = rules.count(promised, today, HOUSE)
    assert (count.used, count.promised) == (gone, 7)
    assert count.is_late == (today > promised and gone > 7)


@pytest.mark.parametrize(
    ("today", "used", "tone", "is_late"),
    [
        (dt.date(2026, 11, 23), 0, "cours", False),
        (dt.date(2026, 11, 27), 4, "cours", False),
        (dt.date(2026, 11, 29), 4, "cours", False),
        (dt.date(2026, 11, 30), 5, "att", False),
        (dt.date(2026, 12, 1), 6, "att", False),
        (dt.date(2026, 12, 2), 7, "err", False),
        (dt.date(2026, 12, 3), 8, "err", True),
    ],
)
def test_the_clock_is_amber_at_five_and_red_at_seven(
    today: dt.date, used: int, tone: str, is_late: bool
) -> None:
    count = rules.count(dt.date(2026, 12, 2), today, HOUSE)
    assert (count.used, count.tone, count.is_late) == (used, tone, is_late)


def test_our_own_closing_days_count_for_nothing() -> None:
    house = House(closing_days=frozenset({dt.date(2026, 11, 30)}))
    assert rules.answer_by(clock.at_paris(dt.date(2026, 11, 23), dt.time(10)), house) == dt.date(2026, 12, 3)


@dataclass
class Shop:
    siret: str = "81234567600017"
    email: str = "lea@marges.example"
    trade_name: str = "Librairie des Marges"
    postal_code: str = "35000"


@pytest.mark.parametrize(
    ("other", "reasons"),
    [
        (Shop(email="a@b.example", trade_name="Autre"), ("même SIRET",)),
        (Shop(siret="", email="LEA@marges.example", trade_name="Autre"), ("même adresse e-mail",)),
        (Shop("", "a@b.example", "LIBRAIRIE des  Márges"), ("même nom et même code postal",)),
        (Shop("", "a@b.example", "Librairie des Marges", "75005"), ()),
        (Shop(), ("même SIRET", "même adresse e-mail", "même nom et même code postal")),
    ],
)
def test_doubles_are_known_by_siret_address_or_name_in_a_place(other: Shop, reasons: tuple[str, ...]) -> None:
    assert rules.likeness(Shop(), other) == reasons


_TEXTS = st.text(max_size=12)


@given(st.builds(Shop, _TEXTS, _TEXTS, _TEXTS, _TEXTS), st.builds(Shop, _TEXTS, _TEXTS, _TEXTS, _TEXTS))
def test_likeness_goes_both_ways(one: Shop, other: Shop) -> None:
    assert rules.likeness(one, other) == rules.likeness(other, one)


def test_what_is_opened_refused_or_withdrawn_moves_no_more() -> None:
    final = {state for state in ApplicationState if not state.is_open}
    assert final == {ApplicationState.OPENED, ApplicationState.REFUSED, ApplicationState.WITHDRAWN}


def test_only_what_sales_do_and_an_answer_move_an_open_application() -> None:
    for state in (ApplicationState.SUBMITTED, ApplicationState.DETAILS_REQUESTED):
        assert set(TRANSITIONS[state]) == set(Action) - {Action.SUBMIT}
