"""What is counted, and over which time."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from harmattan.access.models import User
from harmattan.contact.rules import Subject
from harmattan.conversations import rules as clocks
from harmattan.conversations import service as conversations
from harmattan.conversations.models import Thread
from harmattan.conversations.rules import ThreadState
from harmattan.conversations.service import Waiting
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.jobs import Job, WorkState
from harmattan.core.services import ANSWERING, Service
from harmattan.core.settings import house
from harmattan.faq.models import AnswerCount
from harmattan.faq.rules import Place
from harmattan.orders.models import Order
from harmattan.orders.rules import Status
from harmattan.outbox.models import OutboxMessage
from harmattan.oversight import rules
from harmattan.oversight.rules import Answered, Proposed

MOST_SHOWN = 50

_LABELS = {each.value: each.label for each in Subject}

Count = tuple[str, int]
"""(what in French, how many)."""


@dataclass(frozen=True)
class Figures:
    """Everything on the page, for a period of so many days."""

    days: int
    answers: Sequence[Answered]
    waiting: Mapping[Service, Waiting]
    questions: Sequence[Count]
    proposed: Sequence[Proposed]
    orders: Sequence[Count]
    mails: Mapping[WorkState, int]
    jobs: Mapping[WorkState, int]
    failed_jobs: Sequence[Job]


def of(days: int) -> Figures:
    """The figures of the days gone by; orders, mail and work as they are now."""
    since, waiting = clock.now() - dt.timedelta(days=days), conversations.waiting_by_service()
    return Figures(
        days,
        _answers(since),
        {service: waiting.get(service, Waiting()) for service in ANSWERING},
        _questions(since),
        _proposed(clock.in_paris(since).date()),
        _orders(),
        _by_state(OutboxMessage),
        _by_state(Job),
        _failed_jobs(),
    )


def _answers(since: dt.datetime) -> list[Answered]:
    facts, minutes, kept = house(), defaultdict[Service, list[int]](list), defaultdict[Service, int](int)
    rows = sa.select(Thread.service, Thread.received_at, Thread.first_answered_at)
    for service, received, answered in db.session.execute(rows.where(Thread.received_at >= since)):
        if answered is None:
            continue
        minutes[service].append(clocks.working_minutes(received, answered, facts))
        kept[service] += answered <= clocks.answer_by(received, service, facts)
    return [rules.answered(service, minutes[service], kept[service]) for service in ANSWERING]


def late_threads(viewer: User) -> Sequence[Thread]:
    """What is late and may be read: a service's own, all of them for whoever keeps the settings (R101)."""
    services = ANSWERING if viewer.service is Service.SETTINGS else (viewer.service,)
    its = (Thread.state == ThreadState.OPEN, Thread.answer_by < clock.now(), Thread.service.in_(services))
    rows = sa.select(Thread).where(*its).order_by(Thread.answer_by).limit(MOST_SHOWN)
    return db.session.scalars(rows).all()


def _questions(since: dt.datetime) -> list[Count]:
    """What people still have to write about, the most frequent first."""
    rows = sa.select(Thread.subject, sa.func.min(Thread.title), sa.func.count()).where(
        Thread.received_at >= since
    )
    counted = db.session.execute(rows.group_by(Thread.subject).order_by(sa.func.count().desc()))
    return [(_LABELS.get(subject, title), count) for subject, title, count in counted]


def _proposed(since: dt.date) -> list[Proposed]:
    """What came of the answers that the portal gives by itself."""
    place = AnswerCount.question, AnswerCount.subject
    rows = sa.select(*place, AnswerCount.said, sa.func.sum(AnswerCount.count)).where(AnswerCount.day >= since)
    counts = [
        (Place(question, subject), said, count)
        for question, subject, said, count in db.session.execute(rows.group_by(*place, AnswerCount.said))
    ]
    return rules.proposed(counts, lambda subject: _LABELS.get(subject, subject))


def _orders() -> list[Count]:
    rows = sa.select(Order.status, sa.func.count()).group_by(Order.status)
    found: dict[Status, int] = dict(db.session.execute(rows).all())
    return [(status.label, found.get(status, 0)) for status in Status]


def _by_state(table: type[OutboxMessage] | type[Job]) -> dict[WorkState, int]:
    rows = sa.select(table.state, sa.func.count()).group_by(table.state)
    found: dict[WorkState, int] = dict(db.session.execute(rows).all())
    return {state: found.get(state, 0) for state in WorkState}


def _failed_jobs() -> Sequence[Job]:
    rows = sa.select(Job).where(Job.state == WorkState.FAILED).order_by(Job.id.desc()).limit(MOST_SHOWN)
    return db.session.scalars(rows).all()
