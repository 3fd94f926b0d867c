"""Territories, VAT, weights, fees, earliest dates (domain.md §1, §5.4, §8)."""

import datetime as dt
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.core import clock, dates
from harmattan.deliveries import rules
from harmattan.deliveries.rules import Delays, DeliveryMode

DELAYS = Delays(dt.time(12), 1, {"standard": 2, "express": 1, "prisme": 2, "counter": 0})
DAY = dt.date(2026, 11, 23)


def at(*parts: int) -> dt.datetime:
    """On a Paris wall clock."""
    year, month, day, hour = parts
    return dt.datetime(year, month, day, hour, tzinfo=clock.PARIS)


_INSTANTS = st.datetimes(
    at(2026, 1, 1, 0).replace(tzinfo=None),
    at(2030, 12, 31, 0).replace(tzinfo=None),
    timezones=st.just(clock.PARIS),
)


def bands() -> list[SimpleNamespace]:
    return [band(1_000, 590), band(5_000, 850), band(10_000, 1190), band(30_000, 1990)]


def band(up_to_g: int, fee_cents: int, **validity: dt.date) -> SimpleNamespace:
    facts = {"valid_from": dt.date(2026, 1, 1), "valid_until": None} | validity
    return SimpleNamespace(up_to_g=up_to_g, fee_cents=fee_cents, **facts)


def test_a_missing_weight_is_estimated_from_pages_and_format() -> None:
    assert rules.copy_weight(320, 200, "BC") == 320
    assert rules.copy_weight(None, 200, "BC") == 100
    assert rules.copy_weight(None, 200, "BB") == 140
    assert rules.copy_weight(None, None, "BC") == 125


@pytest.mark.parametrize(
    ("books_g", "expected"),
    [(0, 0), (1, 590), (952, 590), (953, 850), (4_761, 850), (4_762, 1190), (28_571, 1990)],
)
def test_the_fee_is_that_of_the_weight_band_with_packaging(books_g: int, expected: int) -> None:
    assert rules.carriage(DeliveryMode.STANDARD, bands(), books_g, DAY).fee_cents == expected


def test_beyond_the_last_band_the_fee_is_computed_at_validation_and_says_why() -> None:
    carriage = rules.carriage(DeliveryMode.STANDARD, bands(), 28_572, DAY)
    assert (carriage.fee_cents, carriage.reason) == (None, "plus de 30 kg, emballage compris")
    assert rules.carriage(DeliveryMode.PRISME, [], 100, DAY).reason == "pas de tarif pour cette destination"


def test_collecting_at_the_counter_is_free_whatever_the_weight() -> None:
    assert rules.carriage(DeliveryMode.COUNTER, [], 90_000, DAY).fee_cents == 0


def test_the_newest_tariff_in_force_that_day_counts() -> None:
    old = band(30_000, 500, valid_until=dt.date(2026, 11, 30))
    new = band(30_000, 700, valid_from=dt.date(2026, 11, 24))
    later = band(30_000, 900, valid_from=dt.date(2027, 1, 1))
    fees = {
        day: rules.carriage(DeliveryMode.STANDARD, [old, new, later], 100, day).fee_cents
        for day in (dt.date(2025, 1, 1), DAY, dt.date(2026, 11, 24), dt.date(2027, 1, 1))
    }
    assert list(fees.values()) == [None, 500, 700, 900]


@given(st.integers(1, 28_000), st.integers(0, 28_000))
def test_a_heavier_parcel_never_costs_less(weight: int, more: int) -> None:
    light = rules.carriage(DeliveryMode.STANDARD, bands(), weight, DAY).fee_cents
    heavy = rules.carriage(DeliveryMode.STANDARD, bands(), min(weight + more, 28_000), DAY).fee_cents
    assert light is not None
    assert heavy is not None
    assert light <= heavy


@pytest.mark.parametrize(
    ("ordered_at", "mode", "expected"),
    [
        (at(2026, 11, 23, 10), DeliveryMode.STANDARD, dt.date(2026, 11, 26)),
        (at(2026, 11, 23, 12), DeliveryMode.STANDARD, dt.date(2026, 11, 27)),
        (at(2026, 11, 9, 14), DeliveryMode.STANDARD, dt.date(2026, 11, 16)),
        (at(2026, 11, 23, 10), DeliveryMode.EXPRESS, dt.date(2026, 11, 25)),
        (at(2026, 11, 23, 10), DeliveryMode.PRISME, dt.date(2026, 11, 26)),
        (at(2026, 11, 23, 10), DeliveryMode.COUNTER, dt.date(2026, 11, 24)),
        (at(2026, 11, 21, 9), DeliveryMode.STANDARD, dt.date(2026, 11, 26)),
        (at(2026, 12, 23, 15), DeliveryMode.EXPRESS, dt.date(2026, 12, 29)),
    ],
)
def test_the_earliest_day_counts_cut_off_preparation_and_road(
    ordered_at: dt.datetime, mode: DeliveryMode, expected: dt.date
) -> None:
    assert rules.earliest_delivery(ordered_at, mode, DELAYS) == expected


def test_our_closing_days_push_the_earliest_day() -> None:
    closed = Delays(DELAYS.cut_off, 1, DELAYS.transit_days, frozenset({dt.date(2026, 11, 24)}))
    ordered_at = at(2026, 11, 23, 10)
    assert rules.earliest_delivery(ordered_at, DeliveryMode.STANDARD, closed) == dt.date(2026, 11, 27)


@given(_INSTANTS, st.sampled_from(list(DeliveryMode)))
def test_the_earliest_day_is_a_working_day_to_come(ordered_at: dt.datetime, mode: DeliveryMode) -> None:
    earliest = rules.earliest_delivery(ordered_at, mode, DELAYS)
    assert dates.is_working_day(earliest)
    assert earliest > ordered_at.date()


@given(
    _INSTANTS,
    st.timedeltas(dt.timedelta(0), dt.timedelta(days=30)),
)
def test_ordering_later_never_delivers_earlier(ordered_at: dt.datetime, wait: dt.timedelta) -> None:
    first = rules.earliest_delivery(ordered_at, DeliveryMode.STANDARD, DELAYS)
    assert rules.earliest_delivery(ordered_at + wait, DeliveryMode.STANDARD, DELAYS) >= first
