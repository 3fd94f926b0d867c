"""The statement of an account between two days: what was issued and received, and the balance (R70).

It is no invoice: it has no number, and is made anew whenever it is read (domain.md §9).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from harmattan.billing import ageing, lettering, owed
from harmattan.billing.models import Document, Payment
from harmattan.billing.rules import Kind
from harmattan.core import registry
from harmattan.core.extensions import db
from harmattan.core.paging import Sheet
from harmattan.core.typography import euros

LINES_A_PAGE = 100
LINES_SET_AT_ONCE = 300
PAYMENT_SERIES = "RG"
_DOCUMENT, _PAYMENT, _UNDONE = range(3)
"""What a row of a statement is."""


@dataclass(frozen=True)
class Entry:
    """An invoice (debit), a credit note or a payment (credit), in cents, and the balance after it."""

    on: dt.date
    kind: Kind | None
    """None for a payment."""
    number: str
    label: str
    """« Facture », « Avoir », « Virement », « LCR, impayé »…"""
    order_reference: str
    due_on: dt.date | None
    amount_cents: int
    """Positive where it is owed to us."""
    balance_cents: int
    letter: str

    @property
    def series(self) -> str:
        """FA, AV or RG."""
        return self.kind.series if self.kind else PAYMENT_SERIES

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
    closing_cents: int
    line_count: int
    sheet: Sheet
    entries: Sequence[Entry]
    """Those of the sheet."""
    ages: Sequence[int]
    """What was owed on the last day, by `ageing.AGES`."""
    to_pay_cents: int
    """What is left today of its documents, and of those before: nobody pays an old statement twice."""
    taken_cents: int = 0
    """Of that, what an LCR at the bank takes: it is not to be paid otherwise (R80)."""

    @property
    def is_long(self) -> bool:
        """Whether its paper takes longer to set than anybody waits."""
        return self.line_count > LINES_SET_AT_ONCE

    @property
    def instruction(self) -> str:
        """What is to be done about it, in one sentence."""
        by_lcr = f" {euros(self.taken_cents)} sont réglés par LCR." if self.taken_cents else ""
        if self.to_pay_cents:
            return f"À régler à ce jour : {euros(self.to_pay_cents)}.{by_lcr}"
        if by_lcr:
            return f"Rien n’est à régler autrement :{by_lcr}"
        if self.closing_cents > 0:
            return "Ce solde a été réglé depuis : rien n’est plus à payer sur ce relevé."
        return "Rien n’est à régler sur ce relevé."

    @property
    def carried_cents(self) -> int:
        """The balance before the first entry of the sheet."""
        first = next(iter(self.entries), None)
        return first.balance_cents - first.amount_cents if first else self.opening_cents

    @property
    def free_cents(self) -> int:
        """Credits and payments that settled nothing yet on the last day."""
        return sum(self.ages) - self.closing_cents


def statement(account_id: int, first: dt.date, last: dt.date, page: int | None = None) -> Statement:
    """The account's statement from the first to the last day, both counted: a page of it, or the whole."""
    moves = _moves(account_id, first, last)
    facts = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(moves.c.amount_cents), 0))
    count, moved_cents = db.session.execute(facts.select_from(moves)).one()
    opening_cents = owed.balance_before(account_id, first)
    closing_cents = opening_cents + moved_cents
    left_cents, taken_cents = max(owed.left_of(account_id, last), 0), _taken(account_id, last)
    sheet = Sheet.of(page, count, LINES_A_PAGE) if page else Sheet.of(1, count, max(count, 1))
    return Statement(
        first,
        last,
        opening_cents,
        closing_cents,
        count,
        sheet,
        _entries(account_id, moves, opening_cents, sheet),
        ageing.aged(owed.by_due_date(account_id, last), last),
        max(left_cents - taken_cents, 0),
        taken_cents,
    )


def _taken(account_id: int, last: dt.date) -> int:
    taken = registry.ask("lcr.taken", account_id) or {}
    return sum(each.cents for each in taken.values() if each.issued_on <= last)


def _moves(account_id: int, first: dt.date, last: dt.date) -> sa.Subquery:
    """Documents, payments and payments undone of these days as rows of one shape, in this order each day."""
    documents = sa.select(
        Document.issued_on.label("day"),
        sa.literal_column(str(_DOCUMENT)).label("sort"),
        Document.id,
        Document.kind,
        sa.type_coerce(sa.null(), Payment.means.type).label("means"),
        Document.number,
        Document.order_reference,
        Document.due_on,
        owed.signed(Document.total_cents).label("amount_cents"),
    ).where(Document.account_id == account_id, Document.issued_on.between(first, last))
    received = _payments(_PAYMENT, Payment.received_on, -Payment.amount_cents)
    undone = _payments(_UNDONE, Payment.undone_on, Payment.amount_cents)
    of_account = Payment.account_id == account_id
    return sa.union_all(
        documents,
        received.where(of_account, Payment.received_on.between(first, last)),
        undone.where(of_account, Payment.undone_on.between(first, last)),
    ).subquery()


def _payments(sort: int, day: Any, cents: Any) -> sa.Select[Any]:
    return sa.select(
        day,
        sa.literal_column(str(sort)),
        Payment.id,
        sa.null(),
        Payment.means,
        Payment.reference,
        sa.literal_column("''"),
        sa.null(),
        cents,
    )


def _entries(account_id: int, moves: sa.Subquery, opening_cents: int, sheet: Sheet) -> list[Entry]:
    order = (moves.c.day, moves.c.sort, moves.c.id)
    moved = sa.func.sum(moves.c.amount_cents).over(order_by=order).label("moved_cents")
    rows = sa.select(moves, moved).order_by(*order).offset(sheet.offset).limit(sheet.length)
    letters = lettering.letters(account_id)
    return [
        Entry(
            row.day,
            row.kind,
            row.number,
            row.means.undone_label if row.sort == _UNDONE else (row.kind or row.means).label,
            row.order_reference,
            row.due_on,
            row.amount_cents,
            opening_cents + row.moved_cents,
            letters.get((row.sort != _DOCUMENT, row.id), ""),
        )
        for row in db.session.execute(rows)
    ]
