"""What may still be credited of an invoice: copies of its lines, and amounts by VAT rate (R82; domain.md §4).

Copies on their way back are kept for the credit note of their return: nothing else takes their value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import load_only

from harmattan.billing.models import Document, DocumentLine
from harmattan.billing.rules import Kind, corrected_cents
from harmattan.core.extensions import db

MOST_LINES = 300
MOST_INVOICES = 50


@dataclass(frozen=True)
class Creditable:
    """What is left to credit of an invoice, as it was read."""

    invoice: Document
    lines: Sequence[DocumentLine]
    """Those of which copies are left; `MOST_LINES` at most."""
    by_rate: Mapping[int, int]
    """In cents HT by VAT rate (bp), carriage included; no rate of which nothing is left."""
    credited_cents: int
    """What credit notes had taken when this was read."""


def of_copies(line: DocumentLine, quantity: int) -> int:
    """What so many copies of an invoiced line give back, in cents HT."""
    left_quantity, left_cents = line.quantity - line.credited_quantity, line.line_cents - line.credited_cents
    return corrected_cents(quantity, line.net_unit_micros, left_quantity, left_cents)


def left_of(invoice: Document, isbn: str = "") -> Creditable:
    """What is left of an invoice; of its lines, with an ISBN those of it alone."""
    lines = sa.select(DocumentLine).where(
        DocumentLine.document_id == invoice.id, DocumentLine.free_quantity > 0
    )
    if isbn:
        lines = lines.where(DocumentLine.isbn == isbn)
    found = db.session.scalars(lines.order_by(DocumentLine.position).limit(MOST_LINES)).all()
    return Creditable(invoice, found, _by_rate(invoice), invoice.credited_cents)


def invoices_of(account_id: int) -> Sequence[Document]:
    """The account's latest invoices that are not wholly credited."""
    invoices = sa.select(Document).where(
        Document.account_id == account_id,
        Document.kind == Kind.INVOICE,
        Document.credited_cents < Document.net_cents,
    )
    listed = load_only(
        Document.number, Document.kind, Document.issued_on, Document.total_cents, Document.open_cents
    )
    latest = invoices.options(listed).order_by(Document.issued_on.desc(), Document.id.desc())
    return db.session.scalars(latest.limit(MOST_INVOICES)).all()


def _by_rate(invoice: Document) -> dict[int, int]:
    left = {share["rate_bp"]: share["basis_cents"] for share in invoice.vat}
    for rate_bp, cents in _taken(invoice):
        left[rate_bp] = left.get(rate_bp, 0) - cents
    most = invoice.net_cents - invoice.credited_cents
    return {rate_bp: min(cents, most) for rate_bp, cents in left.items() if min(cents, most) > 0}


def _taken(invoice: Document) -> list[tuple[int, int]]:
    """(VAT rate, cents) of what is credited, and of what is on its way back."""
    its = DocumentLine.document_id == invoice.id
    copies = sa.select(DocumentLine.vat_bp, sa.func.sum(DocumentLine.credited_cents)).where(its)
    amounts = sa.select(DocumentLine.vat_bp, sa.func.sum(DocumentLine.line_cents)).where(
        DocumentLine.cites_id == invoice.id
    )
    held = db.session.scalars(sa.select(DocumentLine).where(its, DocumentLine.held_quantity > 0)).all()
    sums = [db.session.execute(each.group_by(DocumentLine.vat_bp)).all() for each in (copies, amounts)]
    return [
        *((rate_bp, cents) for rows in sums for rate_bp, cents in rows),
        *((line.vat_bp, of_copies(line, line.held_quantity)) for line in held),
    ]
