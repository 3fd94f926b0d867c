"""When our phones are answered."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.core import clock, desk
from harmattan.core.settings import House
from tests.browser import fold

HOUSE = House()


def always(_: dt.date) -> House:
    return HOUSE


def paris(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=clock.PARIS)


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-11-23T10:00", "ouvert jusqu'à 17 h"),
        ("2026-11-23T08:59", "fermé, réouverture aujourd'hui à 9 h"),
        ("2026-11-23T09:00", "ouvert jusqu'à 17 h"),
        ("2026-11-23T17:00", "fermé, réouverture demain à 9 h"),
        ("2026-11-20T18:30", "fermé, réouverture lundi à 9 h"),
        ("2026-11-22T12:00", "fermé, réouverture demain à 9 h"),
        ("2026-11-10T18:00", "fermé, réouverture jeudi à 9 h"),  # 11 November is a holiday
    ],
)
def test_the_desk_says_when_it_answers(now: str, said: str) -> None:
    assert fold(desk.opening_text(paris(now), always)) == said


def test_our_own_closing_days_count() -> None:
    closed = House(closing_days=frozenset(dt.date(2026, 12, day) for day in range(24, 32)))
    text = desk.opening_text(paris("2026-12-23T17:30"), lambda _: closed)
    assert fold(text) == "fermé, réouverture le lundi 4 janvier 2027 à 9 h"


def test_hours_that_begin_tomorrow_are_told_the_evening_before() -> None:
    def later_from_tuesday(day: dt.date) -> House:
        return HOUSE if day < dt.date(2026, 11, 24) else House(desk_opens=dt.time(10, 30))

    text = desk.opening_text(paris("2026-11-23T18:00"), later_from_tuesday)
    assert fold(text) == "fermé, réouverture demain à 10 h 30"
    assert fold(desk.opening_text(paris("2026-11-23T08:00"), later_from_tuesday)).endswith(
        "aujourd'hui à 9 h"
    )


@given(st.integers(0, 2 * 365 * 24 * 60))
def test_the_desk_is_open_when_it_opens_next(minutes: int) -> None:
    now = paris("2026-01-01T00:00") + dt.timedelta(minutes=minutes)
    opening = desk.next_opening(now, always)
    assert opening >= now
    assert desk.is_open(opening, HOUSE)
    assert desk.is_open(now, HOUSE) == (opening == now)
