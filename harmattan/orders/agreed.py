"""Orders whose lines, discounts and term were agreed beforehand, on a quote (R47)."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from harmattan.access.models import User
from harmattan.core.extensions import db
from harmattan.orders import placing
from harmattan.orders.models import Order, OrderLine
from harmattan.orders.rules import Action
from harmattan.orders.service import act, note


def record(
    by: User,
    facts: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
    *,
    quote_reference: str,
    **own: Any,
) -> Order:
    """Record the one order of a quote: `facts` and `lines` as `snapshots` names them, with what was granted.

    `own` names the cart, which is the order's key as it was the quote's, and the event. The mail goes to
    the person who accepts.
    """
    order = placing.record(by, facts, lines, quote_reference=quote_reference, **own)
    note(order, Action.PLACE, by, f"Devis {quote_reference} accepté. Confirmation par courriel à {by.email}")
    placing.confirm(order, by)
    return order


def change(
    order: Order, by: User, facts: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], text: str
) -> Order:
    """Give a recorded order other agreed lines, amounts and term: it stays the one order of its quote.

    Raises `TooLate` once it is validated (R51).
    """
    act(order, Action.CHANGE, by, text, **facts)
    db.session.execute(sa.delete(OrderLine).where(OrderLine.order_id == order.id))
    placing.write_lines(order, lines)
    db.session.expire(order, ["lines"])
    placing.confirm(order, by)
    return order
