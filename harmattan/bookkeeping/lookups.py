"""Sales and receipts of a period, as they were issued and received; read in pieces, however many they are."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from typing import Any

import sqlalchemy as sa

from harmattan.access.models import Account
from harmattan.billing import lettering
from harmattan.billing.models import Document, DocumentLine, Payment
from harmattan.billing.rules import Kind
from harmattan.bookkeeping import accounts, rules
from harmattan.bookkeeping.rules import Customer, Entry, Journal, Lettering, Receipt, Sale, Share
from harmattan.core import clock
from harmattan.core.extensions import db

AT_ONCE = 500
UNDONE = "-CP"
"""What the number of a payment ends with where it is undone (« contrepassation »)."""

Letters = Mapping[lettering.Piece, tuple[str, dt.date]]


@dataclass(frozen=True)
class Period:
    """Both days counted."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class Sum:
    """What a period holds of a kind of document, in cents; credit notes are positive here."""

    count: int = 0
    net_cents: int = 0
    total_cents: int = 0

    @property
    def vat_cents(self) -> int:
        return self.total_cents - self.net_cents


@dataclass(frozen=True)
class Held:
    """What a period holds: enough to compare with what the ledger's software says it took."""

    invoices: Sum
    credit_notes: Sum
    receipts: Sum
    undone: Sum
    """Payments that were undone: the bank took them back, or they were a mistake."""

    @property
    def is_empty(self) -> bool:
        return not any(each.count for each in (self.invoices, self.credit_notes, self.receipts, self.undone))


def held(period: Period) -> Held:
    """How many documents and payments, and what they come to."""
    sums = (sa.func.count(), sa.func.sum(Document.net_cents), sa.func.sum(Document.total_cents))
    issued = sa.select(Document.kind, *sums).where(_issued_in(period)).group_by(Document.kind)
    found = {kind: Sum(*rest) for kind, *rest in db.session.execute(issued)}
    return Held(
        invoices=found.get(Kind.INVOICE, Sum()),
        credit_notes=found.get(Kind.CREDIT_NOTE, Sum()),
        receipts=_sum_of_payments(_received_in(period)),
        undone=_sum_of_payments(_undone_in(period)),
    )


def _sum_of_payments(which: sa.ColumnElement[bool]) -> Sum:
    amount = sa.func.coalesce(sa.func.sum(Payment.amount_cents), 0)
    count, cents = db.session.execute(sa.select(sa.func.count(Payment.id), amount).where(which)).one()
    return Sum(count, cents, cents)


def entries(period: Period, journal: Journal | None = None) -> Iterator[Entry]:
    """The entries of the period, or of one journal, day by day; a piece that comes to nothing has no line."""
    numbers, letters = accounts.of_the_house(), _letters(period)
    sold = sales(period, letters) if journal is not Journal.RECEIPTS else ()
    received = _received(period, letters) if journal is not Journal.SALES else ()
    return merge(
        (rules.of_sale(sale, numbers) for sale in sold),
        (rules.of_receipt(receipt, numbers) for receipt in received),
        key=lambda entry: entry.on,
    )


def _received(period: Period, letters: Letters) -> Iterator[Receipt]:
    """What came, and what the bank took back, by day."""
    return merge(_receipts(period, letters), _undone(period), key=lambda each: each.received_on)


def sales(period: Period, letters: Letters | None = None) -> Iterator[Sale]:
    """Invoices and credit notes in the order in which they were issued."""
    rows = (
        sa.select(
            *(Document.id, Document.kind, Document.number, Document.issued_on, Document.due_on),
            *(Document.order_reference, Document.carriage_cents, Document.vat),
            *(Account.number.label("account"), Account.legal_name),
        )
        .join(Account)
        .where(_issued_in(period))
        .order_by(Document.issued_on, Document.id)
    )
    for some in db.session.execute(rows.execution_options(yield_per=AT_ONCE)).partitions():
        goods = _goods([row.id for row in some if row.carriage_cents and len(row.vat) > 1])
        for row in some:
            yield Sale(
                number=row.number,
                label=row.kind.label,
                sign=row.kind.sign,
                customer=Customer(row.account, row.legal_name),
                issued_on=row.issued_on,
                due_on=row.due_on,
                order_reference=row.order_reference,
                shares=_shares(row, goods.get(row.id)),
                lettering=_lettering(letters, False, row.id),
            )


