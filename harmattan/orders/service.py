"""The life of an order: the only writer of its state, and why it refuses."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from harmattan.catalogue.rules import Availability
from harmattan.core import audit, clock, database
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.settings import house
from harmattan.core.steps import Step
from harmattan.core.typography import moment
from harmattan.deliveries import service as deliveries
from harmattan.orders import rules, standings
from harmattan.orders.models import Order, OrderEvent, OrderLine
from harmattan.orders.rules import TRANSITIONS, Action, Status
from harmattan.outbox import service as outbox
from harmattan.outbox.attachments import Attached


class TooLate(Refusal):
    """A validated order is neither changed nor cancelled (R51, R52)."""

    title = "La commande ne peut plus être modifiée"


class ThroughSales(Refusal):
    """A recorded order is changed by sales, at the shop's request (R50); its dates too (R55, R62)."""

    title = "La commande est enregistrée : écrivez au service commercial"


class NotInThisState(Refusal):
    """The order is in a state in which this cannot be done."""


class AlreadyValidated(NotInThisState):
    """A colleague was faster (F17)."""

    title = "La commande est déjà validée"


class Overtaken(Refusal):
    """Somebody changed the order since it was read or shown: nothing is decided over their head (F17)."""

    title = "La commande a changé entre-temps"


class Actor(Protocol):
    """Whoever acts: a person of a shop or of the house, or the warehouse by its file."""

    @property
    def name(self) -> str: ...

    @property
    def is_staff(self) -> bool: ...


def act(
    order: Order,
    action: Action,
    actor: Actor,
    text: str = "",
    *,
    attached: Sequence[Attached] = (),
    **facts: Any,
) -> None:
    """Lead an order to its next state, or do what leaves it there: the only writer of `status` (R106).

    `facts` are what the act changes besides, in the same conditional update; they raise the order's version.
    Raises `TooLate`, `Overtaken` or `NotInThisState` where the order, as it is in the database now, does not
    allow it; of two acts at once one is refused.
    """
    waited_for_the_shop = order.date_is_proposed
    target = TRANSITIONS[order.status].get(action)
    if target is None or not _moved(order, target, facts):
        raise refusal(order, action)
    if target is Status.CANCELLED:
        _ship_nothing(order)
    _promise(order, action, waited_for_the_shop)
    note(order, action, actor, text)
    if action in rules.TOLD_BY_MAIL and actor.is_staff:
        tell_the_shop(order, text, attached)


def _moved(order: Order, target: Status, facts: dict[str, Any]) -> bool:
    """Change the order unless somebody else has changed it since it was read."""
    values = facts | {
        "status": target,
        "status_since": order.status_since if target is order.status else clock.now(),
        "version": order.version + 1 if facts else order.version,
    }
    as_read = (Order.id == order.id, Order.status == order.status, Order.version == order.version)
    if not database.changed_rows(sa.update(Order).where(*as_read).values(values)):
        return False
    for name, value in values.items():
        set_committed_value(order, name, value)
    return True


def _promise(order: Order, action: Action, waited_for_the_shop: bool) -> None:
    """The day announced for the next step: of the shop none, sales' check counts from its word (R57)."""
    if action is Action.VALIDATE:
        order.promised_on = _departure(order)
    elif order.status is Status.DETAILS_REQUESTED or order.date_is_proposed:
        order.promised_on = None
    elif order.status is Status.RECORDED and waited_for_the_shop:
        order.promised_on = standings.checked_by(clock.now(), house())


def _ship_nothing(order: Order) -> None:
    db.session.execute(
        sa.update(OrderLine).where(OrderLine.order_id == order.id).values(cancelled=OrderLine.quantity),
        execution_options={"synchronize_session": "fetch"},
    )


def _departure(order: Order) -> dt.date | None:
    """When it leaves; no day is promised where nothing of it is on sale yet."""
    on_sale = [each for each in Availability if each.ships_from_stock]
    ships = sa.exists().where(OrderLine.order_id == order.id, OrderLine.availability.in_(on_sale))
    if not db.session.scalar(sa.select(ships)):
        return None
    validated = clock.in_paris(order.status_since)
    return standings.departure(validated, order.mode, order.not_before, deliveries.delays())


def note(order: Order, action: Action, actor: Actor, text: str) -> None:
    """Write down what was done with the order: who, when, what was said (R106)."""
    event = OrderEvent(
        order_id=order.id,
        at=clock.now(),
        actor=actor.name,
        action=action,
        status=order.status,
        text=text,
    )
    db.session.add(event)
    audit.record(f"orders.{action}", order.reference, actor=actor.name, account_id=order.account_id)


def standing_of(order: Order) -> standings.Standing:
    """Where the order stands, with what the house promises."""
    return standings.standing(
        order.status, order.status_since, house(), order.promised_on, order.urgent_date_state
    )


def steps_of(order: Order) -> list[Step]:
    """What happened to the order, what is under way and what is ahead."""
    events = [(each.action, each.at, each.text) for each in order.events]
    return standings.timeline(order.status, events, order.urgent_date_state)


def tell_the_shop(order: Order, text: str, attached: Sequence[Attached] = ()) -> None:
    """Write to whoever placed the order where it stands, and what was said."""
    standing = standing_of(order)
    outbox.queue(
        "order_changed",
        order.placed_by.email,
        service=standing.desk,
        account_id=order.account_id,
        reference=order.reference,
        attached=attached,
        order=order,
        standing=standing,
        text=text,
    )


def no_change(order: Order, contact_url: str) -> Refusal:
    """Why the shop cannot change this order here, and which door is open (R50, R51, R55, R62, R86)."""
    standing = standing_of(order)
    message = f"{_state_since(order)}. {standing.door}"
    if order.status.is_validated:
        return TooLate(message)
    return ThroughSales(message, ("Écrire au service commercial", contact_url))


def refusal(order: Order, action: Action) -> Refusal:
    """Why this cannot be done with the order as it stands, and since when."""
    db.session.refresh(order, ["status", "status_since", "version"])
    since = _state_since(order)
    if order.status.is_validated and action in rules.BEFORE_VALIDATION:
        return TooLate(f"{since} : elle ne peut plus être modifiée ni annulée.")
    if action is Action.VALIDATE and (done := _validation_of(order)):
        return AlreadyValidated(f"{done.actor} l’a validée le {moment(done.at)}. {done.text}.")
    if action in TRANSITIONS[order.status]:
        return Overtaken(f"{since}. Quelqu’un l’a modifiée depuis l’affichage : relisez-la, puis décidez.")
    return NotInThisState(f"{since} : cette action n’y est pas prévue.")


def _validation_of(order: Order) -> OrderEvent | None:
    """As it is in the database now, where a colleague may have been faster."""
    done = (OrderEvent.order_id == order.id, OrderEvent.action == Action.VALIDATE)
    return db.session.scalar(sa.select(OrderEvent).where(*done))


def _state_since(order: Order) -> str:
    return (
        f"La commande {order.reference} est « {order.status.label} » depuis le {moment(order.status_since)}"
    )
