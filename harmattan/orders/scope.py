"""The order of a page, for whoever may see it."""

from typing import Any

from sqlalchemy.orm import joinedload

from harmattan.access.scope import visible_or_404
from harmattan.orders.models import Order

WITH_HISTORY = joinedload(Order.events)
"""In the same statement: an order has few events, and its page asks much of the database already."""


def order_or_404(reference: str, *options: Any) -> Order:
    """With its account, who placed it, and what the options load; another's is a 404 (R72)."""
    people = (joinedload(Order.placed_by), joinedload(Order.account))
    return visible_or_404(Order, *people, *options, reference=reference)
