"""The life of an order: its states, what may happen in each, whose turn it is (R37–R53)."""

import enum


class Status(enum.StrEnum):
    RECORDED = "recorded"
    DETAILS_REQUESTED = "details_requested"
    VALIDATED = "validated"
    PREPARING = "preparing"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class Action(enum.StrEnum):
    ASK_DETAILS = "ask_details"
    ANSWER_DETAILS = "answer_details"
    VALIDATE = "validate"
    CANCEL = "cancel"
    PREPARE = "prepare"
    SHIP_PART = "ship_part"
    SHIP = "ship"
    DELIVER = "deliver"


TRANSITIONS: dict[Status, dict[Action, Status]] = {
    Status.RECORDED: {
        Action.ASK_DETAILS: Status.DETAILS_REQUESTED,
        Action.VALIDATE: Status.VALIDATED,
        Action.CANCEL: Status.CANCELLED,
    },
    Status.DETAILS_REQUESTED: {
        Action.ANSWER_DETAILS: Status.RECORDED,
        Action.CANCEL: Status.CANCELLED,
    },
    Status.VALIDATED: {Action.PREPARE: Status.PREPARING},
    Status.PREPARING: {Action.SHIP_PART: Status.PARTLY_SHIPPED, Action.SHIP: Status.SHIPPED},
    Status.PARTLY_SHIPPED: {Action.SHIP_PART: Status.PARTLY_SHIPPED, Action.SHIP: Status.SHIPPED},
    Status.SHIPPED: {Action.DELIVER: Status.DELIVERED},
    Status.DELIVERED: {},
    Status.CANCELLED: {},
}


class UrgentDateState(enum.StrEnum):
    """The answer to « Date de livraison impérative » (R57)."""

    NONE = "none"
    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    IMPOSSIBLE = "impossible"
