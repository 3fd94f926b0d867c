"""The statement of an account between two days: what was issued and received, and the balance (R70)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from harmattan.billing.models import Document, Payment
from harmattan.billing.rules import Kind
from harmattan.core import money
from harmattan.core.extensions import db

EXPORT_HEADER = ("Date", "Pièce", "Échéance", "Débit", "Crédit", "Solde")


@dataclass(frozen=True)
class Entry:
    """An invoice (debit), a credit note or a payment (credit), in cents, and the balance after it."""

    on: dt.date
    label: str
    number: str
    """Of a document; empty for a payment."""
    due_on: dt.date | None
    amount_cents: int
    """Positive where it is owed to us."""
    balance_cents: int = 0

    @property
    def debit_cents(self) -> int:
        return max(self.amount_cents, 0)

    @property
    def credit_cents(self) -> int:
        return max(-self.amount_cents, 0)


@dataclass(frozen=True)
class Statement:
    first: dt.date
    last: dt.date
    opening_cents: int
    entries: Sequence[Entry]

    @property
    def closing_cents(self) -> int:
        return self.entries[-1].balance_cents if self.entries else self.opening_cents


def balanced(first: dt.date, last: dt.date, entries: Sequence[Entry]) -> Statement:
    """The statement of all that happened up to the last day, in its order: what came before opens it."""
    balance = opening = sum(entry.amount_cents for entry in entries if entry.on < first)
    told = []
    for entry in (each for each in entries if first <= each.on <= last):
        balance += entry.amount_cents
        told.append(Entry(entry.on, entry.label, entry.number, entry.due_on, entry.amount_cents, balance))
    return Statement(first, last, opening, told)


def statement(account_id: int, first: dt.date, last: dt.date) -> Statement:
    """The account's statement from the first to the last day, both counted; two queries."""
    columns = (Document.issued_on, Document.kind, Document.number, Document.due_on, Document.total_cents)
    documents = db.session.execute(
        sa.select(*columns)
        .where(Document.account_id == account_id, Document.issued_on <= last)
        .order_by(Document.issued_on, Document.id)
    )
    payments = db.session.scalars(
        sa.select(Payment)
        .where(Payment.account_id == account_id, Payment.received_on <= last)
        .order_by(Payment.received_on, Payment.id)
    )
    entries = [
        Entry(
            row.issued_on,
            _label(row.kind, row.number),
            row.number,
            row.due_on,
            row.kind.sign * row.total_cents,
        )
        for row in documents
    ]
    entries += [
        Entry(each.received_on, f"{each.means.label} {each.reference}", "", None, -each.amount_cents)
        for each in payments
    ]
    return balanced(first, last, sorted(entries, key=lambda entry: entry.on))


def _label(kind: Kind, number: str) -> str:
    return f"{kind.label} {number}"


def export_rows(told: Statement) -> list[tuple[str, ...]]:
    """The statement for a spreadsheet, amounts in euros; header in `EXPORT_HEADER`."""
    opening = (f"{told.first:%d/%m/%Y}", "Solde d’ouverture", "", "", "", _euros(told.opening_cents))
    rows = [
        (
            f"{entry.on:%d/%m/%Y}",
            entry.label,
            f"{entry.due_on:%d/%m/%Y}" if entry.due_on else "",
            _euros(entry.debit_cents) if entry.debit_cents else "",
            _euros(entry.credit_cents) if entry.credit_cents else "",
            _euros(entry.balance_cents),
        )
        for entry in told.entries
    ]
    closing = (f"{told.last:%d/%m/%Y}", "Solde de clôture", "", "", "", _euros(told.closing_cents))
    return [opening, *rows, closing]


def _euros(cents: int) -> str:
    return f"{money.euros(cents):.2f}".replace(".", ",")
