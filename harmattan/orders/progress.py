"""What left, what comes back, what is still to come: the only writer of a line's quantities (R67).

The area above that knows parcels (`shipments`), and `returns`, tell what happened; this keeps the five
quantities of each line and leads the order on. Whoever changes them holds the order's row first, so that of
two at once the second one sees what the first one did.
"""

import datetime as dt
from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from harmattan.cart.rules import BackorderPolicy
from harmattan.catalogue.models import Title
from harmattan.core import clock
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.typography import plural
from harmattan.orders.copies import leave
from harmattan.orders.models import Order, OrderLine
from harmattan.orders.rules import Action, Status
from harmattan.orders.service import Actor, act


class NotOnThisOrder(Refusal):
    """A line of another order was named."""

    title = "Ce titre n’est pas sur cette commande"


class NothingLeaves(Refusal):
    """A departure without a copy is none."""

    title = "Rien ne part"


class MoreThanRemains(Refusal):
    """Never more leaves than was ordered."""

    title = "Il ne reste pas autant d’exemplaires à expédier"


class NotTogether(Refusal):
    """The shop wants all copies of a title at once (« Tout ensemble »)."""

    title = "La librairie demande tout ensemble"


class MoreThanShipped(Refusal):
    """Never more comes back than has left."""

    title = "Il n’est pas parti autant d’exemplaires"


class StillToCome(Refusal):
    """What can still be delivered stays on a validated order (R51, R52)."""

    title = "Ce titre est encore attendu"


def prepare(order: Order, by: Actor) -> None:
    """The warehouse begins."""
    act(order, Action.PREPARE, by)


def record_shipment(
    order: Order, copies: Mapping[int, int], by: Actor, *, delivery_on: dt.date, text: str
) -> None:
    """So many copies of these lines (by id) leave; what is missing of « Ne pas noter » is cancelled.

    Raises `NothingLeaves`, `NotOnThisOrder`, `MoreThanRemains`, `NotTogether` or `NotInThisState`.
    """
    if not copies:
        raise NothingLeaves("Dites combien d’exemplaires partent, d’un titre au moins.")
    lines = hold(order)
    leaving = [(_of(lines, line_id), count) for line_id, count in copies.items()]
    for line, count in leaving:
        _ship(line, count)
    leave(leaving)
    remaining = [line for line in lines.values() if line.remaining]
    _announce_news(remaining)
    if order.status is Status.VALIDATED:
        prepare(order, by)
    act(order, Action.SHIP_PART if remaining else Action.SHIP, by, text)
    order.promised_on = _next_news(remaining) if remaining else delivery_on


def _ship(line: OrderLine, count: int) -> None:
    if not 0 < count <= line.remaining:
        raise MoreThanRemains(
            f"« {line.title} » : {plural(line.remaining, 'exemplaire')} à expédier, pas {count}."
        )
    if line.backorder_policy is BackorderPolicy.TOGETHER and count < line.remaining:
        raise NotTogether(
            f"« {line.title} » part en une fois : expédiez les {line.remaining} exemplaires, ou aucun."
        )
    line.shipped += count
    if line.backorder_policy is BackorderPolicy.SKIP:
        line.cancelled += line.remaining


def _announce_news(lines: Iterable[OrderLine]) -> None:
    """What is noted has news when the catalogue expects the title, unless a day was said."""
    undated = {line.title_id: line for line in lines if line.news_on is None}
    expected = sa.select(Title.id, Title.expected_on).where(
        Title.id.in_(undated), Title.expected_on >= clock.today()
    )
    for title_id, day in db.session.execute(expected):
        undated[title_id].news_on = day


def _next_news(lines: Iterable[OrderLine]) -> dt.date | None:
    return min((line.news_on for line in lines if line.news_on), default=None)


def announce(order: Order, days: Mapping[int, dt.date | None]) -> None:
    """When there will be news of what remains of these lines (by id); None where nobody knows."""
    lines = hold(order)
    for line_id, day in days.items():
        _of(lines, line_id).news_on = day
    if order.status is Status.PARTLY_SHIPPED:
        order.promised_on = _next_news(line for line in lines.values() if line.remaining)


def cancel_rest(order: Order, line_id: int, by: Actor, *, delivery_on: dt.date | None) -> str:
    """Wait no longer for copies that will never come: the title has gone from the catalogue since.

    Only once part of the order has left; `delivery_on` is when the last parcels are expected. Returns what
    was said on the timeline. Raises `StillToCome` as long as the title can be delivered.
    """
    lines = hold(order)
    line = _of(lines, line_id)
    title = db.session.get_one(Title, line.title_id)
    if not line.remaining:
        raise MoreThanRemains(f"« {line.title} » : il n’en reste aucun exemplaire à attendre.")
    if title.availability.is_orderable:
        raise StillToCome(
            f"« {line.title} » : {title.availability.label.lower()}. Une commande validée ne se modifie plus."
        )
    left_out = plural(line.remaining, "exemplaire")
    text = f"« {line.title} » : {title.availability.label.lower()}, {left_out} en moins"
    line.cancelled += line.remaining
    act(order, Action.CANCEL_REST, by, text)
    remaining = [each for each in lines.values() if each.remaining]
    if not remaining:
        act(order, Action.SHIP, by)
    order.promised_on = _next_news(remaining) if remaining else delivery_on
    return text


def record_return(order: Order, copies: Mapping[int, int]) -> None:
    """So many copies of these lines (by id) came back; raises `NotOnThisOrder` or `MoreThanShipped`."""
    lines = hold(order)
    for line_id, count in copies.items():
        line = _of(lines, line_id)
        if not 0 < count <= line.shipped - line.returned:
            raise MoreThanShipped(
                f"« {line.title} » : {plural(line.shipped - line.returned, 'exemplaire')} au plus."
            )
        line.returned += count


def deliver(order: Order, by: Actor, text: str = "") -> None:
    """Everything has arrived."""
    act(order, Action.DELIVER, by, text)
    order.promised_on = None


def hold(order: Order) -> dict[int, OrderLine]:
    """The order's lines by id, as they are now; nobody else changes them before this transaction ends."""
    db.session.flush()
    db.session.refresh(order, with_for_update={"of": Order})
    lines = sa.select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.id)
    return {line.id: line for line in db.session.scalars(lines.execution_options(populate_existing=True))}


def _of(lines: Mapping[int, OrderLine], line_id: int) -> OrderLine:
    if line_id not in lines:
        raise NotOnThisOrder("Choisissez les titres parmi ceux de la commande.")
    return lines[line_id]
