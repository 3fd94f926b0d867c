"""What may come back: the window, the oldest invoice first, never more than was invoiced (R89, R99)."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.returns import rules
from harmattan.returns.rules import Lot, Reason, Status, Verdict

TODAY = dt.date(2026, 11, 23)
MONTHS = 24


def lot(
    invoiced_on: dt.date, left: int, *, invoiced: int | None = None, line_id: int = 1, collected: bool = False
) -> Lot:
    number = f"FA-{invoiced_on.year}-{line_id:06}"
    return Lot(line_id, number, invoiced_on, invoiced or left, left, 15_168_000, 550, collected)


@pytest.mark.parametrize(
    ("invoiced_on", "today", "possible"),
    [
        (dt.date(2024, 11, 22), dt.date(2026, 11, 22), True),
        (dt.date(2024, 11, 21), dt.date(2026, 11, 22), False),
        (dt.date(2024, 2, 29), dt.date(2026, 2, 28), True),
        (dt.date(2024, 2, 29), dt.date(2026, 3, 1), False),
        (dt.date(2024, 8, 31), dt.date(2026, 8, 31), True),
    ],
)
def test_the_window_is_24_calendar_months_its_last_day_included(
    invoiced_on: dt.date, today: dt.date, possible: bool
) -> None:
    assert rules.returnable(invoiced_on, today, MONTHS) is possible


def asked(wished: int, *lots: Lot, today: dt.date = TODAY) -> Verdict:
    return rules.verdict("9782343000015", wished, lots, today, MONTHS)


F1, F3 = lot(dt.date(2024, 11, 23), 4, line_id=1), lot(dt.date(2026, 3, 10), 7, invoiced=10, line_id=3)


def test_the_oldest_invoice_that_is_in_time_comes_first() -> None:
    found = asked(8, F3, F1)
    assert [(part.lot.invoice, part.quantity) for part in found.parts] == [(F1.invoice, 4), (F3.invoice, 4)]
    assert [part.until for part in found.parts] == [TODAY, dt.date(2028, 3, 10)]
    assert (found.possible, found.reason) == (11, None)


def test_the_next_day_what_was_on_the_oldest_is_out() -> None:
    assert asked(8, F1, F3, today=dt.date(2026, 11, 24)).possible == 7


def test_more_than_is_left_is_refused_with_the_maximum() -> None:
    found = asked(12, F1, F3)
    assert (found.reason, found.parts) == (Reason.TOO_MANY, ())
    assert found.sentence.startswith("11 au maximum")


def test_too_old_says_since_when() -> None:
    found = asked(2, lot(dt.date(2024, 11, 22), 5))
    assert found.reason is Reason.TOO_OLD
    assert found.sentence == "trop tard depuis le 22 novembre 2026"


def test_never_invoiced_and_all_back_are_told_apart() -> None:
    assert asked(1).reason is Reason.NEVER_INVOICED
    assert asked(1, lot(dt.date(2026, 3, 10), 0, invoiced=10)).reason is Reason.ALL_BACK


def test_only_what_was_collected_may_be_handed_in_at_the_counter() -> None:
    collected = lot(dt.date(2026, 9, 15), 6, line_id=4, collected=True)
    assert asked(6, collected).at_counter
    assert not asked(8, F1, collected).at_counter


def test_what_leaves_its_window_is_listed_the_most_pressing_first() -> None:
    soon = lot(dt.date(2024, 12, 20), 2, line_id=2)
    found = rules.leaving([F3, soon, F1, lot(dt.date(2024, 12, 1), 0)], TODAY, MONTHS, within=30)
    assert [(each.lot.line_id, each.days) for each in found] == [(1, 0), (2, 27)]


days = st.dates(dt.date(2022, 1, 1), dt.date(2026, 11, 23))
lots = st.lists(
    st.builds(
        lambda on, invoiced, gone, line_id: lot(
            on, max(invoiced - gone, 0), invoiced=invoiced, line_id=line_id
        ),
        days,
        st.integers(1, 30),
        st.integers(0, 30),
        st.integers(1, 10_000),
    ),
    max_size=8,
    unique_by=lambda each: each.line_id,
)


@given(lots, st.integers(1, 200))
def test_never_more_than_is_left_never_out_of_time_and_oldest_first(known: list[Lot], wished: int) -> None:
    found = asked(wished, *known)
    taken = sum(part.quantity for part in found.parts)
    assert taken == (0 if found.reason else wished)
    assert all(0 < part.quantity <= part.lot.left and part.until >= TODAY for part in found.parts)
    in_time = sum(each.left for each in known if rules.returnable(each.invoiced_on, TODAY, MONTHS))
    assert found.possible == in_time
    assert (found.reason is None) is (wished <= in_time)
    dates = [part.lot.invoiced_on for part in found.parts]
    assert dates == sorted(dates)
    untouched = [each for each in known if each.left and each not in [part.lot for part in found.parts]]
    if found.parts:
        assert all(
            each.invoiced_on >= dates[-1] or not rules.returnable(each.invoiced_on, TODAY, MONTHS)
            for each in untouched
        )


def test_every_state_is_named_and_has_its_place_in_the_table() -> None:
    assert set(rules.TRANSITIONS) == set(Status)
    assert all(status.label for status in Status)
