"""What a shop asks for, what sales propose, what the shop answers: plain values between forms and verbs."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from harmattan.core.terms import PaymentTerm
from harmattan.quotes.models import QuoteLine
from harmattan.quotes.rules import EventKind


@dataclass(frozen=True)
class Ask:
    """What the shop wishes for: a discount for an event, more time to pay, or both (R45)."""

    event_kind: EventKind | None = None
    event_name: str = ""
    event_on: dt.date | None = None
    discount_bp: int | None = None
    term: PaymentTerm | None = None
    comment: str = ""


@dataclass(frozen=True)
class Granted:
    """Copies of a line at one discount."""

    line: QuoteLine
    quantity: int
    discount_bp: int


@dataclass(frozen=True)
class Proposal:
    """What sales are about to send."""

    granted: Sequence[Granted]
    term: PaymentTerm
    valid_until: dt.date
    text: str = ""


@dataclass(frozen=True)
class Answer:
    """What the shop says to an offer; None leaves the wish as it was."""

    words: str
    discount_bp: int | None = None
    term: PaymentTerm | None = None
