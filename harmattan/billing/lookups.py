"""Documents, and what accounts owe, as pages and other areas look for them."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from harmattan.billing.models import Document, DocumentFile, Form, Payment
from harmattan.billing.rules import Kind
from harmattan.core.extensions import db
from harmattan.outbox.attachments import FileContent


def content(document: Document, form: Form) -> bytes:
    """The bytes of a document as they were issued."""
    its = (DocumentFile.document_id == document.id, DocumentFile.form == form)
    return db.session.scalars(sa.select(DocumentFile.content).where(*its)).one()


def document_file(number: str) -> FileContent | None:
    """The very bytes of a document, for the mail that carries it (R39)."""
    its = sa.select(DocumentFile.content).join(DocumentFile.document)
    found = db.session.scalar(its.where(Document.number == number, DocumentFile.form == Form.PDF))
    return FileContent(Form.PDF.mimetype, found) if found is not None else None


@dataclass(frozen=True)
class Balance:
    """What an account owes (TTC), credits and payments not yet used deducted (R82)."""

    owed_cents: int = 0
    overdue_cents: int = 0
    """Of invoices whose day has passed."""
    overdue_since: dt.date | None = None


def balances(account_ids: Collection[int], today: dt.date) -> dict[int, Balance]:
    """What each of these accounts owes, in two statements whatever their number."""
    late = sa.and_(Document.kind == Kind.INVOICE, Document.due_on < today)
    signed = sa.case((Document.kind == Kind.INVOICE, Document.open_cents), else_=-Document.open_cents)
    documents = (
        sa.select(
            Document.account_id,
            sa.func.sum(signed),
            sa.func.sum(sa.case((late, Document.open_cents), else_=0)),
            sa.func.min(sa.case((late, Document.due_on))),
        )
        .where(Document.account_id.in_(account_ids), Document.open_cents > 0)
        .group_by(Document.account_id)
    )
    payments = (
        sa.select(Payment.account_id, sa.func.sum(Payment.open_cents))
        .where(Payment.account_id.in_(account_ids), Payment.open_cents > 0)
        .group_by(Payment.account_id)
    )
    free = dict(db.session.execute(payments).all())
    return {
        account_id: Balance(max(owed - free.get(account_id, 0), 0), overdue, since)
        for account_id, owed, overdue, since in db.session.execute(documents)
    }
