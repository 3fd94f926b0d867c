"""The life of a request for access (R1–R21; journeys J1 and J2)."""

import datetime as dt
import enum

from harmattan.core import clock, dates

APPROVAL_LIFE = dt.timedelta(days=14)
REMIND_JOB = "onboarding.remind"
TELL_SALES_JOB = "onboarding.tell_sales"
EXPIRE_JOB = "onboarding.expire"

REMIND_AFTER_WORKING_DAYS = 2
TELL_SALES_AFTER_WORKING_DAYS = 5

TRIES_A_NETWORK = 5
TRY_WINDOW = dt.timedelta(minutes=10)


class Kind(enum.StrEnum):
    """First access of an account (its address on file confirms) or one more user (its principal approves)."""

    FIRST_ACCESS = "first_access"
    COLLEAGUE = "colleague"


class RequestState(enum.StrEnum):
    AWAITING_ACTIVATION = "awaiting_activation"
    AWAITING_APPROVAL = "awaiting_approval"
    ACTIVE = "active"
    REFUSED = "refused"
    VOIDED = "voided"
    EXPIRED = "expired"


class Action(enum.StrEnum):
    ACTIVATE = "activate"
    DISOWN = "disown"
    APPROVE = "approve"
    REFUSE = "refuse"
    RENEW = "renew"
    REPLACE = "replace"
    EXPIRE = "expire"


TRANSITIONS: dict[RequestState, dict[Action, RequestState]] = {
    RequestState.AWAITING_ACTIVATION: {
        Action.ACTIVATE: RequestState.ACTIVE,
        Action.DISOWN: RequestState.VOIDED,
        Action.RENEW: RequestState.AWAITING_ACTIVATION,
        Action.REPLACE: RequestState.VOIDED,
        Action.EXPIRE: RequestState.EXPIRED,
    },
    RequestState.AWAITING_APPROVAL: {
        Action.APPROVE: RequestState.ACTIVE,
        Action.REFUSE: RequestState.REFUSED,
        Action.REPLACE: RequestState.VOIDED,
        Action.EXPIRE: RequestState.EXPIRED,
    },
    RequestState.ACTIVE: {},
    RequestState.REFUSED: {},
    RequestState.VOIDED: {},
    RequestState.EXPIRED: {},
}

FIRST_STATE = {
    Kind.FIRST_ACCESS: RequestState.AWAITING_ACTIVATION,
    Kind.COLLEAGUE: RequestState.AWAITING_APPROVAL,
}


def kind_of(has_principal: bool) -> Kind:
    """Which case a request is: its form does not tell (R14)."""
    return Kind.COLLEAGUE if has_principal else Kind.FIRST_ACCESS


def expires_at(kind: Kind, asked_at: dt.datetime, activation_hours: int) -> dt.datetime:
    """When nobody can answer the request any more: so many hours, or 14 days (R8, R20)."""
    activation = dt.timedelta(hours=activation_hours)
    return asked_at + (activation if kind is Kind.FIRST_ACCESS else APPROVAL_LIFE)


def given_up_at(asked_at: dt.datetime) -> dt.datetime:
    """When an unanswered request ends for good; until then a first access can be sent a fresh link."""
    return asked_at + APPROVAL_LIFE


def working_days_later(asked_at: dt.datetime, days: int) -> dt.datetime:
    """The same hour, so many working days later: when to remind (2), when to tell sales (5) (R20)."""
    wall = clock.in_paris(asked_at)
    return clock.at_paris(dates.add_working_days(wall.date(), days), wall.time())
