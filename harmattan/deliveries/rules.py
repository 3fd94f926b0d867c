"""Delivery modes, weights, fees, earliest dates (R83–R85; domain.md §8)."""

import datetime as dt
import enum
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from harmattan.core import dates

PACKAGING_PERCENT = 5
"""What parcels weigh beyond the books."""

COUNTER_TRANSIT = 0

GRAMS_A_PAGE = 0.5
PAGES_WHEN_UNKNOWN = 250
HARDBACK_FACTOR = 1.4
HARDBACK_FORMS = ("BB",)


class DeliveryMode(enum.StrEnum):
    STANDARD = "standard"
    EXPRESS = "express"
    PRISME = "prisme"
    COUNTER = "counter"

    @property
    def label(self) -> str:
        return _LABELS[self][0]

    @property
    def short(self) -> str:
        """Its word in a sentence: « Port HT, express »."""
        return _LABELS[self][1]

    @property
    def is_collected(self) -> bool:
        """Collected by the bookseller at our counter."""
        return self is DeliveryMode.COUNTER


_LABELS = {
    DeliveryMode.STANDARD: ("Transporteur, livraison à la librairie", "transporteur"),
    DeliveryMode.EXPRESS: ("Express, livraison à la librairie", "express"),
    DeliveryMode.PRISME: ("Flux Prisme", "Prisme"),
    DeliveryMode.COUNTER: ("Retrait au comptoir", "comptoir"),
}

CARRIED = tuple(mode for mode in DeliveryMode if not mode.is_collected)
"""The modes that a carrier is paid for, in the order of the cart."""

Grid = Mapping[DeliveryMode, Mapping[int, int]]
"""What carriage costs: by mode, the fee HT (cents) of parcels up to so many grams."""


def copy_weight(weight_g: int | None, pages: int | None, form: str) -> int:
    """The weight of a copy in grams, estimated from its pages where the record has none."""
    if weight_g:
        return weight_g
    factor = HARDBACK_FACTOR if form in HARDBACK_FORMS else 1
    return math.ceil(GRAMS_A_PAGE * (pages or PAGES_WHEN_UNKNOWN) * factor)


def shipped_weight(books_g: int) -> int:
    """The weight a carrier charges: books and packaging, in grams."""
    return math.ceil(books_g * (100 + PACKAGING_PERCENT) / 100)


class Band(Protocol):
    """One weight band of a tariff."""

    up_to_g: int
    fee_cents: int
    valid_from: dt.date
    valid_until: dt.date | None


@dataclass(frozen=True)
class Carriage:
    """What a delivery costs HT in cents, or why it is « calculés à la validation » (R85)."""

    fee_cents: int | None
    reason: str = ""


def carriage(mode: DeliveryMode, bands: Collection[Band], books_g: int, day: dt.date) -> Carriage:
    """The fee of books of this weight, by the tariff in force that day (R84); collecting costs nothing."""
    if mode.is_collected or books_g == 0:
        return Carriage(0)
    covering = in_force(bands, day)
    if not covering:
        return Carriage(None, "pas de tarif pour cette destination")
    weight_g = shipped_weight(books_g)
    fitting = [band for band in covering if weight_g <= band.up_to_g]
    if not fitting:
        heaviest_kg = max(band.up_to_g for band in covering) // 1000
        return Carriage(None, f"plus de {heaviest_kg} kg, emballage compris")
    return Carriage(min(fitting, key=lambda band: band.up_to_g).fee_cents)


def in_force(bands: Iterable[Band], day: dt.date) -> list[Band]:
    """The newest tariff that covers the day."""
    covering = [
        band
        for band in bands
        if band.valid_from <= day and (band.valid_until is None or day <= band.valid_until)
    ]
    newest = max((band.valid_from for band in covering), default=None)
    return [band for band in covering if band.valid_from == newest]


@dataclass(frozen=True)
class Delays:
    """What the house promises: cut-off (Paris time), working days of preparation and on the road."""

    cut_off: dt.time
    preparation_days: int
    transit_days: dict[str, int]
    closed: frozenset[dt.date] = frozenset()


def earliest_delivery(ordered_at: dt.datetime, mode: DeliveryMode, delays: Delays) -> dt.date:
    """The first day a delivery may arrive; `ordered_at` is on a Paris wall clock (J6).

    An order placed after the cut-off, or on a day off, counts from the next working day.
    """
    day = ordered_at.date()
    if ordered_at.time() >= delays.cut_off:
        day += dt.timedelta(days=1)
    return delivered_from(dates.next_working_day(day, delays.closed), mode, delays)


def delivered_from(ready_on: dt.date, mode: DeliveryMode, delays: Delays) -> dt.date:
    """When books that can be prepared from that day on arrive."""
    working_days = delays.preparation_days + delays.transit_days.get(mode.value, COUNTER_TRANSIT)
    return dates.add_working_days(ready_on, working_days, delays.closed)


def departure_for(arrival: dt.date, mode: DeliveryMode, delays: Delays) -> dt.date:
    """The last day on which parcels leave that arrive then, or on the first working day from then on."""
    day = dates.next_working_day(arrival, delays.closed)
    for _ in range(delays.transit_days.get(mode.value, COUNTER_TRANSIT)):
        day = dates.previous_working_day(day - dt.timedelta(days=1), delays.closed)
    return day


def arrival_of(departure: dt.date, mode: DeliveryMode, delays: Delays) -> dt.date:
    """When parcels arrive that leave that day."""
    return dates.add_working_days(
        departure, delays.transit_days.get(mode.value, COUNTER_TRANSIT), delays.closed
    )
