"""What a line of the bank's statement is, and where it stands (domain.md §9)."""

import datetime as dt
import enum
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from harmattan.core import states


class LineState(enum.StrEnum):
    WAITING = "waiting"
    BOOKED = "booked"
    SET_ASIDE = "set_aside"
    DEBIT = "debit"

    @property
    def label(self) -> str:
        return _STATES[self]


_STATES = {
    LineState.WAITING: "À traiter",
    LineState.BOOKED: "Enregistrées",
    LineState.SET_ASIDE: "Mises de côté",
    LineState.DEBIT: "Débits",
}


class Verdict(states.State):
    """How far what a line says leads to its account and its invoices."""

    SURE = "sure", "Sûr", "fait"
    DOUBTFUL = "doubtful", "À vérifier", "att"
    UNKNOWN = "unknown", "Compte inconnu", "err"


@dataclass(frozen=True)
class Entry:
    """One movement as the bank's file tells it."""

    number: int
    """Of its line in the file."""
    booked_on: dt.date
    label: str
    amount_cents: int
    """What came in; negative for what went out."""
    reference: str = ""

    @property
    def facts(self) -> tuple[str, str, int, str]:
        return self.booked_on.isoformat(), self.label, self.amount_cents, self.reference


def fingerprints(entries: Iterable[Entry]) -> Iterator[tuple[Entry, str]]:
    """Each entry with what it is known by for ever: its facts, and its rank among those with the same facts.

    Two exports that overlap say the same movement in the same words: it is one. Two equal movements of one
    day are two.
    """
    ranks: Counter[tuple[str, str, int, str]] = Counter()
    for entry in entries:
        ranks[entry.facts] += 1
        told = "\x1f".join((*map(str, entry.facts), str(ranks[entry.facts])))
        yield entry, hashlib.sha256(told.encode()).hexdigest()
