"""Payments and credit notes against invoices: the only writer of what is left of each (R82; domain.md §9).

Every change is conditional on what the database holds at that moment, so that nothing is spent twice
and nothing falls below zero, whoever acts at once.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from harmattan.access.models import Account
from harmattan.billing.models import Allocation, Document, Means, Payment
from harmattan.billing.rules import CASH_LIMIT_CENTS, Kind
from harmattan.core import audit, database, numbering
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.typography import euros

Source = Payment | Document
"""What settles an invoice: money received, or a credit note."""


def name_of(source: Source) -> str:
    """The number by which a payment or a credit note is spoken of."""
    return source.reference if isinstance(source, Payment) else source.number


class NotEnoughLeft(Refusal):
    """More would be allocated than is left of the source or of the invoice."""

    title = "Il ne reste pas autant à affecter"


class TooMuchCash(Refusal):
    """More in cash than the law lets a business take."""

    title = "Trop d’espèces"


@dataclass(frozen=True)
class Cheque:
    """What tells a cheque from another."""

    number: str
    bank: str


@dataclass(frozen=True)
class OpenDocuments:
    """What is left on an account: invoices by due date, then what may settle them, oldest first."""

    invoices: list[Document]
    credit_notes: list[Document]
    payments: list[Payment]

    @property
    def due_cents(self) -> int:
        return sum(invoice.open_cents for invoice in self.invoices)

    @property
    def free_cents(self) -> int:
        """Credits and payments that settle nothing yet."""
        credits = sum(credit_note.open_cents for credit_note in self.credit_notes)
        return credits + sum(payment.open_cents for payment in self.payments)

    @property
    def to_pay_cents(self) -> int:
        """What a payment of everything would be; never negative, the rest stays as credit (R82)."""
        return max(self.due_cents - self.free_cents, 0)


def record_payment(
    account: Account,
    amount_cents: int,
    *,
    received_on: dt.date,
    means: Means,
    actor: str,
    label: str = "",
    cheque: Cheque | None = None,
) -> Payment:
    """Book money received; it settles nothing until it is allocated.

    Raises `TooMuchCash` where the account's cash of that day would pass what the law allows.
    """
    payment = Payment(
        reference=numbering.next_reference("REG", received_on),
        account_id=account.id,
        received_on=received_on,
        means=means,
        amount_cents=amount_cents,
        open_cents=amount_cents,
        label=label,
        cheque_number=cheque.number if cheque else "",
        cheque_bank=cheque.bank if cheque else "",
    )
    db.session.add(payment)
    db.session.flush()
    if means is Means.CASH:
        _refuse_too_much_cash(account, received_on)
    audit.record(
        "billing.record_payment",
        payment.reference,
        actor=actor,
        account_id=account.id,
        amount=euros(amount_cents),
    )
    return payment


def _refuse_too_much_cash(account: Account, day: dt.date) -> None:
    """Read after the payment took its number: no other is being booked meanwhile."""
    cash = sa.select(sa.func.sum(Payment.amount_cents)).where(
        Payment.account_id == account.id,
        Payment.received_on == day,
        Payment.means == Means.CASH,
        Payment.undone_on.is_(None),
    )
    if (db.session.scalar(cash) or 0) > CASH_LIMIT_CENTS:
        raise TooMuchCash(
            f"Un professionnel paie {euros(CASH_LIMIT_CENTS)} au plus en espèces, en une ou plusieurs fois"
            " (C. mon. fin. D112-3) : demandez une carte, un virement ou un chèque."
        )


def allocate(source: Source, invoice: Document, amount_cents: int, actor: str) -> Allocation:
    """Let a part of a payment or of a credit note settle a part of an invoice of the same account.

    Raises `NotEnoughLeft` where either has less left, in the database and now. Documents and payments
    already read are brought up to date.
    """
    if source.account_id != invoice.account_id or invoice.kind is not Kind.INVOICE or amount_cents <= 0:
        raise ValueError("a payment or a credit note settles an invoice of its own account")
    if not (_took(source, amount_cents) and _took(invoice, amount_cents)):
        raise NotEnoughLeft(
            f"{euros(amount_cents)} sur {invoice.number} : une autre affectation vient peut-être d’être"
            " enregistrée. Rechargez la page."
        )
    is_payment = isinstance(source, Payment)
    row = Allocation(
        account_id=invoice.account_id,
        invoice_id=invoice.id,
        payment_id=source.id if is_payment else None,
        credit_note_id=None if is_payment else source.id,
        amount_cents=amount_cents,
    )
    db.session.add(row)
    db.session.flush()
    _note("billing.allocate", row, source, invoice, actor)
    return row


def unallocate(allocation: Allocation, actor: str) -> None:
    """Undo an allocation: both get back what it took. Raises `NotEnoughLeft` where it is already undone."""
    source, invoice = allocation.source, allocation.invoice
    if not database.changed_rows(sa.delete(Allocation).where(Allocation.id == allocation.id)):
        raise NotEnoughLeft("Cette affectation a déjà été annulée.")
    _took(source, -allocation.amount_cents)
    _took(invoice, -allocation.amount_cents)
    _note("billing.unallocate", allocation, source, invoice, actor)


def undo_payment(payment: Payment, undone_on: dt.date, actor: str) -> None:
    """The bank takes back what it had paid, or it was a mistake: its invoices are open again.

    It settles nothing any more, and stays in the books with the day on which it was undone. Raises
    `NotEnoughLeft` where it already is.
    """
    if payment.undone_on is not None:
        raise NotEnoughLeft(f"Le règlement {payment.reference} est déjà annulé.")
    for row in db.session.scalars(sa.select(Allocation).where(Allocation.payment_id == payment.id)).all():
        unallocate(row, actor)
    undone = (
        sa.update(Payment)
        .where(
            Payment.id == payment.id, Payment.undone_on.is_(None), Payment.open_cents == payment.amount_cents
        )
        .values(open_cents=0, undone_on=undone_on)
    )
    if not database.changed_rows(undone):
        raise NotEnoughLeft(f"Le règlement {payment.reference} vient de changer : rechargez la page.")
    db.session.refresh(payment)
    audit.record(
        "billing.undo_payment",
        payment.reference,
        actor=actor,
        account_id=payment.account_id,
        amount=euros(payment.amount_cents),
    )


def open_documents(account_id: int) -> OpenDocuments:
    """What is left to pay, and to use, on this account."""
    return open_by_account([account_id])[account_id]


def open_by_account(account_ids: Collection[int]) -> dict[int, OpenDocuments]:
    """The same of each of these accounts, in two statements."""
    found = {key: OpenDocuments([], [], []) for key in account_ids}
    documents = sa.select(Document).where(Document.account_id.in_(account_ids), Document.open_cents > 0)
    for row in db.session.scalars(documents.order_by(Document.due_on, Document.issued_on, Document.id)):
        its = found[row.account_id]
        (its.invoices if row.kind is Kind.INVOICE else its.credit_notes).append(row)
    payments = sa.select(Payment).where(Payment.account_id.in_(account_ids), Payment.open_cents > 0)
    for payment in db.session.scalars(payments.order_by(Payment.received_on, Payment.id)):
        found[payment.account_id].payments.append(payment)
    return found


def _took(row: Source, amount_cents: int) -> bool:
    """Take so much of what is left, if so much is left; a negative amount gives back."""
    table = type(row)
    taken = (
        sa.update(table)
        .where(table.id == row.id, table.open_cents >= amount_cents)
        .values(open_cents=table.open_cents - amount_cents)
    )
    took = bool(database.changed_rows(taken))
    db.session.refresh(row, ["open_cents"])
    return took


def _note(action: str, allocation: Allocation, source: Source, invoice: Document, actor: str) -> None:
    audit.record(
        action,
        invoice.number,
        actor=actor,
        account_id=invoice.account_id,
        source=name_of(source),
        amount=euros(allocation.amount_cents),
    )
