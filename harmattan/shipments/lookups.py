"""Parcels as pages and mails show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import abort, url_for
from sqlalchemy.orm import contains_eager, joinedload, load_only, selectinload

from harmattan.catalogue.models import Title
from harmattan.catalogue.rules import Availability
from harmattan.conversations.models import Thread
from harmattan.conversations.rules import ThreadState
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.worklist import Work
from harmattan.orders.models import Order, OrderLine
from harmattan.orders.rules import TO_SEND
from harmattan.shipments.models import Parcel, ParcelLine, Shipment

LATEST, MOST_PRESSING = 30, 100
_READY = sa.exists().where(OrderLine.order_id == Order.id, OrderLine.reserved > OrderLine.shipped)
WHOLE = (
    joinedload(Shipment.order).joinedload(Order.account),
    joinedload(Shipment.order).selectinload(Order.lines),
    selectinload(Shipment.parcels).selectinload(Parcel.lines).joinedload(ParcelLine.order_line),
)
"""What a delivery note says of a shipment."""
_OF_DISPUTE = (Thread.reference, Thread.state, Thread.answer_by)


@dataclass(frozen=True)
class ShownParcel:
    """A parcel with what became of its gap."""

    parcel: Parcel
    dispute: Thread | None
    """The message about it, of which its reference, state and promise are read."""

    @property
    def is_settled(self) -> bool:
        return self.dispute is not None and self.dispute.state is ThreadState.CLOSED

    @property
    def copies(self) -> int:
        return sum(line.quantity for line in self.parcel.lines)

    @property
    def label(self) -> str:
        """Its state in words."""
        if self.is_settled:
            return "Écart traité"
        if self.parcel.carrier == "comptoir" and self.parcel.received_at is None:
            return "Au comptoir"
        return self.parcel.state.label

    @property
    def tone(self) -> str:
        return "fait" if self.is_settled else self.parcel.state.tone


def of_order(order_id: int) -> list[ShownParcel]:
    """The order's parcels, the first one first."""
    whole = (joinedload(Parcel.shipment), joinedload(Parcel.lines).joinedload(ParcelLine.order_line))
    rows = (
        sa.select(Parcel, Thread)
        .outerjoin(Thread, Thread.reference == Parcel.thread_reference)
        .where(Parcel.order_id == order_id)
        .order_by(Parcel.number)
        .options(*whole, load_only(*_OF_DISPUTE))
    )
    return [ShownParcel(parcel, dispute) for parcel, dispute in db.session.execute(rows).unique()]


def shown(parcel: Parcel) -> ShownParcel:
    """One parcel with what became of its gap."""
    about = sa.select(Thread).where(Thread.reference == parcel.thread_reference)
    has_gap = bool(parcel.thread_reference)
    return ShownParcel(parcel, db.session.scalar(about.options(load_only(*_OF_DISPUTE))) if has_gap else None)


def parcel_or_404(order: Order, number: int) -> Parcel:
    """One parcel of an order that may be seen."""
    found = db.session.scalar(
        sa.select(Parcel)
        .join(Parcel.shipment)
        .where(Parcel.order_id == order.id, Parcel.number == number)
        .options(
            contains_eager(Parcel.shipment), selectinload(Parcel.lines).joinedload(ParcelLine.order_line)
        )
    )
    return found if found is not None else abort(404)


def dispute(reference: str) -> Parcel | None:
    """The parcel that a message to after-sales is about."""
    return db.session.scalar(
        sa.select(Parcel)
        .where(Parcel.thread_reference == reference)
        .options(selectinload(Parcel.lines).joinedload(ParcelLine.order_line))
    )


def lost(lines: Iterable[OrderLine]) -> frozenset[int]:
    """Those of these lines (by id) whose title will never come any more."""
    line_of = {line.title_id: line.id for line in lines}
    ended = [each for each in Availability if not each.is_orderable]
    gone = sa.select(Title.id).where(Title.id.in_(line_of), Title.availability.in_(ended))
    return frozenset(line_of[title_id] for title_id in db.session.scalars(gone))


def work() -> Work:
    """Orders of which something is there to leave, late once their promised day is over, for after-sales."""
    one, many = "commande à expédier", "commandes à expédier"
    late = sa.func.count(sa.case((Order.promised_on < clock.today(), 1)))
    numbers = sa.select(sa.func.count(Order.id), late).where(Order.status.in_(TO_SEND), _READY)
    return Work(one, many, url_for("staff.shipments.index"), *db.session.execute(numbers).one())


def to_ship() -> Sequence[Order]:
    """What is to leave: validated orders of which something is there, the first promised first."""
    return db.session.scalars(
        sa.select(Order)
        .where(Order.status.in_(TO_SEND), _READY)
        .order_by(Order.promised_on.is_(None), Order.promised_on, Order.placed_at)
        .limit(MOST_PRESSING)
        .options(joinedload(Order.account))
    ).all()


def latest() -> Sequence[Shipment]:
    """What left last, for staff."""
    return db.session.scalars(
        sa.select(Shipment)
        .order_by(Shipment.id.desc())
        .limit(LATEST)
        .options(joinedload(Shipment.order).joinedload(Order.account), selectinload(Shipment.parcels))
    ).all()
