"""The life of an order: its states, and what may happen in each (R37–R53, R86)."""

import enum

from harmattan.core import states


class Status(states.State):
    RECORDED = "recorded", "Enregistrée", "att"
    DETAILS_REQUESTED = "details_requested", "Complément demandé", "att"
    VALIDATED = "validated", "Validée", "cours"
    PREPARING = "preparing", "En préparation", "cours"
    PARTLY_SHIPPED = "partly_shipped", "Expédiée en partie", "cours"
    SHIPPED = "shipped", "Expédiée", "cours"
    DELIVERED = "delivered", "Livrée", "fait"
    CANCELLED = "cancelled", "Annulée", "err"

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

TO_VALIDATE = (Status.RECORDED, Status.DETAILS_REQUESTED)
"""Sales have still to decide."""

TO_SEND = (Status.VALIDATED, Status.PREPARING, Status.PARTLY_SHIPPED)
"""Copies have still to leave."""

NOT_YET_PREPARED = (*TO_VALIDATE, Status.VALIDATED)
"""On sales' desk, and not yet in the warehouse's hands."""

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
