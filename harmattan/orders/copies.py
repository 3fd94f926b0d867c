"""Which copies an order gets: at its validation, and when those that were noted arrive (ADR 9)."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

import sqlalchemy as sa

from harmattan.cart.rules import copies_at_once
from harmattan.catalogue import reservations
from harmattan.catalogue.models import Title
from harmattan.catalogue.rules import Availability
from harmattan.core.extensions import db
from harmattan.orders.models import Order, OrderLine
from harmattan.orders.rules import Status

_STILL_TO_SEND = (Status.VALIDATED, Status.PREPARING, Status.PARTLY_SHIPPED)


def there_are(lines: Iterable[OrderLine], titles: Mapping[int, Title]) -> dict[int, int]:
    """How many of the copies that each line (by id) still wants are there now, the first lines first."""
    found, taken = {}, Counter[int]()
    for line in lines:
        title = titles[line.title_id]
        wanted = line.accepted - line.reserved
        found[line.id] = copies_at_once(title.availability, title.stock - taken[title.id], wanted)
        taken[title.id] += found[line.id]
    return found


def can_leave(lines: Sequence[OrderLine]) -> dict[int, int]:
    """How many copies of each line (by id) are on the shelves: those put aside for it, then those on sale."""
    of_lines = Title.id.in_({line.title_id for line in lines})
    titles = {title.id: title for title in db.session.scalars(sa.select(Title).where(of_lines))}
    on_sale = there_are(lines, titles)
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
        .where(Title.isbn.in_(isbns), noted, Order.status.in_(_STILL_TO_SEND))
        .order_by(Order.placed_at, OrderLine.id)
    ).all()
    put_aside(lines, reservations.locked({line.title_id for line in lines}))
