"""The past of the demonstration: working days before now, and the clock set there for a while."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from harmattan.core import clock, dates
from harmattan.core.extensions import db


def working_days_ago(days: int, hour: int = 10, minute: int = 0) -> dt.datetime:
    """That time of a working day gone by; never later than a few minutes ago."""
    day = dates.previous_working_day(clock.today())
    for _ in range(days):
        day = dates.previous_working_day(day - dt.timedelta(days=1))
    return min(clock.at_paris(day, dt.time(hour, minute)), clock.now() - dt.timedelta(minutes=5))


def working_days_ahead(days: int) -> dt.date:
    """A working day to come."""
    return dates.add_working_days(clock.today(), days)


@contextmanager
def clock_at(instant: dt.datetime) -> Iterator[None]:
    """Everything inside happens at this instant, and is written then: rows take their time as they are."""
    ahead = clock.now() - dt.datetime.now(dt.UTC)
    clock.start_at(instant)
    try:
        yield
        db.session.flush()
    finally:
        clock.start_at(dt.datetime.now(dt.UTC) + ahead)
