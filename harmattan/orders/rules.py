"""The life of an order: its states, what may happen in each, whose turn it is (R37–R53, R86)."""

import datetime as dt
import enum
from collections.abc import Iterable
from dataclasses import dataclass

from harmattan.catalogue.rules import fold
from harmattan.core import clock, dates, isbn, references
from harmattan.core.services import Service
from harmattan.core.settings import House
from harmattan.core.steps import Step
from harmattan.deliveries import rules as deliveries
from harmattan.deliveries.rules import Delays, DeliveryMode


class Status(enum.StrEnum):
    RECORDED = "recorded"
    DETAILS_REQUESTED = "details_requested"
    VALIDATED = "validated"
    PREPARING = "preparing"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return _FACTS[self].label

    @property
    def tone(self) -> str:
        """The stylesheet's state: fait, att, err or cours."""
        return _FACTS[self].tone

    @property
    def is_validated(self) -> bool:
        """From validation on, nothing is changed or cancelled any more (R51, R52)."""
        return self in _VALIDATED

    @property
    def may_change(self) -> bool:
        """Until it is validated or cancelled (R50)."""
        return Action.CHANGE in TRANSITIONS[self]

    @property
    def is_final(self) -> bool:
        """Nothing more happens to it."""
        return not TRANSITIONS[self]


class Action(enum.StrEnum):
    PLACE = "place"
    """The bookseller's own act, which makes the order; every other one is in `TRANSITIONS`."""
    ASK_DETAILS = "ask_details"
    ANSWER_DETAILS = "answer_details"
    REQUEST_CHANGE = "request_change"
    WITHDRAW_CHANGE = "withdraw_change"
    REFUSE_CHANGE = "refuse_change"
    CHANGE = "change"
    CONFIRM_DATE = "confirm_date"
    PROPOSE_DATE = "propose_date"
    REFUSE_DATE = "refuse_date"
    ACCEPT_DATE = "accept_date"
    DECLINE_DATE = "decline_date"
    VALIDATE = "validate"
    CANCEL = "cancel"
    PREPARE = "prepare"
    SHIP_PART = "ship_part"
    SHIP = "ship"
    CANCEL_REST = "cancel_rest"
    """What will never be printed again is no longer waited for."""
    CHANGE_ADDRESS = "change_address"
    """By phone, through after-sales (R86)."""
    DELIVER = "deliver"

    @property
    def step(self) -> str:
        """What the timeline says once it was done."""
        return _STEPS[self]


_WHILE_OPEN = (
    *(Action.REQUEST_CHANGE, Action.WITHDRAW_CHANGE, Action.REFUSE_CHANGE, Action.CHANGE),
    *(Action.CONFIRM_DATE, Action.PROPOSE_DATE, Action.REFUSE_DATE, Action.ACCEPT_DATE, Action.DECLINE_DATE),
)
"""What leaves the state as it is, and happens only before validation (R50–R57)."""

TRANSITIONS: dict[Status, dict[Action, Status]] = {
    Status.RECORDED: {
        **dict.fromkeys(_WHILE_OPEN, Status.RECORDED),
        Action.ASK_DETAILS: Status.DETAILS_REQUESTED,
        Action.VALIDATE: Status.VALIDATED,
        Action.CANCEL: Status.CANCELLED,
    },
    Status.DETAILS_REQUESTED: {
        **dict.fromkeys(_WHILE_OPEN, Status.DETAILS_REQUESTED),
        Action.ANSWER_DETAILS: Status.RECORDED,
        Action.CANCEL: Status.CANCELLED,
    },
    Status.VALIDATED: {Action.PREPARE: Status.PREPARING, Action.CHANGE_ADDRESS: Status.VALIDATED},
    Status.PREPARING: {
        Action.SHIP_PART: Status.PARTLY_SHIPPED,
        Action.SHIP: Status.SHIPPED,
        Action.CHANGE_ADDRESS: Status.PREPARING,
    },
    Status.PARTLY_SHIPPED: {
        Action.SHIP_PART: Status.PARTLY_SHIPPED,
        Action.SHIP: Status.SHIPPED,
        Action.CANCEL_REST: Status.PARTLY_SHIPPED,
        Action.CHANGE_ADDRESS: Status.PARTLY_SHIPPED,
    },
    Status.SHIPPED: {Action.DELIVER: Status.DELIVERED},
    Status.DELIVERED: {},
    Status.CANCELLED: {},
}

BEFORE_VALIDATION = frozenset({*_WHILE_OPEN, Action.ASK_DETAILS, Action.ANSWER_DETAILS, Action.CANCEL})
"""What nobody may do any more with a validated order, staff included (R51, R52)."""

