"""The periods that are asked for most, of statements and of exports."""

import datetime as dt

from harmattan.core.terms import months_later
from harmattan.core.typography import month_name

LATEST_MONTHS = 3


def usual(today: dt.date, *, with_this_month: bool) -> list[tuple[str, dt.date, dt.date]]:
    """(name, first day, last day) of the latest months, then of this year and the last."""
    latest = 0 if with_this_month else 1
    months = [months_later(today, -back, 1) for back in range(latest, latest + LATEST_MONTHS)]
    years = [dt.date(today.year - back, 1, 1) for back in range(2)]
    return [
        *((month_name(first), first, months_later(first, 0, 31)) for first in months),
        *((str(first.year), first, first.replace(month=12, day=31)) for first in years),
    ]
