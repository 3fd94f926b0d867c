"""How long what is owed has been due (domain.md §9). Pure: the day is passed in."""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable

AGES = ("Non échu", "1 à 30 jours", "31 à 60 jours", "61 à 90 jours", "Plus de 90 jours")
_LAST_DAYS = (0, 30, 60, 90)
"""Of each age but the last, in days after the due date."""


def aged(owed: Iterable[tuple[dt.date | None, int]], on: dt.date) -> list[int]:
    """What (due date, cents) come to on that day, for each of `AGES`; what has no due date is not due."""
    cents = [0] * len(AGES)
    for due_on, amount in owed:
        late = (on - due_on).days if due_on else 0
        cents[bisect_left(_LAST_DAYS, late)] += amount
    return cents
