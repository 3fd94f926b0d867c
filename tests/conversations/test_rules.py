"""The answer-by clock and the life of a thread."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.conversations import rules
from harmattan.conversations.rules import Action, ThreadState
from harmattan.core import clock, dates
from harmattan.core.services import Service
from harmattan.core.settings import House

HOUSE = House()
NEW_YEAR = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
INSTANTS = st.integers(0, 6 * 365 * 24 * 3600).map(lambda s: NEW_YEAR + dt.timedelta(seconds=s))


def paris(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=clock.PARIS)


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("2026-11-23 10:00", "2026-11-24 10:00"),  # Monday to Tuesday
        ("2026-11-23 16:59", "2026-11-24 16:59"),
        ("2026-11-23 07:30", "2026-11-23 17:00"),  # before opening: from 9:00
        ("2026-11-23 17:00", "2026-11-24 17:00"),  # closed: from the next opening
        ("2026-11-20 16:00", "2026-11-23 16:00"),  # Friday to Monday
        ("2026-11-20 18:30", "2026-11-23 17:00"),
        ("2026-11-21 11:00", "2026-11-23 17:00"),  # Saturday
        ("2026-11-10 15:00", "2026-11-12 15:00"),  # 11 November between
        ("2026-11-11 10:00", "2026-11-12 17:00"),  # on 11 November
        ("2026-12-24 16:00", "2026-12-28 16:00"),  # Christmas Day is a Friday
        ("2026-12-25 09:00", "2026-12-28 17:00"),
        ("2026-10-23 12:00", "2026-10-26 12:00"),  # the clocks go back between
    ],
)
def test_an_answer_is_promised_within_one_working_day(received: str, expected: str) -> None:
    assert rules.answer_by(paris(received), Service.SALES, HOUSE) == paris(expected)


def test_each_service_has_its_own_target() -> None:
    house = replace(HOUSE, answer_days={"sales": 1, "after_sales": 2, "accounting": 5})
    received = paris("2026-11-23 10:00")
    assert rules.answer_by(received, Service.AFTER_SALES, house) == paris("2026-11-25 10:00")
    assert rules.answer_by(received, Service.ACCOUNTING, house) == paris("2026-11-30 10:00")


def test_our_own_closing_days_do_not_count() -> None:
    house = replace(HOUSE, closing_days=frozenset({dt.date(2026, 11, 24)}))
    assert rules.answer_by(paris("2026-11-23 10:00"), Service.SALES, house) == paris("2026-11-25 10:00")


@pytest.mark.parametrize(
    ("now", "minutes"),
    [
        ("2026-11-23 10:00", 480),
        ("2026-11-23 13:40", 260),
        ("2026-11-23 22:00", 60),
        ("2026-11-24 10:00", 0),
        ("2026-11-24 11:10", -70),
        ("2026-11-28 12:00", -(420 + 3 * 480)),  # a Saturday: late by the working time alone
    ],
)
def test_time_left_is_counted_in_working_hours(now: str, minutes: int) -> None:
    assert rules.working_minutes(paris(now), paris("2026-11-24 10:00"), HOUSE) == minutes


@given(INSTANTS, st.integers(0, 20_000))
def test_a_deadline_falls_into_desk_hours_and_keeps_its_minutes(start: dt.datetime, minutes: int) -> None:
    end = rules.add_working_minutes(start, minutes, HOUSE)
    wall = clock.in_paris(end)
    assert dates.is_working_day(wall.date())
    assert dt.time(9) <= wall.time() <= dt.time(17)
    assert rules.working_minutes(start, end, HOUSE) == minutes


@given(INSTANTS, INSTANTS, INSTANTS)
def test_working_time_adds_up(a: dt.datetime, b: dt.datetime, c: dt.datetime) -> None:
    first, middle, last = sorted((a, b, c))
    whole = rules.working_minutes(first, last, HOUSE)
    parts = rules.working_minutes(first, middle, HOUSE) + rules.working_minutes(middle, last, HOUSE)
    assert abs(whole - parts) <= 1  # each is rounded to the minute
    assert rules.working_minutes(last, first, HOUSE) == -whole


def test_an_answered_thread_waits_and_any_reply_opens_it_again() -> None:
    assert rules.TRANSITIONS[ThreadState.OPEN][Action.ANSWER] is ThreadState.WAITING_FOR_CUSTOMER
    for state in set(ThreadState) - {ThreadState.MERGED}:
        assert rules.TRANSITIONS[state][Action.WRITE] is ThreadState.OPEN


def test_a_closed_thread_is_neither_taken_nor_handed_on() -> None:
    for action in (Action.TAKE, Action.TRANSFER, Action.CLOSE):
        assert action not in rules.TRANSITIONS[ThreadState.CLOSED]


@pytest.mark.parametrize("service", Service)
def test_bank_details_open_to_accounting_alone(service: Service) -> None:
    assert rules.opens_files(bank_details=True, service=service) is (service is Service.ACCOUNTING)
    assert rules.opens_files(bank_details=False, service=service)
