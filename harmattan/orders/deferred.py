"""« Pas de livraison avant le »: each morning sales are told what may leave and what comes up (R61–R63)."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from harmattan.core import clock, dates
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.core.settings import house
from harmattan.orders.models import Order
from harmattan.orders.rules import NOT_YET_PREPARED, Status
from harmattan.outbox import service as outbox

JOB = "orders.tell_of_deferred"
REMINDER_DAYS = 3
"""Working days before the date."""


def tell_sales() -> None:
    """One mail on the mornings of working days that have something to say."""
    today, closed = clock.today(), house().closing_days
    if not dates.is_working_day(today, closed):
        return
    before = dates.previous_working_day(today - dt.timedelta(days=1), closed)
    first, last = (dates.add_working_days(day, REMINDER_DAYS, closed) for day in (before, today))
    leaving = _orders(Order.status == Status.VALIDATED, Order.promised_on <= today)
    still_here = Order.status.in_(NOT_YET_PREPARED)
    coming = _orders(still_here, Order.not_before > first, Order.not_before <= last)
    if leaving or coming:
        mailbox = house().service_mailboxes[Service.SALES.value]
        outbox.queue("orders_deferred", mailbox, service=Service.SALES, leaving=leaving, coming=coming)


def _orders(*conditions: sa.ColumnElement[bool]) -> Sequence[Order]:
    deferred = sa.select(Order).where(Order.not_before.is_not(None), *conditions)
    return db.session.scalars(
        deferred.order_by(Order.not_before, Order.id).options(joinedload(Order.account))
    ).all()
