"""Find orders, and what other areas show of them."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from harmattan.core.extensions import db
from harmattan.orders.models import Order
from harmattan.orders.rules import Status

TO_CHECK = (Status.RECORDED, Status.DETAILS_REQUESTED)
STAFF_LIMIT = 100


def to_check() -> list[Order]:
    """Sales' list (R38): to be checked before waiting for the shop, urgent dates first (R56), then age."""
    rows = (
        sa.select(Order)
        .where(Order.status.in_(TO_CHECK))
        .order_by(
            sa.case((Order.status == Status.RECORDED, 0), else_=1),
            Order.deliver_by.is_(None),
            Order.deliver_by,
            Order.placed_at,
        )
        .limit(STAFF_LIMIT)
        .options(joinedload(Order.account))
    )
    return list(db.session.scalars(rows))