TOLD_BY_MAIL = frozenset({Action.ASK_DETAILS, Action.VALIDATE, Action.CANCEL, Action.DELIVER})
"""What the shop is written about where the house did it. Placing an order (R37), a departure of parcels, a
cancelled rest and a changed address (R86) have mails of their own."""

_VALIDATED = frozenset(
    {Status.VALIDATED, Status.PREPARING, Status.PARTLY_SHIPPED, Status.SHIPPED, Status.DELIVERED}
)

_STEPS = {
    Action.PLACE: "Enregistrée",
    Action.ASK_DETAILS: "Complément demandé",
    Action.ANSWER_DETAILS: "Complément reçu",
    Action.REQUEST_CHANGE: "Modification demandée",
    Action.WITHDRAW_CHANGE: "Demande de modification retirée",
    Action.REFUSE_CHANGE: "Modification non retenue",
    Action.CHANGE: "Modifiée par le service commercial",
    Action.CONFIRM_DATE: "Date impérative confirmée",
    Action.PROPOSE_DATE: "Date impérative impossible, autre date proposée",
    Action.REFUSE_DATE: "Date impérative impossible",
    Action.ACCEPT_DATE: "Date proposée acceptée",
    Action.DECLINE_DATE: "Date proposée refusée",
    Action.VALIDATE: "Validée par le service commercial",
    Action.CANCEL: "Annulée",
    Action.PREPARE: "En préparation",
    Action.SHIP_PART: "Expédiée en partie",
    Action.SHIP: "Expédiée",
    Action.CANCEL_REST: "Reste annulé",
    Action.CHANGE_ADDRESS: "Adresse de livraison changée",
    Action.DELIVER: "Livrée",
}


@dataclass(frozen=True)
class _Facts:
    """What is said of a state: its name, whose turn it is, which door is open."""

    label: str
    tone: str
    turn: str
    door: str
    promise: str = "au plus tard le"
    """What is said before the day announced."""
    late: str = "nous sommes en retard, appelez-nous si cela presse"
    """What is said once that day has passed."""


_OPEN = (
    "Tant que la commande n’est pas validée, demandez au service commercial de la modifier ou de l’annuler,"
    " par écrit ou par téléphone."
)
_LOCKED = (
    "La commande est validée : elle ne peut plus être modifiée ni annulée. Pour changer l’adresse de"
    " livraison, appelez le service après-vente : cela se fait par téléphone uniquement."
)
_LEFT = (
    "La commande est partie : elle ne peut plus être modifiée ni annulée. Pour une question sur la"
    " livraison, adressez-vous au service après-vente."
)

_FACTS = {
    Status.RECORDED: _Facts("Enregistrée", "att", "À nous : vérification", _OPEN),
    Status.DETAILS_REQUESTED: _Facts("Complément demandé", "att", "À vous : répondre à notre demande", _OPEN),
    Status.VALIDATED: _Facts("Validée", "cours", "À nous : préparation", _LOCKED),
    Status.PREPARING: _Facts("En préparation", "cours", "À nous : expédition", _LOCKED),
    Status.PARTLY_SHIPPED: _Facts(
        "Expédiée en partie", "cours", "À nous : expédition de ce qui manque", _LOCKED, "nouvelles le"
    ),
    Status.SHIPPED: _Facts(
        "Expédiée",
        "cours",
        "Au transporteur : livraison",
        _LEFT,
        "prévue le",
        "si rien n’est arrivé, appelez-nous",
    ),
    Status.DELIVERED: _Facts(
        "Livrée", "fait", "", "Un manque ou un dégât : signalez-le au service après-vente."
    ),
    Status.CANCELLED: _Facts("Annulée", "err", "", "Rien ne sera expédié ni facturé."),
}


@dataclass(frozen=True)
class Standing:
    """Where an order stands, as its page and its mails say it."""

    state: str
    tone: str
    since: dt.datetime
    turn: str
    """« À nous : vérification », or nothing where nobody has to act."""
    until: dt.date | None
    """The last day for whoever's turn it is, where we promise one."""
    promise: str
    """What is said before that day: « au plus tard le », « prévue le »."""
    late: str
    """What is said once it has passed."""
    door: str
    """What can still be changed, and how."""
    desk: Service
    """Who answers for it now: sales until validation (R50), after-sales from then on (R65, R86)."""
    subject: str
    """The contact form's subject that is open for it, by its word in addresses."""


