"""Which copies an order gets: at its validation, and when those that were noted arrive (ADR 9)."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

import sqlalchemy as sa

from harmattan.cart.rules import copies_at_once
from harmattan.catalogue import reservations
from harmattan.catalogue.models import Title
from harmattan.catalogue.rules import Availability
from harmattan.core.extensions import db
from harmattan.orders.line_state import Now
from harmattan.orders.models import Order, OrderLine
from harmattan.orders.rules import TO_SEND

_SHELVES = sa.select(
    Title.id, Title.availability, Title.stock, Title.is_orderable.label("is_orderable"), Title.expected_on
).where(Title.id.in_(sa.select(OrderLine.title_id).where(OrderLine.order_id == sa.bindparam("order_id"))))
"""In the order of the fields of `Shelf`."""


class Countable(Protocol):
    """What says how many copies of a title can be had."""

    @property
    def availability(self) -> Availability: ...

    @property
    def stock(self) -> int: ...


class Shelf(NamedTuple):
    """What the catalogue says today of a title: an order may have hundreds of them."""

    title_id: int
    availability: Availability
    stock: int
    is_orderable: bool
    expected_on: dt.date | None


def there_are(lines: Iterable[OrderLine], titles: Mapping[int, Countable]) -> dict[int, int]:
    """How many of the copies that each line (by id) still wants are there now, the first lines first."""
    found, taken = {}, Counter[int]()
    for line in lines:
        title = titles[line.title_id]
        wanted = line.accepted - line.reserved
        found[line.id] = copies_at_once(title.availability, title.stock - taken[line.title_id], wanted)
        taken[line.title_id] += found[line.id]
    return found


def now_of(lines: Sequence[OrderLine]) -> dict[int, Now]:
    """What there is today of each of these lines (by id) of an order for which nothing is put aside yet."""
    shelves = _shelves(lines)
    at_once = there_are(lines, shelves)
    found = {}
    for line in lines:
        shelf = shelves[line.title_id]
        found[line.id] = Now(shelf.availability, shelf.is_orderable, shelf.expected_on, at_once[line.id])
    return found


def _shelves(lines: Sequence[OrderLine]) -> dict[int, Shelf]:
    """Those of all titles of the lines' order, by title."""
    if not lines:
        return {}
    rows = db.session.execute(_SHELVES, {"order_id": lines[0].order_id})
    return {row[0]: Shelf._make(row) for row in rows}


def can_leave(lines: Sequence[OrderLine]) -> dict[int, int]:
    """How many copies of each line (by id) are on the shelves: those put aside for it, then those on sale."""
    on_sale = there_are(lines, _shelves(lines))
    return {
        line.id: min(max(line.reserved - line.shipped, 0) + on_sale[line.id], line.remaining)
        for line in lines
    }


def put_aside(lines: Sequence[OrderLine], titles: Mapping[int, Title]) -> None:
    """Give each line what there is of it; the titles are locked. What is printed on demand is not counted."""
    held = Counter[int]()
    for line, copies in zip(lines, there_are(lines, titles).values(), strict=True):
        line.reserved += copies
        if titles[line.title_id].availability is not Availability.ON_DEMAND:
            held[line.title_id] += copies
    reservations.hold(held)


def leave(sent: Iterable[tuple[OrderLine, int]]) -> None:
    """So many of the copies shipped just left the house: those put aside for the line, then some on sale."""
    held, more = Counter[int](), Counter[int]()
    for line, copies in sent:
        aside = max(min(copies, line.reserved - (line.shipped - copies)), 0)
        held[line.title_id] += aside
        more[line.title_id] += copies - aside
        line.reserved += copies - aside
    reservations.gone(held)
    reservations.gone_unheld(more)


def serve(isbns: Collection[str]) -> None:
    """Give what arrived of these titles to the validated orders that wait for it, the oldest first."""
    noted = OrderLine.reserved + OrderLine.cancelled < OrderLine.quantity
    lines = db.session.scalars(
        sa.select(OrderLine)
        .join(OrderLine.order)
        .join(Title, Title.id == OrderLine.title_id)
        .where(Title.isbn.in_(isbns), noted, Order.status.in_(TO_SEND))
        .order_by(Order.placed_at, OrderLine.id)
    ).all()
    put_aside(lines, reservations.locked({line.title_id for line in lines}))
