"""Which of a title's dated prices holds on a day, and what changes after it (domain.md §2.2).

Pure; `Said` is whatever the sender says of one price.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Said = TypeVar("Said")

MOST_CHANGES = 20
"""So many changes of a price are looked at; a publisher announces one or two."""
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Dated(Generic[Said]):
    """A price and its days, both included."""

    said: Said
    since: dt.date = dt.date.min
    until: dt.date = dt.date.max

    def holds_on(self, day: dt.date) -> bool:
        return self.since <= day <= self.until


def of_day(prices: Sequence[Dated[Said]], day: dt.date) -> Dated[Said] | None:
    """The price in force that day, else the next one to come; None where all are over."""
    ahead = [each for each in prices if each.since > day]
    return _in_force(prices, day) or min(ahead, key=lambda each: each.since, default=None)


def changes_after(prices: Sequence[Dated[Said]], day: dt.date) -> Iterator[tuple[dt.date, Dated[Said]]]:
    """(first day, price) of whatever is in force later, in order; in a gap the last one stays."""
    begins = {each.since for each in prices}
    ends = {each.until + _DAY for each in prices if each.until < dt.date.max}
    for later in sorted(each for each in begins | ends if each > day)[:MOST_CHANGES]:
        if found := _in_force(prices, later):
            yield later, found


def _in_force(prices: Sequence[Dated[Said]], day: dt.date) -> Dated[Said] | None:
    """The latest to have begun, where several apply."""
    holding = [each for each in prices if each.holds_on(day)]
    return max(holding, key=lambda each: each.since, default=None)
