"""A payment that came back, or that was entered by mistake, is undone; the shop may be told (R82)."""

import datetime as dt

import sqlalchemy as sa

from harmattan.access.models import User
from harmattan.billing import allocation
from harmattan.billing.models import Allocation, Document, Payment
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.outbox import service as outbox
from harmattan.payments import service as payments


def reverse(payment: Payment, on: dt.date, by: User, *, tell: bool) -> None:
    """Its invoices are open again; both entries stay on the statement.

    With `tell` the shop reads which ones. Raises `NotEnoughLeft` where it was undone meanwhile.
    """
    its = sa.select(Allocation.invoice_id).where(Allocation.payment_id == payment.id)
    invoices = sa.select(Document).where(Document.id.in_(its)).order_by(Document.due_on, Document.id)
    settled = db.session.scalars(invoices).all()
    allocation.undo_payment(payment, on, by.name)
    payments.undo(payment, by.name)
    if tell:
        outbox.queue(
            "payment_reversed", payment.account.email, service=Service.ACCOUNTING,
            account_id=payment.account_id, reference=payment.reference, payment=payment, reopened=settled,
        )  # fmt: skip
