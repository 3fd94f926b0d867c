"""What shops that pay by LCR owe by a day: what a remittance takes of it, what it leaves and why (R80)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from harmattan.access.models import Account
from harmattan.billing.models import Document
from harmattan.billing.rules import Kind
from harmattan.core import database, registry
from harmattan.core.extensions import db
from harmattan.lcr import lookups
from harmattan.lcr.models import Item, Mandate, Remittance
from harmattan.lcr.rules import MandateState
from harmattan.payments import lookups as payments
from harmattan.payments.models import PaymentOrder


@dataclass(frozen=True)
class LeftOut:
    """An invoice that is due by then and in no remittance."""

    invoice: Document
    order: PaymentOrder | None
    """How the shop said that it pays it."""
    is_disputed: bool


def gather(remittance_id: int, due_on: dt.date) -> int:
    """Put what is due and free into a remittance; how many invoices that is."""
    due = sa.select(sa.literal(remittance_id), Document.account_id, Document.id, sa.true()).join(*_MANDATE)
    due = due.where(*_due_by(due_on))
    if announced := lookups.announced_by_lcr_shops():
        due = due.where(Document.number.not_in(announced))
    if (disputed := registry.ask("reminders.set_aside")) is not None:
        due = due.where(Document.id.not_in(disputed))
    columns = ["remittance_id", "account_id", "invoice_id", "is_held"]
    rows = database.insert(Item).from_select(columns, due).on_conflict_do_nothing().returning(Item.id)
    return len(db.session.scalars(rows).all())


def left_out(remittance: Remittance) -> Sequence[LeftOut]:
    """What this remittance could have taken and does not, by account: it is to be collected otherwise."""
    due = sa.select(Document).join(*_MANDATE).join(Document.account).where(*_due_by(remittance.due_on))
    rows = due.order_by(Account.number, Document.due_on, Document.id)
    found = db.session.scalars(rows.options(contains_eager(Document.account))).all()
    announced = payments.announced([invoice.account_id for invoice in found])
    disputed = _disputed([invoice.id for invoice in found])
    return [LeftOut(each, announced.get(each.number), each.id in disputed) for each in found]


_MANDATE = (Mandate, Mandate.account_id == Document.account_id)


def _due_by(due_on: dt.date) -> tuple[sa.ColumnElement[bool], ...]:
    held = sa.select(Item.invoice_id).where(Item.is_held)
    return (
        Mandate.state == MandateState.ACTIVE,
        Document.kind == Kind.INVOICE,
        Document.open_cents > 0,
        Document.due_on <= due_on,
        Document.id.not_in(held),
    )


def _disputed(invoice_ids: Sequence[int]) -> set[int]:
    """Those of them that accounting set aside for a while."""
    rows = registry.ask("reminders.set_aside")
    return set() if rows is None else set(db.session.scalars(rows)) & set(invoice_ids)
