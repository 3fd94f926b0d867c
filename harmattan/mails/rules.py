"""What becomes of a mail that comes in, and how much of it is taken."""

import datetime as dt
import enum


class MailState(enum.StrEnum):
    JOINED = "joined"
    """Its text stands in a thread."""
    QUARANTINED = "quarantined"
    """Waits for somebody of the staff to say where it belongs."""
    DROPPED = "dropped"
    NOTED = "noted"
    """A machine wrote it: what it says is noted on the mail it is about."""


class MailAction(enum.StrEnum):
    RELEASE = "release"
    DROP = "drop"


TRANSITIONS: dict[MailState, dict[MailAction, MailState]] = {
    MailState.QUARANTINED: {MailAction.RELEASE: MailState.JOINED, MailAction.DROP: MailState.DROPPED},
    MailState.JOINED: {},
    MailState.DROPPED: {},
    MailState.NOTED: {},
}


class Reason(enum.StrEnum):
    """Why a mail waits in quarantine."""

    UNKNOWN_SENDER = "unknown_sender"
    BAD_SIGNATURE = "bad_signature"
    NO_THREAD = "no_thread"
    TOO_HEAVY = "too_heavy"
    UNREADABLE = "unreadable"

    @property
    def label(self) -> str:
        return _REASONS[self]


_REASONS = {
    Reason.UNKNOWN_SENDER: "L’adresse de l’expéditeur n’est pas celle de qui suit ce message",
    Reason.BAD_SIGNATURE: "L’adresse de réponse n’est pas l’une des nôtres",
    Reason.NO_THREAD: "Rien ne prouve à quel message ce courriel répond",
    Reason.TOO_HEAVY: "Courriel trop lourd : seul son début a été lu",
    Reason.UNREADABLE: "Courriel mal formé : seul son début a été lu",
}


class Nature(enum.StrEnum):
    """Who wrote a mail."""

    PERSON = "person"
    BOUNCE = "bounce"
    DELAY = "delay"
    """A mail server is still trying."""
    AUTOMATIC = "automatic"
    """Out of office, a list, an acknowledgement by a machine."""


MOST_OCTETS = 16 * 1024 * 1024
"""A file of ten megabytes as mail writes it, and its text."""
HEAD_OCTETS = 64 * 1024
"""What is read of a mail that is too heavy."""
MOST_PARTS = 100
DEEPEST_PART = 12
MOST_FILES = 10
LONGEST_TEXT = 100_000
"""Characters kept of a mail's text."""
LONGEST_REPLY = 10_000
"""Characters of it that enter a thread."""

FROM_ONE_ADDRESS = 20
FROM_STRANGERS = 200
WINDOW = dt.timedelta(hours=1)
"""How many mails are taken in an hour from one address, and from all those nobody knows; the others wait."""

KEPT_FOR = dt.timedelta(days=90)
"""How long what came in and is settled is remembered."""
