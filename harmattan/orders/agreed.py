"""Orders whose lines, discounts and term were agreed beforehand, on a quote (R47)."""

from collections.abc import Mapping, Sequence
from typing import Any

from harmattan.access.models import User
from harmattan.orders import placing
from harmattan.orders.models import Order
from harmattan.orders.rules import Action
from harmattan.orders.service import note


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
