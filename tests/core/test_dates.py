"""Working days (R25), and dates as people type them (R108)."""

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.core import dates

MONDAY = dt.date(2026, 11, 23)
days = st.dates(dt.date(2000, 1, 1), dt.date(2100, 12, 31))


@pytest.mark.parametrize(
    ("filed", "answered_by"),
    [
        (dt.date(2026, 11, 22), dt.date(2026, 12, 1)),
        (dt.date(2026, 11, 6), dt.date(2026, 11, 18)),
        (dt.date(2026, 12, 21), dt.date(2026, 12, 31)),
        (dt.date(2026, 4, 30), dt.date(2026, 5, 13)),
    ],
)
def test_seven_working_days_skip_week_ends_and_public_holidays(filed: dt.date, answered_by: dt.date) -> None:
    assert dates.add_working_days(filed, 7) == answered_by


def test_a_year_has_eleven_public_holidays() -> None:
    assert len(dates.public_holidays(2026)) == 11
    assert dt.date(2026, 11, 11) in dates.public_holidays(2026)


def test_our_own_closing_days_do_not_work_either() -> None:
    closed = [dt.date(2026, 11, 24)]
    assert not dates.is_working_day(closed[0], closed)
    assert dates.add_working_days(MONDAY, 1, closed) == dt.date(2026, 11, 25)
    assert dates.next_working_day(closed[0], closed) == dt.date(2026, 11, 25)
    assert dates.previous_working_day(closed[0], closed) == MONDAY


def test_the_days_of_a_window_are_counted_with_both_ends() -> None:
    assert dates.working_days_between(dt.date(2026, 12, 1), dt.date(2026, 12, 4)) == 4
    assert dates.working_days_between(dt.date(2026, 12, 5), dt.date(2026, 12, 6)) == 0
    assert dates.working_days_between(dt.date(2026, 12, 4), dt.date(2026, 12, 1)) == 0


@pytest.mark.parametrize(
    "typed",
    [
        "2026-12-04",
        "04/12/2026",
        "4/12/26",
        "04-12-2026",
        "04.12.26",
        "4 12 2026",
        "4/12",
        "4 décembre 2026",
        "4 déc. 2026",
        "4 dec",
        "vendredi 4 décembre",
        " 4  DÉCEMBRE\u00a02026 ",
    ],
)
def test_every_usual_form_gives_the_same_day(typed: str) -> None:
    assert dates.parse_date(typed, MONDAY) == dt.date(2026, 12, 4)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("aujourd'hui", MONDAY),
        ("Aujourd’hui", MONDAY),
        ("demain", dt.date(2026, 11, 24)),
        ("après-demain", dt.date(2026, 11, 25)),
        ("lundi", dt.date(2026, 11, 30)),
        ("mardi", dt.date(2026, 11, 24)),
        ("1er décembre", dt.date(2026, 12, 1)),
        ("23/11", MONDAY),
        ("22/11", dt.date(2027, 11, 22)),
        ("5 janvier", dt.date(2027, 1, 5)),
        ("3 juin", dt.date(2027, 6, 3)),
        ("3 juil.", dt.date(2027, 7, 3)),
    ],
)
def test_without_a_year_it_is_the_next_such_day(typed: str, day: dt.date) -> None:
    assert dates.parse_date(typed, MONDAY) == day


@pytest.mark.parametrize(
    "typed", ["30/02/2026", "2026-02-30", "32/01/2026", "12/13/2026", "0/1/2026", "29/02/2027", "4 zorg 2026"]
)
def test_a_day_that_does_not_exist_is_quoted(typed: str) -> None:
    with pytest.raises(dates.UnreadableDate, match=f"Vérifiez la date « {typed} »"):
        dates.parse_date(typed, MONDAY)


@pytest.mark.parametrize("typed", ["", "bientôt", "04/12/20266", "4", "12/2026", "1" * 100_000])
def test_other_text_gets_an_example(typed: str) -> None:
    with pytest.raises(dates.UnreadableDate, match="par exemple 04/12/2026"):
        dates.parse_date(typed, MONDAY)


def test_a_month_that_could_be_two_is_not_guessed() -> None:
    with pytest.raises(dates.UnreadableDate):
        dates.parse_date("3 jui", MONDAY)


@given(days)
def test_any_day_is_read_back_from_each_written_form(day: dt.date) -> None:
    for written in (
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day:%d-%m-%Y}",
        f"{day.day} {day.month} {day.year}",
    ):
        assert dates.parse_date(written, MONDAY) == day


@given(st.text())
def test_any_text_is_a_date_or_is_refused(typed: str) -> None:
    with contextlib.suppress(dates.UnreadableDate):
        assert isinstance(dates.parse_date(typed, MONDAY), dt.date)


@given(days, st.integers(0, 30))
def test_so_many_working_days_later_lie_so_many_working_days_between(day: dt.date, count: int) -> None:
    later = dates.add_working_days(day, count)
    assert dates.working_days_between(day + dt.timedelta(days=1), later) == count
