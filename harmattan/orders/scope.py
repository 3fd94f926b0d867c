"""The order of a page, for whoever may see it."""

from typing import Any

from sqlalchemy.orm import joinedload, selectinload

from harmattan.access.scope import visible_or_404
from harmattan.orders.models import Order


def order_or_404(reference: str, *collections: Any) -> Order:
    """With its account, who placed it, and these of its collections; another's is a 404 (R72)."""
    people = (joinedload(Order.placed_by), joinedload(Order.account))
    return visible_or_404(Order, *people, *map(selectinload, collections), reference=reference)
