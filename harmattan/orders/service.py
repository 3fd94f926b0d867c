"""The life of an order: the only writer of its state, and why it refuses."""

import sqlalchemy as sa

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


class TooLate(Refusal):
    """A validated order is neither changed nor cancelled (R51, R52)."""

    title = "La commande ne peut plus être modifiée"


class ThroughSales(Refusal):
    """A recorded order is changed by sales, at the shop's request (R50); its dates too (R55, R62)."""

    title = "La commande est enregistrée : écrivez au service commercial"


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
    note(order, action, actor, text)
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


def note(order: Order, action: Action, actor: User, text: str) -> None:
    """Write down what led the order to its state: who, when, what was said (R106)."""
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


def no_change(order: Order, contact_url: str) -> Refusal:
    """Why the shop cannot change this order here, and which door is open (R50, R51, R55, R62, R86)."""
    standing = rules.standing(order.status, order.status_since, house())
    message = f"{_state_since(order)}. {standing.door}"
    if order.status.is_validated:
        return TooLate(message)
    return ThroughSales(message, ("Écrire au service commercial", contact_url))


def refusal(order: Order, action: Action) -> Refusal:
    """Why this cannot be done with the order as it stands, and since when."""
    db.session.refresh(order, ["status", "status_since"])
    since = _state_since(order)
    if order.status.is_validated and action in (Action.CANCEL, Action.ASK_DETAILS, Action.ANSWER_DETAILS):
        return TooLate(f"{since} : elle ne peut plus être modifiée ni annulée.")
    return NotInThisState(f"{since} : cette action n’y est pas prévue.")


def _state_since(order: Order) -> str:
    return (
        f"La commande {order.reference} est « {order.status.label} » depuis le {moment(order.status_since)}"
    )
