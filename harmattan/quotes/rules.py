"""The life of a quote: its states, what may be done in each, and what it is asked for (R45–R49). Pure."""

import datetime as dt
import enum
from collections.abc import Iterable

from harmattan.core import states
from harmattan.core.steps import Step


class Status(states.State):
    REQUESTED = "requested", "Demandé", "devis", "À nous : réponse du service commercial"
    OFFERED = "offered", "Proposé", "att", "À vous : accepter, répondre ou refuser"
    COUNTERED = "countered", "En discussion", "devis", "À nous : réponse du service commercial"
    ACCEPTED = "accepted", "Accepté", "fait"
    DECLINED = "declined", "Refusé", "err"
    EXPIRED = "expired", "Expiré", "err"
    WITHDRAWN = "withdrawn", "Retiré", ""

    @property
    def waits_for_sales(self) -> bool:
        return self in (Status.REQUESTED, Status.COUNTERED)


class Action(enum.StrEnum):
    REQUEST = "request"
    """The bookseller's own act, which makes the quote; every other one is in `TRANSITIONS`."""
    OFFER = "offer"
    REVISE = "revise"
    """Sales offer other terms after an acceptance: what was accepted stands until the shop agrees."""
    REFUSE = "refuse"
    """Sales do not follow the request."""
    ACCEPT = "accept"
    DECLINE = "decline"
    COUNTER = "counter"
    WITHDRAW = "withdraw"
    KEEP = "keep"
    """The shop keeps what it accepted."""
    EXPIRE = "expire"

    @property
    def step(self) -> str:
        """What the timeline says once it was done."""
        return _STEPS[self]


TRANSITIONS: dict[Status, dict[Action, Status]] = {
    Status.REQUESTED: {
        Action.OFFER: Status.OFFERED,
        Action.REFUSE: Status.DECLINED,
        Action.WITHDRAW: Status.WITHDRAWN,
    },
    Status.OFFERED: {
        Action.OFFER: Status.OFFERED,
        Action.ACCEPT: Status.ACCEPTED,
        Action.DECLINE: Status.DECLINED,
        Action.COUNTER: Status.COUNTERED,
        Action.EXPIRE: Status.EXPIRED,
    },
    Status.COUNTERED: {
        Action.OFFER: Status.OFFERED,
        Action.REFUSE: Status.DECLINED,
        Action.WITHDRAW: Status.WITHDRAWN,
    },
    Status.ACCEPTED: {
        Action.REVISE: Status.ACCEPTED,
        Action.ACCEPT: Status.ACCEPTED,
        Action.KEEP: Status.ACCEPTED,
    },
    Status.DECLINED: {},
    Status.EXPIRED: {},
    Status.WITHDRAWN: {},
}

_STEPS = {
    Action.REQUEST: "Devis demandé",
    Action.OFFER: "Proposition du service commercial",
    Action.REVISE: "Nouvelle proposition du service commercial",
    Action.REFUSE: "Demande non suivie par le service commercial",
    Action.ACCEPT: "Proposition acceptée",
    Action.DECLINE: "Proposition refusée",
    Action.COUNTER: "Réponse de la librairie",
    Action.WITHDRAW: "Demande retirée",
    Action.KEEP: "Commande gardée telle quelle",
    Action.EXPIRE: "Proposition expirée",
}


class Outcome(enum.StrEnum):
    """What became of one offer; each is kept (R49)."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REPLACED = "replaced"
    COUNTERED = "countered"
    DECLINED = "declined"
    EXPIRED = "expired"

    @property
    def label(self) -> str:
        return _OUTCOMES[self]


_OUTCOMES = {
    Outcome.OPEN: "attend votre accord",
    Outcome.ACCEPTED: "acceptée",
    Outcome.REPLACED: "remplacée",
    Outcome.COUNTERED: "discutée",
    Outcome.DECLINED: "refusée",
    Outcome.EXPIRED: "expirée",
}


class EventKind(enum.StrEnum):
    """What an extra discount is asked for (R45)."""

    FAIR = "fair"
    SIGNING = "signing"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _EVENTS[self][0]

    @property
    def words(self) -> str:
        """What sales usually say with an offer for it."""
        return _EVENTS[self][1]


_EVENTS = {
    EventKind.FAIR: (
        "Salon",
        "Pour votre stand, nous vous accordons ces conditions. Commandez assez tôt pour recevoir les livres"
        " la veille de l’ouverture ; les invendus se retournent dans les conditions habituelles.",
    ),
    EventKind.SIGNING: (
        "Signature",
        "Pour cette rencontre, nous vous accordons ces conditions. Dites-nous s’il vous faut des affiches"
        " ou des exemplaires de complément la semaine de l’événement.",
    ),
    EventKind.OTHER: ("Autre événement", "Pour cet événement, nous vous accordons ces conditions."),
}

TERM_WORDS = "Nous vous accordons ce délai pour cette commande seulement."
"""What sales usually say where more time alone was asked for."""


def is_open(valid_until: dt.date, today: dt.date) -> bool:
    """Whether an offer still holds: its last day is included (J7)."""
    return today <= valid_until


def seen_on(status: Status, valid_until: dt.date | None, today: dt.date) -> Status:
    """The state as it is that day: an offer is over the day after its last one, noted down or not."""
    if status is Status.OFFERED and valid_until and not is_open(valid_until, today):
        return Status.EXPIRED
    return status


_NOW = {
    Status.REQUESTED: "Réponse du service commercial",
    Status.OFFERED: "Votre accord",
    Status.COUNTERED: "Réponse du service commercial",
}


def timeline(status: Status, events: Iterable[tuple[Action, dt.datetime, str]]) -> list[Step]:
    """What happened, (action, instant, text) each, and what is under way."""
    steps = [Step(action.step, "done", at, text) for action, at, text in events]
    if status in _NOW:
        steps += [Step(_NOW[status], "current"), Step("Commande enregistrée", "ahead")]
    return steps
