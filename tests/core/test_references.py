"""References as people type them, and pages of a list."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.core import references
from harmattan.core.paging import Sheet

TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "series", "meant"),
    [
        ("FA-2026-000123", ("FA", "AV"), ("FA-2026-000123",)),
        (" fa 2026 123 ", ("FA", "AV"), ("FA-2026-000123",)),
        ("2026-123", ("FA", "AV"), ("FA-2026-000123", "AV-2026-000123")),
        ("7", ("CMD",), ("CMD-2026-000007", "CMD-2025-000007", "CMD-2024-000007")),
        ("CMD-2026-000123", ("FA", "AV"), ()),
        ("Salon", ("FA",), ()),
        ("", ("FA",), ()),
    ],
)
def test_a_reference_is_read_as_people_type_it(
    typed: str, series: tuple[str, ...], meant: tuple[str, ...]
) -> None:
    assert references.meant(typed, series, TODAY) == meant


@given(st.sampled_from(("FA", "AV", "CMD")), st.integers(2000, 2099), st.integers(1, 999_999))
def test_what_is_written_is_read_again(series: str, year: int, number: int) -> None:
    written = references.written(series, year, number)
    assert references.meant(written, ("FA", "AV", "CMD"), TODAY) == (written,)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading(text: str) -> None:
    references.meant(text, ("FA",), TODAY)


@given(st.integers(-5, 50), st.integers(0, 400), st.integers(1, 60))
def test_a_page_that_is_asked_for_exists(wished: int, line_count: int, length: int) -> None:
    sheet = Sheet.of(wished, line_count, length)
    assert 1 <= sheet.number <= sheet.last
    assert sheet.offset < max(line_count, 1)
    assert sheet.has_next is (sheet.offset + length < line_count)
    assert sheet.has_previous is (sheet.offset > 0)
