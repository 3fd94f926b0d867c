"""When an invoice is to be paid: payment terms as the trade words them (domain.md §9).

The parties choose the term of book sales freely (loi 2010-97): no ceiling is checked here.
"""

import calendar
import datetime as dt
import enum
from dataclasses import dataclass, replace
from functools import lru_cache

from harmattan.core.typography import date_long


class Unit(enum.StrEnum):
    DAYS = "days"
    MONTHS = "months"


class EndOfMonth(enum.StrEnum):
    """Where the end of the month comes in; « 45 jours fin de mois » is lawfully read both ways."""

    NONE = "none"
    AFTER = "after"
    """Count first, then go to the end of that month."""
    BEFORE = "before"
    """Go to the end of the invoice's month, then count."""


@dataclass(frozen=True)
class PaymentTerm:
    """A term like « 60 jours fin de mois »; `day_of_month` is the 15 of « 30 jours fin de mois le 15 »."""

    count: int
    unit: Unit = Unit.DAYS
    end_of_month: EndOfMonth = EndOfMonth.NONE
    day_of_month: int | None = None
    fixed_on: dt.date | None = None
    """A day agreed once, on a quote, which takes the place of all counting (R45)."""

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError("a term counts forwards")
        if self.day_of_month is not None:
            if not 1 <= self.day_of_month <= 31:
                raise ValueError("no month has such a day")
            if self.end_of_month is EndOfMonth.NONE:
                raise ValueError("a day of the month follows the end of a month")

    def due(self, invoiced_on: dt.date) -> dt.date:
        """The last day on which an invoice of that day is paid in time."""
        if self.fixed_on:
            return max(self.fixed_on, invoiced_on)
        if self.end_of_month is EndOfMonth.NONE:
            return self._counted(invoiced_on)
        if self.end_of_month is EndOfMonth.AFTER or self.unit is Unit.MONTHS:
            day = _month_end(self._counted(invoiced_on))
        else:
            day = self._counted(_month_end(invoiced_on))
        return day if self.day_of_month is None else _next_such_day(day, self.day_of_month)

    def extended_to(self, days: int) -> "PaymentTerm":
        """The same term prolonged once, on a quote: « 90 jours fin de mois » instead of 60 (R45)."""
        return replace(self, count=days, unit=Unit.DAYS, fixed_on=None)

    @classmethod
    def on(cls, day: dt.date) -> "PaymentTerm":
        """To be paid by that day, whenever it is invoiced."""
        return cls(0, fixed_on=day)

    @property
    def label(self) -> str:
        """« 60 jours fin de mois », « fin de mois + 45 jours », « 30 jours nets », « échéance du … »"""
        if self.fixed_on:
            return f"échéance du {date_long(self.fixed_on)}"
        if not self.count:
            return "fin de mois" if self._by_month else "réception de la facture"
        length = f"{self.count} mois" if self.unit is Unit.MONTHS else _days(self.count)
        if not self._by_month:
            return f"{length} net{'s' if self.count > 1 else ''}"
        if self.end_of_month is EndOfMonth.AFTER:
            return f"{length} fin de mois{self._on_the_day}"
        return f"fin de mois + {length}{self._on_the_day}"

    def __str__(self) -> str:
        return self.label

    @property
    def code(self) -> str:
        """As it is kept: « 60 days after », « 30 days after 15 », « on 2027-02-28 »."""
        if self.fixed_on:
            return f"on {self.fixed_on.isoformat()}"
        day = f" {self.day_of_month}" if self.day_of_month else ""
        return f"{self.count} {self.unit} {self.end_of_month}{day}"

    @classmethod
    def of_code(cls, code: str) -> "PaymentTerm":
        """The term kept under this code."""
        if code.startswith("on "):
            return cls.on(dt.date.fromisoformat(code.removeprefix("on ")))
        count, unit, end_of_month, *day = code.split()
        return cls(int(count), Unit(unit), EndOfMonth(end_of_month), int(day[0]) if day else None)

    @property
    def _by_month(self) -> bool:
        return self.end_of_month is not EndOfMonth.NONE

    @property
    def _on_the_day(self) -> str:
        return f" le {self.day_of_month}" if self.day_of_month else ""

    def _counted(self, day: dt.date) -> dt.date:
        if self.unit is Unit.MONTHS:
            return months_later(day, self.count)
        return day + dt.timedelta(days=self.count)


def _days(count: int) -> str:
    return f"{count} jour{'s' if count > 1 else ''}"


def _month_end(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


@lru_cache(maxsize=5_000)  # the same days come on every line of a return or a statement
def months_later(day: dt.date, count: int, day_of_month: int | None = None) -> dt.date:
    """The same day so many months later (or earlier), or the last of a month without such a day."""
    years, month = divmod(day.month - 1 + count, 12)
    year, month = day.year + years, month + 1
    last = calendar.monthrange(year, month)[1]
    return dt.date(year, month, min(day_of_month or day.day, last))


def _next_such_day(day: dt.date, day_of_month: int) -> dt.date:
    """The first 15th (say) after this day."""
    this_month = months_later(day, 0, day_of_month)
    return this_month if this_month > day else months_later(day, 1, day_of_month)
