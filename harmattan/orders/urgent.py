"""« Date de livraison impérative »: sales answer, the shop says yes or no to another date (R54–R57, J6)."""

import datetime as dt
from typing import Any

from harmattan.access.models import User
from harmattan.core import clock, dates
from harmattan.core.errors import Refusal
from harmattan.core.services import Service
from harmattan.core.settings import house
from harmattan.core.typography import date_long, date_weekday
from harmattan.orders.models import Order
from harmattan.orders.rules import URGENT_TRANSITIONS, Action
from harmattan.orders.service import act, refusal, standing_of
from harmattan.outbox import service as outbox


class NothingToAnswer(Refusal):
    """The date was answered already, or another answer came first."""

    title = "La date impérative n’attend plus cette réponse"


def fault_of(order: Order, day: dt.date) -> str:
    """Why this date cannot be proposed; nothing where it can."""
    if fault := fault_of_day(day):
        return fault
    if order.not_before and day < order.not_before:
        return f"La commande ne doit pas être livrée avant le {date_long(order.not_before)}"
    return "Cette date est celle que la librairie a demandée" if day == order.deliver_by else ""


def fault_of_day(day: dt.date) -> str:
    """Why nobody delivers on this day; nothing where it is a working day to come."""
    if day <= clock.today():
        return "Choisissez une date à venir"
    if not dates.is_working_day(day, house().closing_days):
        nearest = dates.next_working_day(day, house().closing_days)
        return f"Choisissez un jour ouvré, par exemple le {date_weekday(nearest)}"
    return ""


def confirm(order: Order, by: User) -> None:
    """The date can be met."""
    _answer(order, Action.CONFIRM_DATE, by, _day(order.deliver_by), proposed_date=None)
    _tell(order)


def refuse(order: Order, by: User, reason: str) -> None:
    """The date cannot be met, and no other one is offered."""
    _answer(order, Action.REFUSE_DATE, by, reason, proposed_date=None)
    _tell(order, reason)


def propose(order: Order, by: User, day: dt.date, reason: str) -> None:
    """The date cannot be met; this one can: the shop says yes or no. Sent twice, it is said once (F14)."""
    if (order.proposed_date, reason_of(order)) == (day, reason):
        return
    text = " : ".join(filter(None, [_day(day), reason]))
    _answer(order, Action.PROPOSE_DATE, by, text, proposed_date=day)
    _tell(order, reason)


def reason_of(order: Order) -> str:
    """Why sales propose another date, in their words; nothing where they gave none."""
    said = [each.text for each in order.events if each.action is Action.PROPOSE_DATE]
    return said[-1].removeprefix(_day(order.proposed_date)).removeprefix(" : ") if said else ""


def accept(order: Order, by: User) -> None:
    """The shop takes the date that sales proposed."""
    agreed = order.proposed_date
    _answer(order, Action.ACCEPT_DATE, by, _day(agreed), deliver_by=agreed, proposed_date=None)


def decline(order: Order, by: User) -> None:
    """The shop does not take it: the order stays, without a date that binds us."""
    _answer(order, Action.DECLINE_DATE, by, _day(order.proposed_date), proposed_date=None)


def _answer(order: Order, action: Action, by: User, text: str, **facts: Any) -> None:
    state = URGENT_TRANSITIONS.get(order.urgent_date_state, {}).get(action)
    if state is None:
        if order.status.is_validated:
            raise refusal(order, action)
        raise NothingToAnswer(
            f"Elle est {order.urgent_date_state.label or 'sans objet'} : relisez la commande."
        )
    act(order, action, by, text, urgent_date_state=state, **facts)


def _day(day: dt.date | None) -> str:
    return date_weekday(day) if day else ""


def _tell(order: Order, reason: str = "") -> None:
    outbox.queue(
        "order_date",
        order.placed_by.email,
        service=Service.SALES,
        account_id=order.account_id,
        reference=order.reference,
        order=order,
        standing=standing_of(order),
        reason=reason,
    )
