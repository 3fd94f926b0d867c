"""Record what leaves for an order: parcels, delivery note, quantities, the mail to the shop (R63, R67)."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence

import sqlalchemy as sa

from harmattan.core import audit, clock, numbering
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.core.settings import house
from harmattan.core.typography import plural
from harmattan.deliveries import service as deliveries
from harmattan.deliveries.rules import DeliveryMode
from harmattan.orders import progress
from harmattan.orders.models import Order
from harmattan.orders.service import Actor, standing_of
from harmattan.outbox import service as outbox
from harmattan.shipments import counted, rest, rules
from harmattan.shipments.models import Parcel, ParcelLine, Shipment
from harmattan.shipments.rules import NewParcel

SHIPPERS = (Service.AFTER_SALES, Service.SALES)
"""Who records what leaves: after-sales, whom the warehouse reports to, and sales."""


class TooEarly(Refusal):
    """Nothing arrives before « Pas de livraison avant le », partials included (R63)."""

    title = "Cet envoi arriverait trop tôt"


class AlreadyRecorded(Refusal):
    """A carrier gives a number once: this parcel is in the portal already."""

    title = "Ce colis est déjà enregistré"


class Overtaken(Refusal):
    """A colleague recorded a shipment of this order since the page was shown."""

    title = "Un envoi a été enregistré entre-temps"


def record(
    order: Order,
    parcels: Sequence[NewParcel],
    by: Actor,
    *,
    delivery_on: dt.date,
    seen: int | None = None,
    is_confirmed: bool = True,
) -> Shipment:
    """Parcels leave for an order, and the shop is told; `seen` is how many shipments the page showed.

    `is_confirmed`: the warehouse answers for copies that our stock does not count. Raises `TooEarly`,
    `AlreadyRecorded`, `Overtaken`, `MoreThanCounted`, and what `orders.progress.record_shipment` raises.
    """
    lines = progress.hold(order)
    before = shipments_of(order)
    if seen is not None and seen != before:
        raise Overtaken("Un collègue a enregistré un envoi de cette commande : relisez ce qui reste.")
    if reason := rules.too_early(delivery_on, order.not_before, order.mode, deliveries.delays()):
        raise TooEarly(reason)
    _refuse_known(parcels)
    copies: Counter[int] = Counter()
    for parcel in parcels:
        copies.update(parcel.copies)
    if not is_confirmed and (said := counted.beyond(lines, copies)):
        raise counted.MoreThanCounted(f"{' ; '.join(said)}. Corrigez, ou faites confirmer par l’entrepôt.")
    text = f"{plural(len(parcels), 'colis', 'colis')}, {plural(copies.total(), 'exemplaire')}"
    cancelled = {line.id: line.cancelled for line in lines.values()}
    progress.record_shipment(order, copies, by, delivery_on=delivery_on, text=text)
    cut = {line.id: line.cancelled - cancelled[line.id] for line in lines.values()}
    rest.credit(order, {line_id: count for line_id, count in cut.items() if count})
    shipment = Shipment(
        reference=numbering.next_reference("BL", clock.today()),
        account_id=order.account_id,
        order_id=order.id,
        number=before + 1,
        left_at=clock.now(),
        recorded_by=by.name,
        delivery_on=delivery_on,
        address=order.address,
        remaining={str(line.id): line.remaining for line in lines.values() if line.remaining},
        parcels=_parcels(order, parcels),
    )
    db.session.add(shipment)
    db.session.flush()
    audit.record("shipments.record", shipment.reference, actor=by.name, account_id=order.account_id)
    _tell_the_shop(shipment)
    return shipment


def shipments_of(order: Order) -> int:
    """How many shipments have left for the order."""
    return db.session.scalar(sa.select(sa.func.count()).where(Shipment.order_id == order.id)) or 0


def usual_carrier(order: Order) -> str:
    """Who takes the order's parcels if nobody says otherwise."""
    fitting = {
        DeliveryMode.COUNTER: "comptoir",
        DeliveryMode.PRISME: "prisme",
        DeliveryMode.EXPRESS: "chronopost",
    }
    known = list(house().carriers)
    wished = fitting.get(order.mode, known[0])
    return wished if wished in known else known[0]


def _refuse_known(parcels: Sequence[NewParcel]) -> None:
    numbers = [(each.carrier, each.tracking_number) for each in parcels if each.tracking_number]
    known = (
        sa.select(Parcel.tracking_number, Order.reference)
        .join(Order, Order.id == Parcel.order_id)
        .where(sa.tuple_(Parcel.carrier, Parcel.tracking_number).in_(numbers))
    )
    for number, reference in db.session.execute(known) if numbers else ():
        raise AlreadyRecorded(f"Le colis {number} est déjà enregistré, pour la commande {reference}.")
    if twice := [number for (_, number), times in Counter(numbers).items() if times > 1]:
        raise AlreadyRecorded(f"Le numéro {twice[0]} est donné à deux colis : chacun a le sien.")


def _parcels(order: Order, parcels: Sequence[NewParcel]) -> list[Parcel]:
    last = db.session.scalar(sa.select(sa.func.max(Parcel.number)).where(Parcel.order_id == order.id)) or 0
    return [
        Parcel(
            order_id=order.id,
            number=number,
            carrier=parcel.carrier,
            tracking_number=parcel.tracking_number,
            weight_g=parcel.weight_g,
            lines=[ParcelLine(order_line_id=line, quantity=count) for line, count in parcel.copies.items()],
        )
        for number, parcel in enumerate(parcels, last + 1)
    ]


def _tell_the_shop(shipment: Shipment) -> None:
    order = shipment.order
    outbox.queue(
        "parcels_left",
        order.placed_by.email,
        service=Service.AFTER_SALES,
        account_id=order.account_id,
        reference=order.reference,
        order=order,
        shipment=shipment,
        standing=standing_of(order),
        remaining=[line for line in order.lines if line.remaining],
    )
