"""The life of a thread between a customer and a service, and its answer-by clock (R100, R103, J14)."""

import datetime as dt
import enum
import unicodedata
from collections.abc import Iterator

from harmattan.core import clock, dates
from harmattan.core.services import Service
from harmattan.core.settings import House


class ThreadState(enum.StrEnum):
    OPEN = "open"
    WAITING_FOR_CUSTOMER = "waiting_for_customer"
    SNOOZED = "snoozed"
    CLOSED = "closed"
    MERGED = "merged"


class Action(enum.StrEnum):
    TAKE = "take"
    TRANSFER = "transfer"
    ANSWER = "answer"
    WRITE = "write"
    SNOOZE = "snooze"
    WAKE = "wake"
    CLOSE = "close"
    MERGE = "merge"
    """Its texts pass to another thread of the same person."""
    ABSORB = "absorb"
    """It takes in a thread that waits for no answer of ours."""
    REOPEN = "reopen"
    """It takes in one that does."""


_AT_ANY_TIME = {
    Action.ANSWER: ThreadState.WAITING_FOR_CUSTOMER,
    Action.WRITE: ThreadState.OPEN,
    Action.MERGE: ThreadState.MERGED,
    Action.REOPEN: ThreadState.OPEN,
}


def _staying(state: ThreadState, *actions: Action) -> dict[Action, ThreadState]:
    """These move no state: they stand in the table to say when they may happen."""
    return dict.fromkeys(actions, state)


_IN_HAND = (Action.TAKE, Action.TRANSFER, Action.ABSORB)

TRANSITIONS: dict[ThreadState, dict[Action, ThreadState]] = {
    ThreadState.OPEN: {
        **_staying(ThreadState.OPEN, *_IN_HAND),
        **_AT_ANY_TIME,
        Action.SNOOZE: ThreadState.SNOOZED,
        Action.CLOSE: ThreadState.CLOSED,
    },
    ThreadState.WAITING_FOR_CUSTOMER: {
        **_staying(ThreadState.WAITING_FOR_CUSTOMER, *_IN_HAND),
        **_AT_ANY_TIME,
        Action.SNOOZE: ThreadState.SNOOZED,
        Action.CLOSE: ThreadState.CLOSED,
    },
    ThreadState.SNOOZED: {
        **_staying(ThreadState.SNOOZED, *_IN_HAND),
        **_AT_ANY_TIME,
        Action.WAKE: ThreadState.OPEN,
        Action.CLOSE: ThreadState.CLOSED,
    },
    ThreadState.CLOSED: {**_staying(ThreadState.CLOSED, Action.ABSORB), **_AT_ANY_TIME},
    ThreadState.MERGED: {},
}

PRESENCE = dt.timedelta(minutes=15)
"""How long somebody who opened a thread counts as being at it."""

LONGEST_SLEEP = dt.timedelta(days=180)


def sleep_fault(until: dt.date, today: dt.date) -> str | None:
    """What is wrong with the day until which a thread is to sleep, in French."""
    if until <= today:
        return "Choisissez un jour à venir"
    if until > today + LONGEST_SLEEP:
        return f"Choisissez un jour d’ici {LONGEST_SLEEP.days} jours"
    return None


def wakes_at(until: dt.date, house: House) -> dt.datetime:
    """When a sleeping thread comes back to its queue: the opening of that day, or of the next working one."""
    return clock.at_paris(dates.next_working_day(until, house.closing_days), house.desk_opens)


def hides_a_promise(state: ThreadState, promised: dt.datetime, wakes: dt.datetime) -> bool:
    """Whether a thread would sleep over the answer that is owed: sleep never stops the clock."""
    return state is ThreadState.OPEN and wakes > promised


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


_UNSEEN = ("Cc", "Cs")


def plain_text(text: str | None) -> str:
    """Text as somebody wrote it: line breaks kept, control characters dropped."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in _UNSEEN).strip()


def opens_files(bank_details: bool, service: Service) -> bool:
    """Whether a service may open the files of a thread: bank details are for accounting alone (R80)."""
    return not bank_details or service is Service.ACCOUNTING
