"""What pages read of changes of details."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import joinedload

from harmattan.access.models import Account
from harmattan.conversations.models import Thread
from harmattan.core.extensions import db
from harmattan.core.steps import Step
from harmattan.core.worklist import Work
from harmattan.details import rules
from harmattan.details.models import DetailsChange
from harmattan.details.rules import ChangeState

SHOWN = 5
MOST_WAITING = 100


@dataclass(frozen=True)
class Told:
    """A request as its shop reads it."""

    change: DetailsChange
    steps: list[Step]


def of_account(account: Account) -> list[Told]:
    """The latest requests of an account."""
    found = db.session.scalars(
        _changes()
        .where(DetailsChange.account_id == account.id)
        .order_by(DetailsChange.asked_at.desc(), DetailsChange.id.desc())
        .limit(SHOWN)
    )
    return [Told(each, _steps(each)) for each in found]


def of_thread(thread: Thread) -> DetailsChange | None:
    """The request that a message carries."""
    return db.session.scalar(sa.select(DetailsChange).where(DetailsChange.thread_id == thread.id))


def of_reference(reference: str) -> DetailsChange | None:
    """The request of a message's number."""
    return db.session.scalar(
        _changes().join(Thread, Thread.id == DetailsChange.thread_id).where(Thread.reference == reference)
    )


def waiting() -> Sequence[DetailsChange]:
    """Those that sales have not answered, the oldest first."""
    return db.session.scalars(
        _changes()
        .options(joinedload(DetailsChange.account))
        .where(DetailsChange.state == ChangeState.WAITING)
        .order_by(DetailsChange.asked_at, DetailsChange.id)
        .limit(MOST_WAITING)
    ).all()


def work() -> Work:
    """Changes of details that sales have not answered (R59), for their worklist."""
    one, many = "changement de coordonnées à étudier", "changements de coordonnées à étudier"
    waits = DetailsChange.state == ChangeState.WAITING
    count = db.session.scalar(sa.select(sa.func.count(DetailsChange.id)).where(waits)) or 0
    return Work(one, many, url_for("staff.applications.index"), count)


def _changes() -> sa.Select[DetailsChange]:
    return sa.select(DetailsChange).options(joinedload(DetailsChange.thread))


def _steps(change: DetailsChange) -> list[Step]:
    decided = (change.decided_by, change.decided_at) if change.decided_at else None
    return rules.timeline(change.state, (change.asked_by, change.asked_at), decided, change.words)
