"""Where a line of an order stands, in words (R67): what its quantities mean. Pure."""

from dataclasses import dataclass
from typing import Protocol

from harmattan.catalogue.rules import Availability
from harmattan.core.typography import plural
from harmattan.orders.rules import Status


class Line(Protocol):
    """What is known of it."""

    quantity: int
    reserved: int
    shipped: int
    cancelled: int
    availability: Availability

    @property
    def remaining(self) -> int: ...


@dataclass(frozen=True)
class LineState:
    label: str
    tone: str


def state_of(line: Line, status: Status) -> LineState:
    """« 3 en préparation, 2 notés », « Expédié »; before validation what was said when it was ordered."""
    if line.cancelled == line.quantity:
        return LineState("Annulé", "err")
    if not status.is_validated:
        return LineState(line.availability.label, line.availability.tone)
    if not line.remaining:
        return LineState("Expédié", "fait")
    noted = noted_of(line)
    if not noted:
        return LineState("En préparation", "cours")
    aside = line.remaining - noted
    said = plural(noted, "noté")
    return LineState(f"{aside} en préparation, {said}" if aside else said, "att")


def noted_of(line: Line) -> int:
    """The copies still to come that are not there yet (« reliquat »); the others have been put aside."""
    return min(line.remaining, line.quantity - line.cancelled - line.reserved)
