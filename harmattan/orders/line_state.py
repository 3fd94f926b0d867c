"""Where a line of an order stands, in words (R67): what its quantities mean. Pure."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from harmattan.cart.rules import BackorderPolicy, stock_sentence
from harmattan.catalogue.rules import Availability
from harmattan.core.typography import plural
from harmattan.orders.rules import Status


class Line(Protocol):
    """What is known of it."""

    quantity: int
    backorder_policy: BackorderPolicy
    reserved: int
    shipped: int
    cancelled: int
    expected_on: dt.date | None

    @property
    def remaining(self) -> int: ...


@dataclass(frozen=True)
class Now:
    """What the catalogue says today of a line whose copies nobody has put aside yet."""

    availability: Availability
    is_orderable: bool
    expected_on: dt.date | None
    at_once: int
    """How many of its copies are there."""


@dataclass(frozen=True)
class LineState:
    label: str
    tone: str
    expected_on: dt.date | None = None
    """When what is missing is expected."""


def state_of(line: Line, status: Status, now: Now | None = None) -> LineState:
    """« 3 en préparation, 2 notés », « Expédié »; before validation what there is of it `now`."""
    if line.cancelled == line.quantity:
        return LineState("Annulé", "err")
    if now and not status.is_validated:
        return _as_of_now(line, now)
    if not line.remaining:
        return LineState("Expédié", "fait")
    noted = noted_of(line)
    if not noted:
        return LineState("En préparation", "cours")
    aside = line.remaining - noted
    said = plural(noted, "noté")
    return LineState(f"{aside} en préparation, {said}" if aside else said, "att", line.expected_on)


def _as_of_now(line: Line, now: Now) -> LineState:
    """What would become of it if it were validated today."""
    label, missing = now.availability.label, line.quantity - now.at_once
    if not missing:
        return LineState(label, now.availability.tone)
    if line.backorder_policy is BackorderPolicy.SKIP or not now.is_orderable:
        some = plural(now.at_once, "disponible") if now.availability.ships_from_stock else label
        lost = plural(missing, "ne sera pas livré", "ne seront pas livrés")
        return LineState(f"{some}, {lost}", "att" if now.at_once else "err")
    if now.availability.ships_from_stock:
        return LineState(
            stock_sentence(line.quantity, now.at_once, line.backorder_policy), "att", now.expected_on
        )
    return LineState(label, now.availability.tone, now.expected_on)


def noted_of(line: Line) -> int:
    """The copies still to come that are not there yet (« reliquat »); the others have been put aside."""
    return min(line.remaining, line.quantity - line.cancelled - line.reserved)
