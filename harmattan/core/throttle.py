"""How often something may be tried (ASVS 2.4.1): counters in the database, one row per key and window."""

import datetime as dt

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from harmattan.core import clock, database
from harmattan.core.extensions import Base, db

KEPT_FOR = dt.timedelta(days=2)
"""Longer than any window."""


class TooMany(Exception):
    """Tried too often; `retry_after` says after how many seconds it may be tried again."""

    def __init__(self, retry_after: int):
        super().__init__("tried too often")
        self.retry_after = retry_after


class ThrottleCount(Base):
    __tablename__ = "throttle_counts"

    key: Mapped[str] = mapped_column(sa.String(200), primary_key=True)
    window_start: Mapped[dt.datetime] = mapped_column(primary_key=True)
    count: Mapped[int]


def count(key: str, limit: int, window: dt.timedelta) -> None:
    """Count one try under the key, kept whatever becomes of the request; raises `TooMany` past the limit.

    The limit is multiplied by the setting `THROTTLE`, which load tests raise.
    """
    start = _window_start(window)
    if _increment(key, start) > limit * current_app.config["THROTTLE"]:
        raise TooMany(int((start + window - clock.now()).total_seconds()) + 1)


def forgive(key: str, window: dt.timedelta) -> None:
    """Take back one counted try, because it was a good one: only failures add up."""
    with database.aside() as session:
        session.execute(
            sa.update(ThrottleCount)
            .where(ThrottleCount.key == key[:200], ThrottleCount.window_start == _window_start(window))
            .values(count=ThrottleCount.count - 1)
        )


def _window_start(window: dt.timedelta) -> dt.datetime:
    seconds = int(window.total_seconds())
    return dt.datetime.fromtimestamp(int(clock.now().timestamp()) // seconds * seconds, dt.UTC)


def _increment(key: str, start: dt.datetime) -> int:
    statement = database.insert(ThrottleCount).values(key=key[:200], window_start=start, count=1)
    with database.aside() as session:
        return session.scalars(
            statement.on_conflict_do_update(
                index_elements=["key", "window_start"], set_={"count": ThrottleCount.count + 1}
            ).returning(ThrottleCount.count)
        ).one()


def forget_old() -> None:
    """Drop counters of windows that ended long ago."""
    db.session.execute(sa.delete(ThrottleCount).where(ThrottleCount.window_start < clock.now() - KEPT_FOR))
