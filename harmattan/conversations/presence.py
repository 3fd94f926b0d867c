"""Who else is at a thread: told by the last opening of its page, no script needed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from harmattan.access.models import User
from harmattan.conversations.models import Thread, ThreadReader
from harmattan.conversations.rules import PRESENCE
from harmattan.core import clock, database
from harmattan.core.extensions import db


@dataclass(frozen=True)
class Colleague:
    """Somebody who opened the same thread a short while ago."""

    first_name: str
    since: dt.datetime

    @property
    def minutes(self) -> int:
        return int((clock.now() - self.since).total_seconds() // 60)


def stamp(thread: Thread, reader: User) -> None:
    """Say that somebody is at this thread, and no longer at another; reloading keeps the first time."""
    now = clock.now()
    opened = database.insert(ThreadReader).values(user_id=reader.id, thread_id=thread.id, opened_at=now)
    still_there = sa.and_(ThreadReader.thread_id == thread.id, ThreadReader.opened_at > now - PRESENCE)
    kept = sa.case((still_there, ThreadReader.opened_at), else_=now)
    with database.noting() as aside:
        aside.execute(
            opened.on_conflict_do_update(
                index_elements=["user_id"], set_={"thread_id": thread.id, "opened_at": kept}
            )
        )


def leave(reader: User) -> None:
    """Somebody has acted, and is no longer writing."""
    database.changed_rows(sa.delete(ThreadReader).where(ThreadReader.user_id == reader.id))


def others(thread: Thread, reader: User) -> Sequence[Colleague]:
    """Who else opened the thread in the last quarter of an hour, the first one first."""
    rows = db.session.execute(
        sa.select(User.first_name, ThreadReader.opened_at)
        .join(User, User.id == ThreadReader.user_id)
        .where(
            ThreadReader.thread_id == thread.id,
            ThreadReader.user_id != reader.id,
            ThreadReader.opened_at > clock.now() - PRESENCE,
        )
        .order_by(ThreadReader.opened_at)
    )
    return [Colleague(*row) for row in rows]
