"""Dates, weights, prices and rates, whatever is typed into a message."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.imports import rules, values

days = st.dates(values.EARLIEST, values.LATEST)


@given(days)
def test_a_day_is_itself(day: dt.date) -> None:
    assert values.date(f"{day:%Y%m%d}", "00") == day
    assert values.date(f"{day:%Y%m%d}") == day
    assert values.date(f"{day:%Y%m%d}T0600", "13") == day


@given(days)
def test_a_month_and_a_year_are_their_first_day(day: dt.date) -> None:
    assert values.date(f"{day:%Y%m}", "01") == day.replace(day=1)
    assert values.date(f"{day:%Y}", "05") == day.replace(month=1, day=1)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("20260230", "00"),
        ("202613", "01"),
        ("2026", "00"),
        ("20260101", "05"),
        ("20260101", "20"),
        ("٢٠٢٦", "05"),
    ],
)
def test_no_date_is_none(text: str, form: str) -> None:
    assert values.date(text, form) is None


@given(st.text(max_size=30), st.sampled_from(["", "00", "01", "05", "13", "99"]))
def test_any_text_is_a_date_or_none(text: str, form: str) -> None:
    found = values.date(text, form)
    assert found is None or values.EARLIEST <= found <= values.LATEST


@given(st.integers(1, values.HEAVIEST_G))
def test_grams_and_kilograms_agree(grams: int) -> None:
    assert values.weight_g(str(grams), "gr") == grams
    assert values.weight_g(str(Decimal(grams) / 1000), "kg") == grams


@pytest.mark.parametrize(
    ("text", "unit", "grams"), [("320.5", "gr", 321), ("0,32", "kg", 320), ("11", "oz", None)]
)
def test_weights_round_half_up_and_other_units_are_none(text: str, unit: str, grams: int | None) -> None:
    assert values.weight_g(text, unit) == grams


@given(st.text(max_size=30), st.sampled_from(["gr", "kg", ""]))
def test_any_text_is_a_weight_or_none(text: str, unit: str) -> None:
    found = values.weight_g(text, unit)
    assert found is None or 0 < found <= values.HEAVIEST_G


@given(st.integers(1, values.LARGEST_PRICE_CENTS))
def test_a_price_is_exact_to_the_cent(cents: int) -> None:
    assert values.price_cents(str(Decimal(cents) / 100)) == cents
    assert values.price_cents(f"{cents // 100},{cents % 100:02}") == cents


@given(st.text(max_size=30))
def test_any_text_is_a_price_or_a_fault(text: str) -> None:
    try:
        cents = values.price_cents(text)
    except ValueError:
        return
    assert 0 < cents <= values.LARGEST_PRICE_CENTS


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e30", "-5", "10000000000", "1_000_000_000"])
def test_odd_numbers_are_no_prices(text: str) -> None:
    with pytest.raises(ValueError, match="prix"):
        values.price_cents(text)


@pytest.mark.parametrize(
    ("text", "rate"), [("5.5", 550), ("20", 2000), ("0", 0), ("5.555", None), ("101", None), ("x", None)]
)
def test_rates_in_basis_points(text: str, rate: int | None) -> None:
    assert values.rate_bp(text) == rate


MOMENTS = [dt.datetime(2026, 11, day, tzinfo=dt.UTC) for day in (1, 2)]


@pytest.mark.parametrize(
    ("number", "sent", "last_number", "last_sent", "older"),
    [
        (11, None, 12, None, True),
        (12, None, 12, None, False),
        (13, None, 12, None, False),
        (None, MOMENTS[0], None, MOMENTS[1], True),
        (None, MOMENTS[1], None, MOMENTS[0], False),
        (1, MOMENTS[1], 99, MOMENTS[0], False),
        (11, MOMENTS[0], 12, MOMENTS[0], True),
        (None, None, 12, MOMENTS[0], False),
    ],
)
def test_a_message_is_older_by_its_date_else_by_its_number(
    number: int | None,
    sent: dt.datetime | None,
    last_number: int | None,
    last_sent: dt.datetime | None,
    older: bool,
) -> None:
    assert rules.is_older(number, sent, last_number, last_sent) is older
