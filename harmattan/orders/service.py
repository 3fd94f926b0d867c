"""The verbs of orders, and what other areas show of them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, load_only

from harmattan.access.models import User
from harmattan.core import audit, clock, money
from harmattan.core.errors import Refusal
from harmattan.core.extensions import Instant, db
from harmattan.core.settings import house
from harmattan.core.typography import moment
from harmattan.orders import rules
from harmattan.orders.models import Order, OrderEvent, OrderLine
from harmattan.orders.rules import TRANSITIONS, Action, Status
from harmattan.outbox import service as outbox

TO_CHECK = (Status.RECORDED, Status.DETAILS_REQUESTED)
STAFF_LIMIT = 100
PAGE_LENGTH = 25
EXPORT_HEADER = (
    *("Commande", "Votre référence", "Passée le", "État", "Titres", "Exemplaires"),
    *("Livres HT", "Port HT", "Total TTC"),
)
LAST_CHARACTER = "\U0010ffff"


class TooLate(Refusal):
    """A validated order is neither changed nor cancelled (R51, R52)."""

    title = "La commande ne peut plus être modifiée"


class NotInThisState(Refusal):
    """The order is in a state in which this cannot be done."""


def act(order: Order, action: Action, actor: User, text: str = "") -> None:
    """Lead an order to its next state: the only writer of `status` (R106).

    Raises `TooLate` or `NotInThisState` where the order, as it is in the database now, does not
    allow it; of two acts at once one is refused.
    """
    target = TRANSITIONS[order.status].get(action)
    if target is None or not _moved(order, target):
        raise refusal(order, action)
    _note(order, action, actor, text)
    if action in rules.TOLD_BY_MAIL:
        _tell_the_shop(order, text)


def _moved(order: Order, target: Status) -> bool:
    """Change the state unless somebody else has changed it since this order was read."""
    moved = (
        sa.update(Order)
        .where(Order.id == order.id, Order.status == order.status)
        .values(status=target, status_since=clock.now())
        .returning(Order.id)
    )
    return db.session.scalar(moved, execution_options={"synchronize_session": "fetch"}) is not None


def _note(order: Order, action: Action, actor: User, text: str) -> None:
    event = OrderEvent(
        order_id=order.id,
        at=order.status_since,
        actor=actor.name,
        action=action,
        status=order.status,
        text=text,
    )
    db.session.add(event)
    audit.record(f"orders.{action}", order.reference, actor=actor.name, account_id=order.account_id)


def _tell_the_shop(order: Order, text: str) -> None:
    standing = rules.standing(order.status, order.status_since, house())
    outbox.queue(
        "order_changed",
        order.placed_by.email,
        service=standing.desk,
        account_id=order.account_id,
        reference=order.reference,
        order=order,
        standing=standing,
        text=text,
    )


def refusal(order: Order, action: Action) -> Refusal:
    """Why this cannot be done with the order as it stands, and since when."""
    db.session.refresh(order, ["status", "status_since"])
    since = (
        f"La commande {order.reference} est « {order.status.label} » depuis le {moment(order.status_since)}"
    )
    if order.status.is_validated and action in (Action.CANCEL, Action.ASK_DETAILS, Action.ANSWER_DETAILS):
        return TooLate(f"{since} : elle ne peut plus être modifiée ni annulée.")
    return NotInThisState(f"{since} : cette action n’y est pas prévue.")


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


@dataclass(frozen=True)
class Page:
    """A page of orders, latest first, and whether older ones follow."""

    orders: Sequence[Order]
    has_older: bool


_LISTED = (
    Order.reference,
    Order.own_reference,
    Order.placed_at,
    Order.status,
    Order.status_since,
    Order.gross_cents,
    Order.line_count,
    Order.copy_count,
)


def narrowed(orders: sa.Select[Order], filters: Mapping[str, str], today: dt.date) -> sa.Select[Order]:
    """Only the orders that the filters name: `q`, `etat`, `periode` (days)."""
    if filters.get("etat"):
        orders = orders.where(Order.status == Status(filters["etat"]))
    if filters.get("periode"):
        first = today - dt.timedelta(days=int(filters["periode"]))
        orders = orders.where(Order.placed_at >= clock.at_paris(first, dt.time()))
    if filters.get("q"):
        orders = orders.where(_matches(rules.sought(filters["q"], today)))
    return orders


def _matches(sought: rules.Sought) -> sa.ColumnElement[bool]:
    if sought.isbn:
        holding = sa.select(OrderLine.order_id).where(
            OrderLine.isbn == sought.isbn, OrderLine.account_id == Order.account_id
        )
        return Order.id.in_(holding)
    wished = [Order.reference.in_(sought.references)]
    if sought.own_reference:
        beginning = sought.own_reference
        wished.append(Order.folded_own_reference.between(beginning, beginning + LAST_CHARACTER))
    return sa.or_(*wished)


def page_of(orders: sa.Select[Order], before: str = "") -> Page:
    """The next page of these orders after the one with this reference: the same cost wherever it begins."""
    rows = orders.options(load_only(*_LISTED)).order_by(Order.placed_at.desc(), Order.id.desc())
    position = sa.select(Order.placed_at, Order.id).where(Order.reference == before)
    if last := db.session.execute(position).one_or_none() if before else None:
        here = sa.tuple_(Order.placed_at, Order.id)
        rows = rows.where(here < sa.tuple_(sa.literal(last.placed_at, Instant), sa.literal(last.id)))
    found = db.session.scalars(rows.limit(PAGE_LENGTH + 1)).all()
    return Page(found[:PAGE_LENGTH], len(found) > PAGE_LENGTH)


def export_rows(orders: sa.Select[Order]) -> list[tuple[Any, ...]]:
    """The same orders for a spreadsheet, amounts in euros; header in `EXPORT_HEADER`."""
    found = db.session.execute(
        orders.with_only_columns(
            Order.reference,
            Order.own_reference,
            Order.placed_at,
            Order.status,
            Order.line_count,
            Order.copy_count,
            Order.goods_cents,
            Order.carriage_cents,
            Order.gross_cents,
        ).order_by(Order.placed_at.desc(), Order.id.desc())
    )
    return [
        (
            *(row.reference, row.own_reference, clock.in_paris(row.placed_at).strftime("%d/%m/%Y %H:%M")),
            *(row.status.label, row.line_count, row.copy_count),
            *(_euros(cents) for cents in (row.goods_cents, row.carriage_cents, row.gross_cents)),
        )
        for row in found
    ]


def _euros(cents: int | None) -> str:
    return "" if cents is None else f"{money.euros(cents):.2f}".replace(".", ",")