def standing(
    status: Status, since: dt.datetime, house: House, promised_on: dt.date | None = None
) -> Standing:
    """Where an order of this state, reached at `since`, stands; sales check within their time (R38).

    `promised_on` is the day announced for the next step.
    """
    facts = _FACTS[status]
    until = promised_on
    if status is Status.RECORDED:
        day = clock.in_paris(since).date()
        until = dates.add_working_days(day, house.answer_days[Service.SALES], house.closing_days)
    return Standing(
        state=facts.label,
        tone=facts.tone,
        since=since,
        turn=facts.turn,
        until=until,
        promise=facts.promise,
        late=facts.late,
        door=facts.door,
        desk=Service.AFTER_SALES if status.is_validated else Service.SALES,
        subject="suivi" if status.is_validated else "modifier",
    )


def departure(
    validated: dt.datetime, mode: DeliveryMode, not_before: dt.date | None, delays: Delays
) -> dt.date:
    """The last day on which an order validated at this Paris time leaves: prepared at once, or later so as
    not to arrive before « Pas de livraison avant le » (R63)."""
    at_once = deliveries.earliest_delivery(validated, DeliveryMode.COUNTER, delays)
    if not_before is None:
        return at_once
    return max(at_once, deliveries.departure_for(not_before, mode, delays))


_AHEAD = {
    Status.RECORDED: ("Validée, facture par courriel", "En préparation", "Expédiée", "Livrée"),
    Status.DETAILS_REQUESTED: ("Validée, facture par courriel", "En préparation", "Expédiée", "Livrée"),
    Status.VALIDATED: ("En préparation", "Expédiée", "Livrée"),
    Status.PREPARING: ("Expédiée", "Livrée"),
    Status.PARTLY_SHIPPED: ("Expédiée", "Livrée"),
    Status.SHIPPED: ("Livrée",),
    Status.DELIVERED: (),
    Status.CANCELLED: (),
}


def timeline(status: Status, events: Iterable[tuple[Action, dt.datetime, str]]) -> list[Step]:
    """What happened, (action, instant, text) each; what is under way; what is still ahead (R67)."""
    done = [Step(action.step, "done", at, text) for action, at, text in events]
    if status is Status.RECORDED:
        done.append(Step("Vérification par le service commercial", "current"))
    elif _AHEAD[status] and done:
        last = done.pop()
        done.append(Step(last.name, "current", last.at, last.text))
    return done + [Step(name, "ahead") for name in _AHEAD[status]]


class UrgentDateState(enum.StrEnum):
    """The answer to « Date de livraison impérative » (R57)."""

    NONE = "none"
    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    PROPOSED = "proposed"
    """Impossible, with another date on which the shop has to say yes or no."""
    IMPOSSIBLE = "impossible"

    @property
    def label(self) -> str:
        return _URGENT[self]


URGENT_TRANSITIONS: dict[UrgentDateState, dict[Action, UrgentDateState]] = {
    UrgentDateState.REQUESTED: {
        Action.CONFIRM_DATE: UrgentDateState.CONFIRMED,
        Action.PROPOSE_DATE: UrgentDateState.PROPOSED,
        Action.REFUSE_DATE: UrgentDateState.IMPOSSIBLE,
    },
    UrgentDateState.PROPOSED: {
        Action.ACCEPT_DATE: UrgentDateState.CONFIRMED,
        Action.DECLINE_DATE: UrgentDateState.IMPOSSIBLE,
        Action.CONFIRM_DATE: UrgentDateState.CONFIRMED,
        Action.PROPOSE_DATE: UrgentDateState.PROPOSED,
    },
    UrgentDateState.IMPOSSIBLE: {
        Action.CONFIRM_DATE: UrgentDateState.CONFIRMED,
        Action.PROPOSE_DATE: UrgentDateState.PROPOSED,
    },
    UrgentDateState.CONFIRMED: {},
}
"""A confirmed date is a promise: sales do not take it back (R57)."""

_URGENT = {
    UrgentDateState.NONE: "",
    UrgentDateState.REQUESTED: "demandée, réponse du service commercial à venir",
    UrgentDateState.CONFIRMED: "confirmée",
    UrgentDateState.PROPOSED: "impossible, autre date proposée",
    UrgentDateState.IMPOSSIBLE: "impossible",
}


@dataclass(frozen=True)
class Sought:
    """What a search among one's orders can mean; each is one look-up in an index."""

    references: tuple[str, ...] = ()
    invoices: tuple[str, ...] = ()
    isbn: str = ""
    own_reference: str = ""
    """The folded beginning of the shop's own reference."""


def sought(text: str, today: dt.date) -> Sought:
    """Read a number (CMD-2026-000123, 2026-123, 123), an invoice's (FA-2026-000045), an ISBN in any form,
    or an own reference.
    """
    try:
        return Sought(isbn=isbn.parse(text))
    except isbn.UnreadableIsbn:
        pass
    invoices = references.meant(text, ("FA",), today) if "FA" in text.upper() else ()
    return Sought(references.meant(text, ("CMD",), today), invoices, own_reference=fold(text))
