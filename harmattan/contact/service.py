"""Send what was written in the contact form to the service that answers it (R100)."""

from collections.abc import Sequence
from typing import ClassVar

from harmattan.billing.models import Document
from harmattan.contact.rules import Subject
from harmattan.conversations import service as conversations
from harmattan.conversations.attachments import NewFile
from harmattan.conversations.models import Thread
from harmattan.conversations.service import Writer
from harmattan.core.errors import Refusal
from harmattan.core.settings import house
from harmattan.core.typography import moment
from harmattan.faq import rules as faq
from harmattan.faq.rules import Place
from harmattan.orders.models import Order
from harmattan.orders.service import standing_of
from harmattan.quotes.models import Quote
from harmattan.shipments.lookups import ShownParcel, of_order


class TooLate(Refusal):
    """A validated order is not changed any more (R51–R53)."""

    title: ClassVar[str] = "Cette commande ne peut plus être modifiée"


def too_late(subject: Subject | None, order: Order | None) -> str:
    """Why this order is not changed any more, or nothing where it still may be (R50–R53, R86)."""
    if subject is not Subject.CHANGE or order is None or not order.status.is_validated:
        return ""
    since = order.validated_at or order.status_since
    return f"La commande {order.reference} est validée depuis le {moment(since)} : elle est définitive."


def known(subject: Subject | None, order: Order | None) -> list[str]:
    """What the portal already knows about this order, said before anybody is written to."""
    if subject is None or order is None or not subject.route.asks_for_order or too_late(subject, order):
        return []
    standing = standing_of(order)
    said = [
        f"Votre commande {order.reference} : {standing.state.lower()} depuis le {moment(standing.since)}."
    ]
    if subject in (Subject.TRACKING, Subject.COMPLAINT):
        said += [_whereabouts(shown) for shown in of_order(order.id)]
    return [*said, standing.door] if standing.door else said


def answered_by(subject: Subject | None, order: Order | None) -> Place | None:
    """The answer that the form proposes before it sends: of this order, or the question of the subject."""
    if subject is None or too_late(subject, order):
        return None
    if order is not None and subject.route.asks_for_order:
        return Place(faq.ORDER_STATE, subject.value)
    question = faq.fitting(subject.value)
    return Place(question.slug, subject.value) if question else None


def _whereabouts(shown: ShownParcel) -> str:
    parcel = shown.parcel
    number = f", n° {parcel.tracking_number}" if parcel.tracking_number else ""
    return f"Colis {parcel.number}, {parcel.carrier_label}{number} : {shown.label.lower()}."


def send(
    writer: Writer,
    subject: Subject,
    body: str,
    *,
    about: Order | Document | Quote | None = None,
    files: Sequence[NewFile] = (),
) -> Thread:
    """Open a thread at the subject's service and acknowledge it by mail; raises `TooLate`.

    `about` is the order, the quote or the invoice that it concerns (R71).
    """
    order = about if isinstance(about, Order) else None
    number = about.number if isinstance(about, Document) else about.reference if about else ""
    if reason := too_late(subject, order):
        raise TooLate(reason)
    thread = conversations.open_thread(
        writer,
        subject.service(house().subject_services),
        subject=subject.value,
        title=subject.label,
        body=body,
        about=number,
        files=files,
        bank_details=subject is Subject.LCR,
    )
    conversations.acknowledge(thread)
    return thread
