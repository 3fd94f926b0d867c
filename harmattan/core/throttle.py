"""How often something may be tried (ASVS 2.4.1): counters in the database, one row per key and window."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, Session, mapped_column

from harmattan.core import clock, database
from harmattan.core.extensions import Base, db

KEPT_FOR = dt.timedelta(days=2)
"""Longer than any window."""


class TooMany(Exception):
    """Tried too often; `retry_after` says after how many seconds it may be tried again."""

    def __init__(self, retry_after: int):
        super().__init__("tried too often")
        self.retry_after = retry_after


class Limit(NamedTuple):
    """So many tries under this key in a window of this length."""

    key: str
    most: int
    window: dt.timedelta


class ThrottleCount(Base):
    __tablename__ = "throttle_counts"

    key: Mapped[str] = mapped_column(sa.String(200), primary_key=True)
    window_start: Mapped[dt.datetime] = mapped_column(primary_key=True)
    count: Mapped[int]


def count(key: str, limit: int, window: dt.timedelta) -> None:
    """Count one try under the key, kept whatever becomes of the request; raises `TooMany` past the limit.

    The limit is multiplied by the setting `THROTTLE`, which load tests raise.
    """
    count_all([Limit(key, limit, window)])


def count_all(limits: Iterable[Limit], also: Iterable[sa.Update | sa.Insert] = ()) -> None:
    """Count one try under each key, in turn, until one is past its limit; in one transaction.

    `also` are changes that the try makes, in that same transaction: a second one could be timed.
    """
    with database.aside() as session:
        past = next((limit for limit in limits if _increment(session, limit) > _most(limit)), None)
        if past is None:
            for change in also:
                session.execute(change)
    if past is not None:
        end = _window_start(past.window) + past.window
        raise TooMany(int((end - clock.now()).total_seconds()) + 1)


def forgive(*limits: Limit) -> None:
    """Take back one try under each key, in the transaction of what it opened: only failures add up."""
    for key, _, window in limits:
        counted = (ThrottleCount.key == key[:200], ThrottleCount.window_start == _window_start(window))
        database.changed_rows(sa.update(ThrottleCount).where(*counted).values(count=ThrottleCount.count - 1))


def _most(limit: Limit) -> float:
    factor: float = current_app.config["THROTTLE"]
    return limit.most * factor


def _window_start(window: dt.timedelta) -> dt.datetime:
    seconds = int(window.total_seconds())
    return dt.datetime.fromtimestamp(int(clock.now().timestamp()) // seconds * seconds, dt.UTC)


def _increment(session: Session, limit: Limit) -> int:
    start = _window_start(limit.window)
    statement = database.insert(ThrottleCount).values(key=limit.key[:200], window_start=start, count=1)
    return session.scalars(
        statement.on_conflict_do_update(
            index_elements=["key", "window_start"], set_={"count": ThrottleCount.count + 1}
        ).returning(ThrottleCount.count)
    ).one()


def forget_old() -> None:
    """Drop counters of windows that ended long ago."""
    db.session.execute(sa.delete(ThrottleCount).where(ThrottleCount.window_start < clock.now() - KEPT_FOR))
