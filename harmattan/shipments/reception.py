"""Parcels that arrive: all there, or with copies missing or damaged, which after-sales hear of (R65, J9)."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from harmattan.access.models import User
from harmattan.conversations import service as conversations
from harmattan.conversations.attachments import NewFile
from harmattan.conversations.models import Thread
from harmattan.conversations.service import Writer
from harmattan.core import audit, clock, database
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.isbn import hyphenated
from harmattan.core.services import Service
from harmattan.core.typography import plural
from harmattan.orders import progress
from harmattan.orders.models import Order
from harmattan.orders.rules import Status
from harmattan.shipments.models import Parcel, ParcelLine
from harmattan.shipments.rules import TRANSITIONS, Action, Gap, ParcelState

SUBJECT = "reclamation"
"""The contact form's word for it."""


class AlreadyToldOf(Refusal):
    """Its arrival has been told, or its gap reported: what comes after goes into the message."""

    title = "La réception de ce colis est déjà notée"


class MoreThanSent(Refusal):
    """No more copies can be missing or damaged than were in the parcel."""

    title = "Il y avait moins d’exemplaires dans ce colis"


def receive(order: Order, parcel: Parcel, by: User) -> None:
    """Everything of this parcel has arrived; the order is delivered with its last one."""
    progress.hold(order)
    _act(parcel, Action.RECEIVE, by)
    deliver_if_complete(order, by)


def report(
    order: Order,
    parcel: Parcel,
    by: User,
    gaps: Mapping[int, Gap],
    *,
    comment: str = "",
    files: Sequence[NewFile] = (),
) -> Thread:
    """« Signaler un écart »: a message to after-sales with order, parcel and lines (by id), and photos (J9).

    Raises `AlreadyToldOf` or `MoreThanSent`.
    """
    progress.hold(order)
    wrong = [(line, gaps[line.id]) for line in parcel.lines if any(gaps.get(line.id, ()))]
    if not wrong or any(sum(gap) > line.quantity for line, gap in wrong):
        raise MoreThanSent("Comptez les exemplaires manquants et abîmés parmi ceux du colis.")
    _act(parcel, Action.DISPUTE, by)
    for line, gap in wrong:
        line.missing, line.damaged = gap
    thread = conversations.open_thread(
        Writer.of(by),
        Service.AFTER_SALES,
        subject=SUBJECT,
        title=f"Écart à la réception, colis {parcel.number}",
        body=_body(parcel, [line for line, _ in wrong], comment),
        about=order.reference,
        files=files,
    )
    parcel.thread_reference = thread.reference
    conversations.acknowledge(thread)
    deliver_if_complete(order, by)
    return thread


def deliver_if_complete(order: Order, by: User) -> None:
    """The order is delivered once everything has left and every parcel has arrived."""
    on_the_way = sa.exists().where(Parcel.order_id == order.id, Parcel.state == ParcelState.SENT)
    if order.status is Status.SHIPPED and not db.session.scalar(sa.select(on_the_way)):
        progress.deliver(order, by, f"Réception notée par {by.name}")


def _act(parcel: Parcel, action: Action, by: User) -> None:
    """The only writer of a parcel's state; of two who tell of its arrival one is heard."""
    target = TRANSITIONS[parcel.state].get(action)
    moved = (
        sa.update(Parcel)
        .where(Parcel.id == parcel.id, Parcel.state == parcel.state)
        .values(
            state=target,
            received_at=parcel.received_at or clock.now(),
            received_by=parcel.received_by or by.name,
        )
    )
    if target is None or not database.changed_rows(moved):
        db.session.refresh(parcel)
        raise AlreadyToldOf(
            f"Colis {parcel.number} : {parcel.state.label.lower()}, noté par {parcel.received_by}."
            " Complétez par un message au service après-vente."
        )
    db.session.refresh(parcel)
    shipment = parcel.shipment
    audit.record(
        f"shipments.{action}",
        shipment.reference,
        actor=by.name,
        account_id=shipment.account_id,
        parcel=parcel.number,
    )


def _body(parcel: Parcel, lines: Sequence[ParcelLine], comment: str) -> str:
    head = f"Commande {parcel.shipment.order.reference}, colis {parcel.number} ({parcel.carrier_label}"
    head += f" {parcel.tracking_number})" if parcel.tracking_number else ")"
    said = [
        f"- {line.order_line.title} ({hyphenated(line.order_line.isbn)}) :"
        f" {plural(line.quantity, 'expédié')},"
        f" {line.quantity - line.missing - line.damaged} en bon état, {plural(line.missing, 'manquant')},"
        f" {plural(line.damaged, 'abîmé')}"
        for line in lines
    ]
    return "\n".join([head, *said, *(["", comment] if comment else [])])
