"""Put a thread aside: to sleep until a day, or into another thread of the same person."""

import datetime as dt
from typing import Any, ClassVar

import sqlalchemy as sa

from harmattan.access.models import User
from harmattan.conversations import rules
from harmattan.conversations.acting import act, lock
from harmattan.conversations.models import InternalNote, Message, Thread, ThreadEvent
from harmattan.conversations.rules import Action, ThreadState
from harmattan.core import clock, database, jobs
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.settings import house
from harmattan.core.typography import date_weekday, moment

WAKE_JOB = "conversations.wake"
_PORTAL = "le portail"


class AnswerIsDue(Refusal):
    """A thread does not sleep over an answer that was promised."""

    title: ClassVar[str] = "Une réponse est promise avant ce jour"


class NotTheSamePerson(Refusal):
    """Only threads of one person are merged: nobody reads what another wrote."""

    title: ClassVar[str] = "Ces messages ne sont pas de la même personne"


def snooze(thread: Thread, until: dt.date, by: User, seen: int) -> None:
    """Let the thread sleep until that day's opening, and tell the customer so; raises `AnswerIsDue`."""
    wakes = rules.wakes_at(until, house())
    if rules.hides_a_promise(thread.state, thread.answer_by, wakes):
        raise AnswerIsDue(
            f"La réponse est promise pour le {moment(thread.answer_by)}. Répondez d’abord : "
            "le message peut ensuite dormir aussi longtemps qu’il le faut."
        )
    facts: dict[str, Any] = {"wakes_at": wakes, "taken_by_id": thread.taken_by_id or by.id}
    if thread.state is not ThreadState.OPEN:
        facts["answer_by"] = rules.answer_by(wakes, thread.service, house())
    day = date_weekday(clock.in_paris(wakes).date())
    act(thread, Action.SNOOZE, f"{thread.service.label} : suite à partir du {day}", by.name, seen, **facts)
    jobs.enqueue(WAKE_JOB, {"thread": thread.reference}, wakes)


def wake(thread: Thread, by: User, seen: int) -> None:
    """Take the thread up before its day."""
    act(thread, Action.WAKE, f"Repris par {by.name}", by.name, seen, taken_by_id=by.id)


def wake_due(payload: dict[str, Any]) -> None:
    """A sleeping thread comes back to its queue when its day has come (a job of the worker)."""
    thread = db.session.scalars(sa.select(Thread).where(Thread.reference == payload["thread"])).one()
    lock(thread)
    if thread.state is ThreadState.SNOOZED and thread.wakes_at and thread.wakes_at <= clock.now():
        act(thread, Action.WAKE, "De retour parmi les messages à traiter", _PORTAL)


def mergeable(thread: Thread, other: Thread) -> bool:
    """Whether two threads are of the same person."""
    if thread.id == other.id or ThreadState.MERGED in (thread.state, other.state):
        return False
    if thread.account_id is None:
        return other.account_id is None and _email(thread) == _email(other)
    return (thread.account_id, thread.opened_by_id) == (other.account_id, other.opened_by_id)


def merge(thread: Thread, into: Thread, by: User, seen: int) -> None:
    """Move all that was said into another thread of the same person; raises `NotTheSamePerson`.

    What waited for our answer still does, by the earlier of the two times promised. Bank details stay
    closed: where one of the two has them, both have (R80).
    """
    for each in sorted((thread, into), key=lambda one: one.id):
        lock(each)
    if not mergeable(thread, into):
        raise NotTheSamePerson("Choisissez un autre message de la même personne.")
    waits = thread.state is ThreadState.OPEN
    facts: dict[str, Any] = {"bank_details": thread.bank_details or into.bank_details}
    if waits:
        both_wait = into.state is ThreadState.OPEN
        facts["answer_by"] = min(thread.answer_by, into.answer_by) if both_wait else thread.answer_by
    act(thread, Action.MERGE, f"Réuni au message {into.reference}", by.name, seen, merged_into_id=into.id)
    action = Action.REOPEN if waits else Action.ABSORB
    act(into, action, f"Le message {thread.reference} y est réuni", by.name, **facts)
    database.changed_rows(
        sa.update(Thread).where(Thread.merged_into_id == thread.id).values(merged_into_id=into.id)
    )
    for table in (Message, InternalNote, ThreadEvent):
        database.changed_rows(sa.update(table).where(table.thread_id == thread.id).values(thread_id=into.id))
    db.session.expire(into, ["messages", "notes", "events"])


def _email(thread: Thread) -> str:
    return thread.customer_email.casefold()
