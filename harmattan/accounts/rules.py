"""How far an account's access is, and which account numbers a list holds (R1, R21)."""

import datetime as dt
import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from harmattan.core.services import ANSWERING, Service

KEEPERS = (Service.SALES, Service.SETTINGS)
"""Who invites, suspends and names principal users; the other services read along."""
VIEWERS = ANSWERING
"""Who may look at the portal as a customer sees it."""

NEVER_CONNECTED_AFTER = dt.timedelta(days=30)
MOST_NUMBERS = 5_000

_NUMBER = re.compile(r"\d{4,10}")
_CELLS = re.compile(r"[;,\t]")


class AccessState(enum.StrEnum):
    """How far an account is on its way into the portal."""

    NONE = "none"
    INVITED = "invited"
    ACTIVATED = "activated"
    CONNECTED = "connected"

    @property
    def label(self) -> str:
        """« Invité »"""
        return _LABELS[self][0]

    @property
    def tone(self) -> str:
        """The colour of its spine."""
        return _LABELS[self][1]

    @property
    def slug(self) -> str:
        """Its word in addresses."""
        return _LABELS[self][2]


_LABELS = {
    AccessState.NONE: ("À inviter", "", "a-inviter"),
    AccessState.INVITED: ("Invité", "att", "invites"),
    AccessState.ACTIVATED: ("Activé, jamais connecté", "cours", "actives"),
    AccessState.CONNECTED: ("Connecté", "fait", "connectes"),
}


@dataclass
class NumberList:
    """The account numbers of a list, each once, and the lines in which none was found."""

    numbers: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def read_numbers(lines: Iterable[str]) -> NumberList:
    """The first cell of each line that is an account number; a heading is no unread line."""
    found = NumberList()
    for position, line in enumerate(lines):
        cells = ["".join(cell.strip(' "').split()) for cell in _CELLS.split(line)]
        number = next((cell for cell in cells if _NUMBER.fullmatch(cell)), None)
        if number is None and line.strip() and position > 0:
            found.unread.append(line.strip())
        elif number is not None and number not in found.numbers:
            found.numbers.append(number)
    return found
