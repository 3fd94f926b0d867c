"""What became of a remittance at its due date: paid and booked, or come back unpaid (R80, R82)."""

import datetime as dt

import sqlalchemy as sa

from harmattan.access.models import User
from harmattan.billing import allocation
from harmattan.billing.models import Means
from harmattan.core import audit, clock, database
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.core.typography import date_long
from harmattan.lcr import remitting
from harmattan.lcr.models import Bill, Item, Remittance
from harmattan.lcr.rules import BILL_TRANSITIONS, BillAction, BillState, RemittanceAction
from harmattan.outbox import service as outbox


class TooEarly(Refusal):
    """Bills are paid on their due date, not before."""

    title = "L’échéance n’est pas encore là"


class NotInThisState(Refusal):
    """The bill has come back already."""

    title = "Cette LCR est déjà notée impayée"


def book(remittance: Remittance, by: User) -> int:
    """Our bank has paid: each bill still out is a payment that settles its invoices; how many those were.

    What a shop paid otherwise meanwhile is not settled twice: the rest of its bill stays on its account.
    Raises `TooEarly`.
    """
    if clock.today() < remittance.due_on:
        raise TooEarly(
            f"Ce lot est à échéance du {date_long(remittance.due_on)} : notez-le encaissé ce jour-là."
        )
    remitting.act(remittance, RemittanceAction.BOOK, by)
    out = sa.select(Bill).where(Bill.remittance_id == remittance.id, Bill.state == BillState.PRESENTED)
    bills = db.session.scalars(out.order_by(Bill.id)).all()
    for bill in bills:
        _act(bill, BillAction.PAY)
        _pay(bill, remittance.due_on, by)
    return len(bills)


def _pay(bill: Bill, received_on: dt.date, by: User) -> None:
    payment = allocation.record_payment(
        bill.account,
        bill.amount_cents,
        received_on=received_on,
        means=Means.LCR,
        actor=by.name,
        label=f"LCR {bill.reference}",
    )
    bill.payment = payment
    for item in bill.items:
        if cents := min(item.amount_cents or 0, item.invoice.open_cents, payment.open_cents):
            allocation.allocate(payment, item.invoice, cents, by.name)


def reject(bill: Bill, bank_code: str, on: dt.date, by: User) -> None:
    """A bill came back unpaid: its invoices are open, or open again, and the shop is told.

    Raises `NotInThisState` where it was noted already.
    """
    _act(bill, BillAction.REJECT, bank_code=bank_code, rejected_on=on)
    if bill.payment is not None:
        allocation.undo_payment(bill.payment, on, by.name)
    audit.record("lcr.reject", bill.reference, actor=by.name, account_id=bill.account_id)
    outbox.queue(
        "lcr_unpaid", bill.account.email, service=Service.ACCOUNTING, account_id=bill.account_id,
        reference=bill.reference, bill=bill,
    )  # fmt: skip


def _act(bill: Bill, action: BillAction, **facts: object) -> None:
    """Lead a bill to its next state, and let go of its invoices; of two at once one is refused."""
    target = BILL_TRANSITIONS[bill.state].get(action)
    moved = sa.update(Bill).where(Bill.id == bill.id, Bill.state == bill.state).values(state=target, **facts)
    if target is None or not database.changed_rows(moved):
        raise NotInThisState(f"La LCR {bill.reference} n’attend plus cela : rechargez la page.")
    db.session.refresh(bill)
    database.changed_rows(sa.update(Item).where(Item.bill_id == bill.id).values(is_held=False))
    db.session.expire(bill, ["items"])
