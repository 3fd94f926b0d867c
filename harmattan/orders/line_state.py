"""Where a line of an order stands, in words (R67): what its five quantities mean. Pure."""

from dataclasses import dataclass
from typing import Protocol

from harmattan.catalogue.rules import Availability
from harmattan.core.typography import plural
from harmattan.orders.rules import Status


class Line(Protocol):
    """What is known of it."""

    quantity: int
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
    """« 2 notés », « En préparation », « Expédié »; before validation what was said when it was ordered."""
    if line.cancelled == line.quantity:
        return LineState("Annulé", "err")
    if not status.is_validated:
        return LineState(line.availability.label, line.availability.tone)
    if not line.remaining:
        return LineState("Expédié", "fait")
    if status is Status.PARTLY_SHIPPED or not line.availability.ships_from_stock:
        return LineState(plural(line.remaining, "noté"), "att")
    return LineState("En préparation", "cours")
