"""What will never come of an order that has left in part: no longer waited for, and credited (R67)."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from harmattan.access.models import User
from harmattan.billing import drafts
from harmattan.billing import service as billing
from harmattan.billing.drafts import Credit, Draft
from harmattan.billing.models import Document, DocumentLine
from harmattan.core import database, jobs
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.orders import progress
from harmattan.orders.models import Order, OrderLine
from harmattan.orders.service import standing_of
from harmattan.outbox import service as outbox
from harmattan.outbox.attachments import Attached
from harmattan.shipments.models import Shipment
from harmattan.shipments.reception import deliver_if_complete

JOB = "shipments.credit_rest"


def give_up(order: Order, line_id: int, by: User) -> None:
    """A title that will never come is no longer waited for; what was invoiced of it is credited.

    Raises what `orders.progress.cancel_rest` raises.
    """
    lines = progress.hold(order)
    missing = lines[line_id].remaining if line_id in lines else 0
    last = sa.select(sa.func.max(Shipment.delivery_on)).where(Shipment.order_id == order.id)
    text = progress.cancel_rest(order, line_id, by, delivery_on=db.session.scalar(last))
    deliver_if_complete(order, by)
    credit(order, {line_id: missing})
    outbox.queue(
        "rest_cancelled",
        order.placed_by.email,
        service=Service.AFTER_SALES,
        account_id=order.account_id,
        reference=order.reference,
        order=order,
        standing=standing_of(order),
        text=text,
    )


def credit(order: Order, copies: Mapping[int, int]) -> None:
    """So many copies of these lines (by id) were invoiced and will not come: the worker credits them."""
    if order.invoice_number and copies:
        lines = {str(line_id): count for line_id, count in copies.items()}
        jobs.enqueue(JOB, {"order": order.reference, "copies": lines})


def send_credit(payload: dict[str, Any]) -> None:
    """Issue and mail the credit note of copies that will not come; set outside the writing transaction."""
    db.session.commit()
    database.reading()
    try:
        order = db.session.scalars(sa.select(Order).filter_by(reference=payload["order"])).one()
        draft = _draft(order, {int(line_id): count for line_id, count in payload["copies"].items()})
    finally:
        database.writing()
    number = billing.issue(draft, "le portail").number
    outbox.queue(
        "rest_credited",
        order.placed_by.email,
        service=Service.ACCOUNTING,
        account_id=order.account_id,
        reference=order.reference,
        attached=[Attached("billing.document_file", number, f"{number}.pdf")],
        order=order,
        number=number,
        lines=draft.facts.lines,
    )


def _draft(order: Order, copies: Mapping[int, int]) -> Draft:
    """What these copies come to, at the price and VAT rate invoiced."""
    whole = sa.select(Document).filter_by(number=order.invoice_number).options(selectinload(Document.lines))
    invoice = db.session.scalars(whole).one()
    lines = db.session.scalars(sa.select(OrderLine).where(OrderLine.id.in_(copies))).all()
    credits = [Credit(invoice, _invoiced(invoice, line), copies[line.id]) for line in lines]
    return drafts.credit_note(order.account, credits, reason=f"Commande {order.reference}, non livrés")


def _invoiced(invoice: Document, line: OrderLine) -> DocumentLine:
    return next(
        each
        for each in invoice.lines
        if (each.isbn, each.net_unit_micros) == (line.isbn, line.net_unit_micros)
    )
