"""Whom accounting may remind, how firmly, and what forbids it today. Pure: the day is passed in.

Days are working days: a reminder leaves only after a few days of grace, and never soon after another one.
"""

import datetime as dt
import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from harmattan.core import dates
from harmattan.core.typography import date_long, euros

GRACE_DAYS = 5
"""Working days that a late invoice is left alone: transfers and cheques take their time."""
REST_DAYS = 8
"""Working days between two reminders of an account; also how long the last one leaves."""
DECLARED_DAYS = 10
"""Working days that a payment announced is waited for."""
FLOOR_CENTS = 2_000
"""Below, nobody is written to."""
LONGEST_SET_ASIDE = 366


class Level(enum.StrEnum):
    COURTEOUS = "courteous"
    FIRM = "firm"
    LAST = "last"

    @property
    def label(self) -> str:
        return _LEVELS[self][0]

    @property
    def slug(self) -> str:
        """Its word in addresses."""
        return _LEVELS[self][1]


_LEVELS = {
    Level.COURTEOUS: ("Courtoise", "courtoise"),
    Level.FIRM: ("Ferme", "ferme"),
    Level.LAST: ("Dernière avant blocage", "derniere"),
}
BY_SLUG = {level.slug: level for level in Level}
_ORDER = tuple(Level)


class Hindrance(enum.StrEnum):
    """Why an account is not reminded today."""

    SET_ASIDE = "set_aside"
    DECLARED = "declared"
    LCR = "lcr"
    COVERED = "covered"
    SMALL = "small"
    GRACE = "grace"
    REST = "rest"
    EXHAUSTED = "exhausted"


@dataclass(frozen=True)
class Late:
    """An invoice whose day has passed."""

    number: str
    issued_on: dt.date
    due_on: dt.date
    open_cents: int
    set_aside_until: dt.date | None = None
    """The last day on which a dispute keeps it out of reminders."""

    def is_set_aside(self, today: dt.date) -> bool:
        return self.set_aside_until is not None and today <= self.set_aside_until


@dataclass(frozen=True)
class Previous:
    """The reminder before."""

    place: int
    """Which of the account's it was."""
    level: Level
    on: dt.date
    numbers: Collection[str]


@dataclass(frozen=True)
class Facts:
    """What is known of an account that owes."""

    late: Sequence[Late]
    free_cents: int = 0
    """Credits and payments that settle nothing yet (R82)."""
    declared_on: dt.date | None = None
    """When it announced the latest payment that has not arrived."""
    has_lcr: bool = False
    """A bill at our bank takes some of its invoices."""
    previous: Previous | None = None


@dataclass(frozen=True)
class Verdict:
    """What may be sent today, or what forbids it and until when."""

    level: Level | None
    hindrance: Hindrance | None
    why: str
    """In French, for accounting."""
    claimed: tuple[Late, ...]
    """The invoices that a reminder lists, the oldest first."""
    free_cents: int

    @property
    def claimed_cents(self) -> int:
        return sum(each.open_cents for each in self.claimed)

    @property
    def to_pay_cents(self) -> int:
        """Credits deducted; never negative (R82)."""
        return max(self.claimed_cents - self.free_cents, 0)

    @property
    def levels(self) -> tuple[Level, ...]:
        """What accounting may choose: as firm as it has come to, or milder."""
        return _ORDER[: _ORDER.index(self.level) + 1] if self.level else ()


def verdict(facts: Facts, today: dt.date, closed: Collection[dt.date] = ()) -> Verdict:
    """Whether the account may be reminded today, and how firmly."""
    late = sorted(facts.late, key=lambda each: (each.due_on, each.number))
    claimed = tuple(each for each in late if not each.is_set_aside(today))
    held = Verdict(None, None, "", claimed, facts.free_cents)
    level = _level(claimed, facts.previous)
    found = _hindrance(facts, held, today, closed)
    if found is None and level is None:
        found = Hindrance.EXHAUSTED, "La dernière relance est partie : téléphonez"
    hindrance, why = found or (None, "")
    return Verdict(level if hindrance is None else None, hindrance, why, claimed, facts.free_cents)


def _level(claimed: Sequence[Late], previous: Previous | None) -> Level | None:
    """One step firmer while an invoice of the one before is still late, or courteous; None after the last."""
    if previous is None or not any(each.number in previous.numbers for each in claimed):
        return Level.COURTEOUS
    return next(iter(_ORDER[_ORDER.index(previous.level) + 1 :]), None)


def _hindrance(
    facts: Facts, held: Verdict, today: dt.date, closed: Collection[dt.date]
) -> tuple[Hindrance, str] | None:
    """The first thing that forbids a reminder, what is about money first."""
    return (
        _about_money(facts, held, today, closed)
        or _waits(Hindrance.GRACE, grace_ends(held.claimed[0].due_on, closed), today)
        or (facts.previous and _waits(Hindrance.REST, rest_ends(facts.previous.on, closed), today))
        or None
    )


def _about_money(
    facts: Facts, held: Verdict, today: dt.date, closed: Collection[dt.date]
) -> tuple[Hindrance, str] | None:
    if not held.claimed:
        until = max(each.set_aside_until for each in facts.late if each.set_aside_until)
        return Hindrance.SET_ASIDE, f"Mis de côté jusqu’au {date_long(until)}"
    if facts.has_lcr:
        return Hindrance.LCR, "Une LCR est en cours"
    if facts.declared_on and today <= awaited_until(facts.declared_on, closed):
        return Hindrance.DECLARED, f"Règlement annoncé le {date_long(facts.declared_on)}, attendu"
    if not held.to_pay_cents:
        return Hindrance.COVERED, "Des avoirs ou des règlements à affecter couvrent ce qui est échu"
    if held.to_pay_cents < FLOOR_CENTS:
        return Hindrance.SMALL, f"Moins de {euros(FLOOR_CENTS)} : on ne relance pas"
    return None


def _waits(hindrance: Hindrance, first: dt.date, today: dt.date) -> tuple[Hindrance, str] | None:
    return (hindrance, f"Relance possible à partir du {date_long(first)}") if today < first else None


def grace_ends(due_on: dt.date, closed: Collection[dt.date] = ()) -> dt.date:
    """The first day on which an invoice due that day may be claimed."""
    return dates.add_working_days(due_on, GRACE_DAYS + 1, closed)


def rest_ends(sent_on: dt.date, closed: Collection[dt.date] = ()) -> dt.date:
    """The first day on which an account reminded that day may be reminded again."""
    return dates.add_working_days(sent_on, REST_DAYS, closed)


def awaited_until(declared_on: dt.date, closed: Collection[dt.date] = ()) -> dt.date:
    """The last day on which a payment announced that day is waited for."""
    return dates.add_working_days(declared_on, DECLARED_DAYS, closed)


def set_aside_fault(until: dt.date, today: dt.date) -> str:
    """Why a dispute cannot be set aside until this day, or nothing."""
    if today < until <= today + dt.timedelta(days=LONGEST_SET_ASIDE):
        return ""
    return "Choisissez un jour à venir, dans un an au plus"
