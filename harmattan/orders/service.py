"""The verbs of orders, and what other areas show of them."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from harmattan.access.models import User
from harmattan.core import audit, clock
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.settings import house
from harmattan.core.typography import moment
from harmattan.orders import rules
from harmattan.orders.models import Order, OrderEvent
from harmattan.orders.rules import TRANSITIONS, Action, Status
from harmattan.outbox import service as outbox

TO_CHECK = (Status.RECORDED, Status.DETAILS_REQUESTED)
STAFF_LIMIT = 100


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
