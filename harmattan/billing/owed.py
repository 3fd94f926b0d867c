"""What an account owed on a day, and what is left of it: sums that the database adds up."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from harmattan.billing.models import Allocation, Document, Payment
from harmattan.billing.rules import Kind
from harmattan.core import clock
from harmattan.core.extensions import db


def signed(cents: Any) -> sa.Case[int]:
    """What a column of a document, in cents, adds to the balance of its account."""
    return sa.case((Document.kind == Kind.INVOICE, cents), else_=-cents)


def balance_before(account_id: int, day: dt.date) -> int:
    """What the account owed when that day began, negative where it had credit."""
    documents = sa.select(sa.func.coalesce(sa.func.sum(signed(Document.total_cents)), 0)).where(
        Document.account_id == account_id, Document.issued_on < day
    )
    payments = sa.select(sa.func.coalesce(sa.func.sum(Payment.amount_cents), 0)).where(
        Payment.account_id == account_id,
        Payment.received_on < day,
        sa.or_(Payment.undone_on.is_(None), Payment.undone_on >= day),
    )
    return db.session.scalar(sa.select(documents.scalar_subquery() - payments.scalar_subquery())) or 0


def left_of(account_id: int, last: dt.date) -> int:
    """What is left today of the documents up to that day, less the payments that settle nothing yet."""
    documents = sa.select(sa.func.coalesce(sa.func.sum(signed(Document.open_cents)), 0)).where(
        Document.account_id == account_id, Document.open_cents > 0, Document.issued_on <= last
    )
    payments = sa.select(sa.func.coalesce(sa.func.sum(Payment.open_cents), 0)).where(
        Payment.account_id == account_id, Payment.open_cents > 0
    )
    return db.session.scalar(sa.select(documents.scalar_subquery() - payments.scalar_subquery())) or 0


def by_due_date(account_id: int, on: dt.date) -> list[tuple[dt.date | None, int]]:
    """What was owed of invoices on that day, by due date: what is left now, and what was settled since."""
    invoices = (Document.account_id == account_id, Document.kind == Kind.INVOICE, Document.issued_on <= on)
    left = sa.select(Document.due_on, sa.func.sum(Document.open_cents))
    rows = db.session.execute(left.where(*invoices, Document.open_cents > 0).group_by(Document.due_on))
    found = [(due_on, cents) for due_on, cents in rows]
    return found if on >= clock.today() else found + _settled_since(invoices, on)


def _settled_since(
    invoices: Sequence[sa.ColumnElement[bool]], on: dt.date
) -> list[tuple[dt.date | None, int]]:
    credit_note = aliased(Document)
    settled_on = sa.func.coalesce(Payment.received_on, credit_note.issued_on)
    rows = (
        sa.select(Document.due_on, sa.func.sum(Allocation.amount_cents))
        .join(Allocation, Allocation.invoice_id == Document.id)
        .outerjoin(Payment, Allocation.payment_id == Payment.id)
        .outerjoin(credit_note, Allocation.credit_note_id == credit_note.id)
        .where(*invoices, settled_on > on)
        .group_by(Document.due_on)
    )
    return [(due_on, cents) for due_on, cents in db.session.execute(rows)]
