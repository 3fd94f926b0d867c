"""What accounting reads: accounts that owe, money that settles nothing yet, one account's open affairs."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import joinedload

from harmattan.access.models import Account
from harmattan.billing import allocation, matching
from harmattan.billing.allocation import OpenDocuments, Source
from harmattan.billing.lookups import Balance, balances
from harmattan.billing.matching import Proposal
from harmattan.billing.models import Allocation, Document, Payment
from harmattan.billing.rules import Kind
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.paging import Sheet, page_of
from harmattan.core.worklist import Work

A_PAGE = 50
ALLOCATIONS_A_PAGE = 20


@dataclass(frozen=True)
class Debtor:
    account: Account
    balance: Balance


def debtors(text: str = "", page: int = 1) -> tuple[list[Debtor], Sheet]:
    """A page of the accounts with something open, the longest overdue first; all that match a text typed."""
    if text:
        name = Account.trade_name.icontains(text, autoescape=True)
        meant: sa.ColumnElement[bool] = sa.or_(Account.number == text, name)
    else:
        meant = Account.id.in_(_with_something_open())
    accounts = sa.select(Account).where(meant).order_by(_earliest_due(), Account.number)
    rows, sheet = page_of(accounts, page, A_PAGE)
    owed = balances([row.id for row in rows], clock.today())
    found = [Debtor(row, owed.get(row.id, Balance())) for row in rows]
    late = clock.today()
    by_debt = sorted(found, key=lambda each: (each.balance.overdue_since or late, -each.balance.owed_cents))
    return by_debt, sheet


def _earliest_due() -> sa.ColumnElement[dt.date | None]:
    """The first date by which an account owes; those that owe nothing come last."""
    owing = sa.select(sa.func.min(Document.due_on)).where(
        Document.account_id == Account.id, Document.kind == Kind.INVOICE, Document.open_cents > 0
    )
    return owing.correlate(Account).scalar_subquery().nulls_last()


def _with_something_open() -> sa.Select[tuple[int]]:
    documents = sa.select(Document.account_id).where(Document.open_cents > 0)
    return documents.union(sa.select(Payment.account_id).where(Payment.open_cents > 0))  # type: ignore[return-value]


def unsettled(page: int = 1) -> tuple[Sequence[Payment], Sheet]:
    """A page of the payments of which something settles nothing yet, the oldest first."""
    rows = sa.select(Payment).where(Payment.open_cents > 0).order_by(Payment.received_on, Payment.id)
    return page_of(rows.options(joinedload(Payment.account)), page, A_PAGE)


def work() -> Work:
    """Money received that settles nothing yet (R82), for accounting's worklist."""
    count = db.session.scalar(sa.select(sa.func.count(Payment.id)).where(Payment.open_cents > 0)) or 0
    one, many = "règlement à affecter", "règlements à affecter"
    return Work(one, many, url_for("staff.ledger.index", _anchor="unsettled-h"), count)


@dataclass(frozen=True)
class Affairs:
    """What is open on one account, what is proposed for its payments, what was settled last."""

    found: OpenDocuments
    proposals: Mapping[str, Proposal]
    """By the number of the payment or of the credit note; without any open invoice there is none."""
    latest: Sequence[Allocation]
    sheet: Sheet
    """Of the allocations, the latest first."""


def affairs(account: Account, page: int = 1) -> Affairs:
    """Everything on the account's page but its balance; a page of its allocations."""
    found = allocation.open_documents(account.id)
    invoices, credit_notes = matching.opened(found.invoices), matching.opened(found.credit_notes)
    sources: list[Source] = [*found.payments, *found.credit_notes] if invoices else []
    proposals = {
        allocation.name_of(each): matching.proposal_among(each, invoices, credit_notes) for each in sources
    }
    return Affairs(found, proposals, *_latest(account, page))


def payment_meant(account: Account, text: str) -> Payment | None:
    """The account's payment of this number, written whole: what is done to it is not taken back."""
    its = (Payment.account_id == account.id, Payment.reference == text.strip().upper())
    return db.session.scalar(sa.select(Payment).where(*its))


def _latest(account: Account, page: int) -> tuple[Sequence[Allocation], Sheet]:
    rows = sa.select(Allocation).where(Allocation.account_id == account.id).order_by(Allocation.id.desc())
    its = (
        joinedload(Allocation.invoice),
        joinedload(Allocation.payment),
        joinedload(Allocation.credit_note),
    )
    return page_of(rows.options(*its), page, ALLOCATIONS_A_PAGE)
