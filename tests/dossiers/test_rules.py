"""Which months can be asked for, and what the files of a dossier are called."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.dossiers import rules

TODAY = dt.date(2026, 11, 23)


@given(st.dates(dt.date(2016, 1, 1), TODAY))
def test_a_month_is_all_its_days(day: dt.date) -> None:
    first, last = rules.month(f"{day:%Y-%m}", TODAY) or (TODAY, TODAY)
    assert first.day == 1
    assert (last + dt.timedelta(days=1)).day == 1
    assert first <= day <= last


@pytest.mark.parametrize("text", ["", "2026-13", "2026", "septembre", "2026-12", "../../x"])
def test_what_is_no_month_or_has_not_begun_is_none(text: str) -> None:
    assert rules.month(text, TODAY) is None


def test_months_are_named_as_people_say_them() -> None:
    assert [rules.of_month(dt.date(2026, month, 1)) for month in (4, 8, 9, 10)] == [
        *("d’avril 2026", "d’août 2026", "de septembre 2026", "d’octobre 2026")
    ]


def test_duplicates_are_sorted_by_month_in_any_folder() -> None:
    assert rules.duplicate_name(dt.date(2026, 9, 15), "FA-2026-000004") == "2026-09_FA-2026-000004.pdf"
