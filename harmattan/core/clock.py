"""The one clock of the application (R108): aware UTC instants, Europe/Paris days.

Tests and the demonstration may set where it starts (`HARMATTAN_CLOCK`); it ticks on from there.
"""

import datetime as dt
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

_offset = dt.timedelta(0)


def start_at(instant: dt.datetime | None) -> None:
    """Let the clock start at this instant; a naive one is Paris time, None is the real time again."""
    global _offset  # noqa: PLW0603 -- one clock per process is the point
    if instant is None:
        _offset = dt.timedelta(0)
        return
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=PARIS)
    _offset = instant - dt.datetime.now(dt.UTC)


def now() -> dt.datetime:
    """The present instant, aware, in UTC."""
    return dt.datetime.now(dt.UTC) + _offset


def today() -> dt.date:
    """The present day in Paris."""
    return in_paris(now()).date()


def in_paris(instant: dt.datetime) -> dt.datetime:
    """The same instant on a Paris wall clock."""
    return instant.astimezone(PARIS)


def at_paris(day: dt.date, time: dt.time) -> dt.datetime:
    """The instant of a Paris wall clock reading, in UTC."""
    return dt.datetime.combine(day, time, tzinfo=PARIS).astimezone(dt.UTC)