def _goods(document_ids: Sequence[int]) -> Mapping[int, Mapping[int, int]]:
    """Goods HT by rate of these documents, whose carriage bears several rates."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    if document_ids:
        its = (DocumentLine.document_id, DocumentLine.vat_bp)
        rows = sa.select(*its, sa.func.sum(DocumentLine.line_cents)).group_by(*its)
        for document_id, rate_bp, cents in db.session.execute(
            rows.where(DocumentLine.document_id.in_(document_ids))
        ):
            found[document_id][rate_bp] = cents
    return found


def _shares(row: Any, goods: Mapping[int, int] | None) -> list[Share]:
    """What each rate contributes; without the goods of each, its one rate bears the whole carriage."""
    return [_share(each, row.carriage_cents, goods) for each in row.vat]


def _share(kept: Mapping[str, int], carriage_cents: int, goods: Mapping[int, int] | None) -> Share:
    basis_cents = kept["basis_cents"]
    if goods is not None:
        carriage_cents = basis_cents - goods.get(kept["rate_bp"], 0)
    return Share(kept["rate_bp"], basis_cents - carriage_cents, carriage_cents, kept["vat_cents"])


def _receipts(period: Period, letters: Letters) -> Iterator[Receipt]:
    its = (Payment.id, Payment.reference, Payment.means, Payment.received_on, Payment.recorded_at)
    rows = (
        sa.select(*its, Payment.amount_cents, Account.number, Account.legal_name)
        .join(Account)
        .where(_received_in(period))
        .order_by(Payment.received_on, Payment.id)
    )
    for row in db.session.execute(rows.execution_options(yield_per=AT_ONCE)):
        yield Receipt(
            number=row.reference,
            label=row.means.label,
            treasury=accounts.treasury_of(row.means),
            customer=Customer(row.number, row.legal_name),
            received_on=row.received_on,
            recorded_on=clock.in_paris(row.recorded_at).date(),
            cents=row.amount_cents,
            lettering=_lettering(letters, True, row.id),
        )


def _undone(period: Period) -> Iterator[Receipt]:
    """Payments that were undone: the reverse of their entry, on that day."""
    its = (Payment.reference, Payment.means, Payment.undone_on, Payment.amount_cents)
    rows = sa.select(*its, Account.number, Account.legal_name).join(Account).where(_undone_in(period))
    for row in db.session.execute(rows.order_by(Payment.undone_on, Payment.id)):
        yield Receipt(
            number=f"{row.reference}{UNDONE}",
            label=row.means.undone_label,
            treasury=accounts.treasury_of(row.means),
            customer=Customer(row.number, row.legal_name),
            received_on=row.undone_on,
            recorded_on=row.undone_on,
            cents=-row.amount_cents,
        )


def _letters(period: Period) -> Letters:
    """Of all accounts that have something in the period: a letter is the same whatever period is exported."""
    issued = sa.select(Document.account_id).where(_issued_in(period))
    received = sa.select(Payment.account_id).where(_received_in(period))
    return lettering.settled(issued.union(received).subquery().select())


def _lettering(letters: Letters | None, is_payment: bool, key: int) -> Lettering | None:
    found = letters.get((is_payment, key)) if letters else None
    return Lettering(*found) if found else None


def _issued_in(period: Period) -> sa.ColumnElement[bool]:
    in_index = Document.kind.in_(tuple(Kind))  # all there are: their index begins with the kind
    return sa.and_(in_index, Document.issued_on.between(period.first, period.last))


def _received_in(period: Period) -> sa.ColumnElement[bool]:
    return Payment.received_on.between(period.first, period.last)


def _undone_in(period: Period) -> sa.ColumnElement[bool]:
    return Payment.undone_on.between(period.first, period.last)
