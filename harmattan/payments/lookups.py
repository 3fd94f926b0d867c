"""What is to pay and what is awaited, as pages look for it."""

from collections.abc import Sequence

import sqlalchemy as sa
from flask import abort, url_for
from sqlalchemy.orm import joinedload, selectinload

from harmattan.access.models import Account
from harmattan.access.scope import visible
from harmattan.billing.models import Document
from harmattan.core.extensions import db
from harmattan.core.paging import Sheet, page_of
from harmattan.core.worklist import Work
from harmattan.payments.models import PaymentOrder
from harmattan.payments.rules import Status

LATEST = 10
A_PAGE = 50


def ticked(account: Account, numbers: Sequence[str]) -> Sequence[Document]:
    """The documents of these numbers; one that is not the account's own is a 404 (R72)."""
    wanted = set(numbers)
    rows = visible(Document).where(Document.account_id == account.id, Document.number.in_(wanted))
    found = db.session.scalars(rows.order_by(Document.due_on, Document.id)).all()
    return found if len(found) == len(wanted) else abort(404)


def recent(account_id: int) -> Sequence[PaymentOrder]:
    """What the account announced lately."""
    orders = sa.select(PaymentOrder).where(PaymentOrder.account_id == account_id)
    return db.session.scalars(orders.order_by(PaymentOrder.id.desc()).limit(LATEST)).all()


def awaited(*which: sa.ColumnElement[bool]) -> Sequence[PaymentOrder]:
    """What was announced and has not come, the longest waiting first."""
    rows = sa.select(PaymentOrder).where(PaymentOrder.status == Status.AWAITED, *which)
    return db.session.scalars(rows.order_by(PaymentOrder.id)).all()


def announced(account_ids: Sequence[int]) -> dict[str, PaymentOrder]:
    """By number, documents that these accounts said they pay, and that has not arrived."""
    orders = awaited(PaymentOrder.account_id.in_(account_ids))
    return {number: order for order in orders for number in order.documents}


def of_status(status: Status, page: int = 1) -> tuple[Sequence[PaymentOrder], Sheet]:
    """A page of accounting's list of a state, the longest waiting first."""
    rows = sa.select(PaymentOrder).where(PaymentOrder.status == status).order_by(PaymentOrder.id)
    rows = rows.options(joinedload(PaymentOrder.account), selectinload(PaymentOrder.events))
    return page_of(rows, page, A_PAGE)


def counts() -> dict[Status, int]:
    """How many orders are awaited, and how many are to be looked at."""
    rows = sa.select(PaymentOrder.status, sa.func.count().label("orders"))
    waiting = rows.where(PaymentOrder.status.in_((Status.AWAITED, Status.TO_CHECK)))
    return {row.status: row.orders for row in db.session.execute(waiting.group_by(PaymentOrder.status))}


def work() -> Work:
    """Announced payments that did not come yet, and online ones to look at, for accounting's worklist."""
    one, many = "règlement annoncé ou paiement en ligne", "règlements annoncés et paiements en ligne"
    return Work(one, many, url_for("staff.payments.index"), sum(counts().values()))
