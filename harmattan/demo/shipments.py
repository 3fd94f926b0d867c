"""Parcels of the demonstration's orders: on their way, received, one of them with a gap in treatment."""

from harmattan.access.models import User
from harmattan.core import clock
from harmattan.deliveries import rules as delivery_rules
from harmattan.deliveries import service as deliveries
from harmattan.demo.past import working_days_ahead
from harmattan.orders import progress
from harmattan.orders.models import Order
from harmattan.orders.rules import Action
from harmattan.shipments import lookups, reception, service
from harmattan.shipments.rules import Gap, NewParcel

PLAYED = (Action.SHIP_PART, Action.SHIP, Action.DELIVER)
"""What parcels lead an order to."""
LEFT_OUT = 2
"""Copies of the last title that wait where an order leaves in part."""
WITH_A_GAP = "Vitrine maritime"


def play(order: Order, action: Action, by: User) -> None:
    """What became of the order's parcels: they left in part or whole, or have arrived."""
    if action is Action.DELIVER:
        _arrive(order)
    else:
        _leave(order, by, LEFT_OUT if action is Action.SHIP_PART else 0)


def put_aside(order: Order) -> None:
    """A validated order has what was on sale; the warehouse's count of the demonstration leaves it out."""
    if not order.status.is_validated:
        return
    for line in order.lines:
        line.reserved = line.quantity if line.availability.ships_from_stock else 0


def _leave(order: Order, by: User, left_out: int) -> None:
    copies = {line.id: line.remaining for line in order.lines}
    last = order.lines[-1]
    missing = min(left_out, last.remaining - 1)
    copies[last.id] -= missing
    last.reserved -= missing
    carrier = service.usual_carrier(order)
    number = "" if carrier in ("comptoir", "prisme") else f"6A{20_000_000_000 + order.id}"
    weight_g = delivery_rules.shipped_weight(order.weight_g)
    arrival = delivery_rules.arrival_of(clock.today(), order.mode, deliveries.delays())
    delivery_on = max(arrival, order.not_before or arrival)
    service.record(order, [NewParcel(carrier, number, weight_g, copies)], by, delivery_on=delivery_on)
    _announce(order)


def _announce(order: Order) -> None:
    waiting = [line.id for line in order.lines if line.remaining]
    if waiting:
        progress.announce(order, dict.fromkeys(waiting, working_days_ahead(13)))


def _arrive(order: Order) -> None:
    by = order.placed_by
    for shown in lookups.of_order(order.id):
        if order.own_reference == WITH_A_GAP:
            gaps = {shown.parcel.lines[0].id: Gap(0, 1)}
            reception.report(order, shown.parcel, by, gaps, comment="Un coin enfoncé, carton ouvert.")
        else:
            reception.receive(order, shown.parcel, by)
