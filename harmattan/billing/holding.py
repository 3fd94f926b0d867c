"""Invoiced copies that are on their way back: held, so that nothing else credits them meanwhile (R99).

Every change is conditional on what the database holds at that moment: of two slips that want the same last
copy, one is refused.
"""

import datetime as dt
from collections.abc import Collection, Sequence

import sqlalchemy as sa

from harmattan.billing.models import Document, DocumentLine
from harmattan.billing.rules import Kind
from harmattan.core import database
from harmattan.core.extensions import db


def hold(line_id: int, quantity: int) -> bool:
    """Keep so many copies of an invoiced line for a credit note to come; whether they were still free."""
    return _changed(DocumentLine.id == line_id, quantity <= DocumentLine.free_quantity, by=quantity)


def release(line_id: int, quantity: int) -> bool:
    """Let go of held copies: they are credited now, or do not come back after all."""
    return _changed(DocumentLine.id == line_id, quantity <= DocumentLine.held_quantity, by=-quantity)


def _changed(*conditions: sa.ColumnElement[bool], by: int) -> bool:
    held = DocumentLine.held_quantity + by
    return bool(database.changed_rows(sa.update(DocumentLine).where(*conditions).values(held_quantity=held)))


_INVOICED = (
    sa.select(
        DocumentLine.id,
        DocumentLine.isbn,
        DocumentLine.designation,
        DocumentLine.quantity,
        DocumentLine.free_quantity.label("free"),
        DocumentLine.net_unit_micros,
        DocumentLine.vat_bp,
        DocumentLine.price_cents,
        Document.number,
        Document.issued_on,
        Document.collected_at_counter,
    )
    .join(DocumentLine.document)
    .where(DocumentLine.account_id == sa.bindparam("account_id"), Document.kind == Kind.INVOICE)
)
_OF_ISBNS = _INVOICED.where(DocumentLine.isbn.in_(sa.bindparam("isbns", expanding=True)))


def invoiced(account_id: int, isbns: Collection[str]) -> Sequence[sa.Row]:
    """The account's invoiced lines of these ISBN, each with what of it is `free`, in one statement."""
    if not isbns:
        return ()
    return db.session.execute(_OF_ISBNS, {"account_id": account_id, "isbns": list(isbns)}).all()


_BETWEEN = _INVOICED.where(
    Document.account_id == DocumentLine.account_id,
    Document.issued_on.between(sa.bindparam("earliest"), sa.bindparam("latest")),
    DocumentLine.isbn != "",
)


def invoiced_between(account_id: int, earliest: dt.date, latest: dt.date) -> Sequence[sa.Row]:
    """The account's invoiced lines of these days."""
    asked = {"account_id": account_id, "earliest": earliest, "latest": latest}
    return db.session.execute(_BETWEEN, asked).all()
