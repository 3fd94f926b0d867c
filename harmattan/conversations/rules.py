"""The life of a thread between a customer and a service, and its answer-by clock (R100, R103, J14)."""

import datetime as dt
import enum
from collections.abc import Iterator

from harmattan.core import clock, dates
from harmattan.core.services import Service
from harmattan.core.settings import House


class ThreadState(enum.StrEnum):
    OPEN = "open"
    WAITING_FOR_CUSTOMER = "waiting_for_customer"
    CLOSED = "closed"


class Action(enum.StrEnum):
    TAKE = "take"
    TRANSFER = "transfer"
    ANSWER = "answer"
    WRITE = "write"
    CLOSE = "close"


TRANSITIONS: dict[ThreadState, dict[Action, ThreadState]] = {
    ThreadState.OPEN: {
        Action.TAKE: ThreadState.OPEN,
        Action.TRANSFER: ThreadState.OPEN,
        Action.ANSWER: ThreadState.WAITING_FOR_CUSTOMER,
        Action.WRITE: ThreadState.OPEN,
        Action.CLOSE: ThreadState.CLOSED,
    },
    ThreadState.WAITING_FOR_CUSTOMER: {
        Action.TAKE: ThreadState.WAITING_FOR_CUSTOMER,
        Action.TRANSFER: ThreadState.WAITING_FOR_CUSTOMER,
        Action.ANSWER: ThreadState.WAITING_FOR_CUSTOMER,
        Action.WRITE: ThreadState.OPEN,
        Action.CLOSE: ThreadState.CLOSED,
    },
    ThreadState.CLOSED: {Action.ANSWER: ThreadState.WAITING_FOR_CUSTOMER, Action.WRITE: ThreadState.OPEN},
}
"""Taking and handing on move no state: they stand here to say when they may happen."""


MESSAGES_OF_A_USER = 20
MESSAGES_OF_A_NETWORK = 5
MESSAGES_WINDOW = dt.timedelta(hours=1)
"""How many messages a person, or all visitors of one network, may send in an hour (J14)."""


def answer_by(received: dt.datetime, service: Service, house: House) -> dt.datetime:
    """Until when the service answers: its promised working days, counted in minutes of desk hours.

    What comes in out of hours counts from the next opening. The clock stops when the service has
    answered, so time spent waiting for the customer never counts; the customer's next message
    starts it again. Handing a thread on to another service leaves it alone.
    """
    minutes = house.answer_days[service.value] * _minutes_a_day(house)
    return add_working_minutes(received, minutes, house)


def add_working_minutes(start: dt.datetime, minutes: int, house: House) -> dt.datetime:
    """The instant when the desks have been open for so many minutes since `start`."""
    left = dt.timedelta(minutes=minutes)
    spans = _open_spans(start, house)
    opens, closes = next(spans)
    while closes - opens < left:
        left -= closes - opens
        opens, closes = next(spans)
    return opens + left


def working_minutes(first: dt.datetime, last: dt.datetime, house: House) -> int:
    """How many minutes of desk hours lie between two instants; negative when `last` comes first."""
    if last < first:
        return -working_minutes(last, first, house)
    total = dt.timedelta(0)
    for opens, closes in _open_spans(first, house):
        if opens >= last:
            break
        total += min(closes, last) - opens
    return round(total.total_seconds() / 60)


def _open_spans(start: dt.datetime, house: House) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """When the desks are open from `start` on, for ever; the span under way is cut at `start`."""
    day = clock.in_paris(start).date()
    while True:
        day = dates.next_working_day(day, house.closing_days)
        opens = clock.at_paris(day, house.desk_opens)
        closes = clock.at_paris(day, house.desk_closes)
        if closes > start:
            yield max(opens, start.astimezone(dt.UTC)), closes
        day += dt.timedelta(days=1)


def _minutes_a_day(house: House) -> int:
    opens, closes = house.desk_opens, house.desk_closes
    return (closes.hour - opens.hour) * 60 + closes.minute - opens.minute


def opens_files(bank_details: bool, service: Service) -> bool:
    """Whether a service may open the files of a thread: bank details are for accounting alone (R80)."""
    return not bank_details or service is Service.ACCOUNTING
