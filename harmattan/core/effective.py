"""What changes from a day on: facts read now and then where they are kept, told from memory (R105)."""

import datetime as dt
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from harmattan.core.typography import date_long

Facts = TypeVar("Facts", bound=Any)

LATEST_START = dt.timedelta(days=730)
"""A year that was mistyped is no announcement."""
_A_DAY = dt.timedelta(days=1)


def start_fault(day: dt.date, today: dt.date, starts_in_days: int = 0) -> str:
    """Why a change may not begin that day, or nothing; the past stays what it was."""
    earliest = today + dt.timedelta(days=starts_in_days)
    if day < earliest:
        return f"Choisissez une date à partir du {date_long(earliest)} : ce qui est passé ne change plus"
    if day > today + LATEST_START:
        return "Choisissez une date dans les deux ans qui viennent"
    return ""


@dataclass(frozen=True)
class Span:
    """From which day on something holds, and from which day on something else does."""

    begins: dt.date
    replaced: dt.date | None = None

    def is_over(self, today: dt.date) -> bool:
        """Whether something else holds by now."""
        return self.replaced is not None and self.replaced <= today

    def told(self, today: dt.date) -> str:
        """« en vigueur depuis le 1er décembre 2026 », as it stands that day."""
        begins = date_long(self.begins)
        if self.replaced is not None and self.replaced <= self.begins:
            return f"remplacé le jour même, le {begins}"
        until = date_long(self.replaced - _A_DAY) if self.replaced else ""
        if self.begins > today:
            return f"prévu du {begins} au {until}" if until not in ("", begins) else f"prévu le {begins}"
        if self.is_over(today):
            return f"en vigueur le {begins}" if begins == until else f"en vigueur du {begins} au {until}"
        return f"en vigueur depuis le {begins}" + (f", jusqu’au {until}" if until else "")


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
