"""Facts that change from a day on: read now and then where they are kept, told from memory (R105)."""

import datetime as dt
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

Facts = TypeVar("Facts", bound=Any)


@dataclass(frozen=True)
class Change:
    """What is replaced from a day on; « transit_days.express » names one entry of a table."""

    valid_from: dt.date
    facts: Mapping[str, Any]


def changed(facts: Facts, changes: Mapping[str, Any]) -> Facts:
    """A copy of the frozen dataclass with some of its fields replaced, or entries of its tables."""
    replaced: dict[str, Any] = {}
    for key, value in changes.items():
        name, _, entry = key.partition(".")
        table = replaced.get(name, getattr(facts, name))
        replaced[name] = {**table, entry: value} if entry else value
    copy: Facts = replace(facts, **replaced)
    return copy


class Effective(Generic[Facts]):
    """The facts of each day: a base, and over it the changes that have begun by then, in their order.

    `read` gives those changes, the earliest first, or None where they cannot be read now: what was read
    last then holds. It is asked again once `refresh_seconds` have passed, so that every process learns of a
    change without being told.
    """

    def __init__(self, base: Facts, read: Callable[[], Sequence[Change] | None], refresh_seconds: float):
        self.base, self._read, self._refresh_seconds = base, read, refresh_seconds
        self._changes: Sequence[Change] = ()
        self._days: dict[dt.date, Facts] = {}
        self._due = 0.0

    def on(self, day: dt.date) -> Facts:
        """The facts in force that day, as far as is known now."""
        if time.monotonic() >= self._due:
            self._refresh()
        days = self._days
        if day not in days:
            days[day] = self._of(day)
        return days[day]

    def forget(self) -> None:
        """The base is another."""
        self._days = {}

    def read_again(self) -> None:
        """Something has changed: the next question reads it."""
        self._due = 0.0

    def _refresh(self) -> None:
        self._due = time.monotonic() + self._refresh_seconds  # first: one thread reads, the others go on
        changes = self._read()
        if changes is not None and changes != self._changes:
            self._changes, self._days = changes, {}

    def _of(self, day: dt.date) -> Facts:
        facts = self.base
        for change in self._changes:
            if change.valid_from <= day:
                facts = changed(facts, change.facts)
        return facts
