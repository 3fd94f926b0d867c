"""What pages read of mandates, remittances and bills, and what other areas ask about an invoice."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import joinedload, selectinload

from harmattan.access.models import Account
from harmattan.billing.models import Document
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.paging import Sheet, page_of
from harmattan.core.worklist import Work
from harmattan.lcr.models import Bill, Item, Mandate, Remittance
from harmattan.lcr.rules import LIVE, BillState, MandateState, RemittanceState
from harmattan.payments.lookups import announced

A_PAGE = 50
LATEST = 12


@dataclass(frozen=True)
class Taken:
    """What an LCR that is at our bank takes of an invoice, and when."""

    on: dt.date
    cents: int
    issued_on: dt.date


def taken(account_id: int) -> dict[str, Taken]:
    """By number, the account's invoices that an LCR already takes: nobody pays them twice."""
    rows = (
        sa.select(Document.number, Remittance.due_on, Item.amount_cents, Document.issued_on)
        .join(Item, Item.invoice_id == Document.id)
        .join(Bill, Item.bill_id == Bill.id)
        .join(Remittance, Bill.remittance_id == Remittance.id)
        .where(Item.account_id == account_id, Item.is_held, Bill.state == BillState.PRESENTED)
    )
    return {
        row.number: Taken(row.due_on, row.amount_cents, row.issued_on) for row in db.session.execute(rows)
    }


def taken_everywhere() -> sa.Select[int]:
    """The invoices that an LCR at our bank takes, whosever they are, for the statements of others."""
    rows = sa.select(Item.invoice_id).join(Bill, Item.bill_id == Bill.id)
    return rows.where(Item.is_held, Bill.state == BillState.PRESENTED)


def brought(payment_id: int) -> bool:
    """Whether a bill of ours brought this payment: where it comes back, its remittance says so."""
    return bool(db.session.scalar(sa.select(sa.exists().where(Bill.payment_id == payment_id))))


def latest_mandate(account_id: int) -> Mandate | None:
    """The account's mandate, or the last one it had."""
    its = sa.select(Mandate).where(Mandate.account_id == account_id)
    return db.session.scalar(its.order_by(Mandate.id.desc()).limit(1))


def bills_of(account_id: int) -> Sequence[Bill]:
    """An account's latest bills."""
    rows = sa.select(Bill).where(Bill.account_id == account_id).order_by(Bill.id.desc()).limit(LATEST)
    return db.session.scalars(rows.options(*_WITH_INVOICES)).all()


_WITH_INVOICES = (
    joinedload(Bill.remittance),
    joinedload(Bill.account),
    selectinload(Bill.items).joinedload(Item.invoice),
)


def asked() -> Sequence[Mandate]:
    """Requests that accounting have not answered, the oldest first."""
    rows = sa.select(Mandate).where(Mandate.state == MandateState.ASKED).order_by(Mandate.id)
    return db.session.scalars(rows.options(joinedload(Mandate.account)).limit(A_PAGE)).all()


def unpaid() -> Sequence[Bill]:
    """Bills that came back and with an invoice still open, in no other remittance: to be followed up."""
    return db.session.scalars(
        sa.select(Bill).where(_is_to_follow()).order_by(Bill.id).options(*_WITH_INVOICES).limit(A_PAGE)
    ).all()


def _is_to_follow() -> sa.ColumnElement[bool]:
    held = sa.select(Item.invoice_id).where(Item.is_held)
    still = (
        sa.select(Item.id)
        .join(Item.invoice)
        .where(Item.bill_id == Bill.id, Document.open_cents > 0, Document.id.not_in(held))
    )
    return sa.and_(Bill.state == BillState.UNPAID, still.exists())


def mandates_in_place(page: int) -> tuple[Sequence[Mandate], Sheet]:
    """A page of the shops that pay by LCR, suspended ones too."""
    its = Mandate.state.in_((MandateState.ACTIVE, MandateState.SUSPENDED))
    rows = sa.select(Mandate).join(Mandate.account).where(its).order_by(Account.number)
    return page_of(rows.options(joinedload(Mandate.account)), page, A_PAGE)


def mandates_over(page: int) -> tuple[Sequence[Mandate], Sheet]:
    """A page of the requests refused or taken back and of the mandates that ended, the latest first."""
    rows = sa.select(Mandate).where(Mandate.state.not_in(LIVE))
    rows = rows.order_by(Mandate.state_since.desc(), Mandate.id.desc())
    return page_of(rows.options(joinedload(Mandate.account)), page, A_PAGE)


def remittances(page: int) -> tuple[Sequence[Remittance], Sheet]:
    """A page of all remittances, the latest first."""
    rows = sa.select(Remittance).order_by(Remittance.id.desc()).options(selectinload(Remittance.bills))
    return page_of(rows, page, A_PAGE)


def under_way() -> Sequence[Remittance]:
    """Remittances to be reviewed, and those to be noted as paid now that their day is here."""
    rows = sa.select(Remittance).where(_is_under_way()).order_by(Remittance.due_on, Remittance.id)
    return db.session.scalars(rows).all()


def _is_under_way() -> sa.ColumnElement[bool]:
    is_due = sa.and_(Remittance.state == RemittanceState.SENT, Remittance.due_on <= clock.today())
    return sa.or_(Remittance.state == RemittanceState.PREPARED, is_due)


def bills(remittance: Remittance) -> Sequence[Bill]:
    """The bills of a remittance with their invoices, by number."""
    rows = sa.select(Bill).where(Bill.remittance_id == remittance.id).options(*_WITH_INVOICES)
    return db.session.scalars(rows.order_by(Bill.id)).all()


def announced_by_lcr_shops() -> set[str]:
    """Numbers of what shops that pay by LCR said they pay otherwise, and that has not arrived."""
    in_place = sa.select(Mandate.account_id).where(Mandate.state == MandateState.ACTIVE)
    accounts = db.session.scalars(in_place).all()
    return set(announced(accounts))


def work() -> Work:
    """Requests, remittances and unpaid bills to follow, for accounting's worklist."""
    counts = (
        sa.select(sa.func.count()).select_from(Mandate).where(Mandate.state == MandateState.ASKED),
        sa.select(sa.func.count()).select_from(Bill).where(_is_to_follow()),
        sa.select(sa.func.count()).select_from(Remittance).where(_is_under_way()),
    )
    count = sum(db.session.scalar(each) or 0 for each in counts)
    one, many = "demande, lot ou impayée de LCR", "demandes, lots et impayées de LCR"
    return Work(one, many, url_for("staff.lcr.index"), count)
