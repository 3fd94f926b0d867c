"""Order again: a past order, whole or by line, becomes a list under review (issue 4).

The review tells what has changed since (price, discount, availability, a title replaced) before the cart is
touched, and holds every rule of a list; nothing of the past order's terms is carried over.
"""

from collections.abc import Collection

import sqlalchemy as sa

from harmattan.access.models import User
from harmattan.core import audit
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.lists import service as lists
from harmattan.lists.models import OrderList
from harmattan.lists.rules import ListKind, Row, Source, Terms
from harmattan.orders.models import Order, OrderLine


class NothingChosen(Refusal):
    """No title of the order was ticked."""

    title = "Aucun titre choisi"


def begin(order: Order, isbns: Collection[str] | None, by: User) -> OrderList:
    """The order's lines with these ISBN, or all of them, as a list under review."""
    lines = db.session.scalars(
        sa.select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.id)
    )
    chosen = [line for line in lines if isbns is None or line.isbn in isbns]
    if not chosen:
        raise NothingChosen("Cochez au moins un titre à commander de nouveau.")
    rows = [_row(position, line) for position, line in enumerate(chosen, 1)]
    kept = lists.keep(lists.Incoming(ListKind.AGAIN, order.reference, rows, []), order.account_id, by)
    audit.record("orders.again", order.reference, actor=by.name, account_id=order.account_id, lines=len(rows))
    return kept


def _row(position: int, line: OrderLine) -> Row:
    return Row(
        (Source(position, line.title, line.quantity),),
        isbn=line.isbn,
        typed_isbn=line.isbn,
        quantity=line.quantity,
        typed_quantity=str(line.quantity),
        terms=Terms(line.price_cents, line.discount_bp),
    )
