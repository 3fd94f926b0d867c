"""The life of an import run, what ONIX codes mean for us, and when a message is too old (domain.md §2)."""

import datetime as dt
import enum

from harmattan.catalogue.rules import Availability
from harmattan.core import states


class RunState(states.State):
    WAITING = "waiting", "En attente", "att"
    RUNNING = "running", "En cours", "cours"
    DONE = "done", "Terminé", "fait"
    FAILED = "failed", "Fichier refusé", "err"

    @property
    def is_final(self) -> bool:
        return not TRANSITIONS[self]


class Action(enum.StrEnum):
    START = "start"
    FINISH = "finish"
    REFUSE = "refuse"


TRANSITIONS: dict[RunState, dict[Action, RunState]] = {
    RunState.WAITING: {Action.START: RunState.RUNNING, Action.REFUSE: RunState.FAILED},
    RunState.RUNNING: {
        Action.START: RunState.RUNNING,
        Action.FINISH: RunState.DONE,
        Action.REFUSE: RunState.FAILED,
    },
    RunState.DONE: {},
    RunState.FAILED: {},
}
"""A run whose worker died is started again, and goes on after the last batch it wrote."""

MAXIMUM_UPLOAD = 200 * 1024 * 1024
"""The largest file the page takes, in octets; `flask catalogue import` takes any."""
BATCH = 500
"""Records written in one transaction: short enough that nobody waits for the lock."""
FILES_KEPT_FOR = dt.timedelta(days=30)
"""How long the file of a dry run waits to be applied."""

FULL_RECORD = frozenset({"01", "02", "03"})
BLOCK_UPDATE, DELETION = "04", "05"
TEST_RECORD = frozenset({"88", "89"})
"""Notification types, ONIX list 1."""

_AVAILABILITY = {
    Availability.AVAILABLE: "20 21 22",
    Availability.ON_DEMAND: "23",
    Availability.FORTHCOMING: "10 11 12",
    Availability.REPRINTING: "32",
    Availability.TEMPORARILY_UNAVAILABLE: "31 34",
    Availability.MISSING_UNDATED: "30",
    Availability.TO_BE_REISSUED: "33",
    Availability.NO_LONGER_DISTRIBUTED: "43",
    Availability.OUT_OF_PRINT: "40 41 42 46 48 49 51 52",
    Availability.ABANDONED: "01 09",
    Availability.ON_REQUEST: "44 45 47 50 97 98 99",
}
_OF_CODE = {code: state for state, codes in _AVAILABILITY.items() for code in codes.split()}


def availability_of(code: str, expected_on: dt.date | None) -> Availability | None:
    """Our word for an ONIX availability (list 65); None for an unknown code.

    Code 30 with an expected date is temporarily unavailable, without one it is missing (§2.3).
    """
    found = _OF_CODE.get(code)
    if found is Availability.MISSING_UNDATED and expected_on is not None:
        return Availability.TEMPORARILY_UNAVAILABLE
    return found


def is_older(
    number: int | None, sent_at: dt.datetime | None, last_number: int | None, last_sent_at: dt.datetime | None
) -> bool:
    """Whether a sender's message comes before the last one applied: by date, else by number (§2.2)."""
    if sent_at and last_sent_at and sent_at != last_sent_at:
        return sent_at < last_sent_at
    return number is not None and last_number is not None and number < last_number
