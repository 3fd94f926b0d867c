"""The life of an application for an account, its promise of 7 working days, its doubles (R22–R29, J3)."""

import datetime as dt
import enum
from dataclasses import dataclass
from typing import Protocol

from harmattan.catalogue.rules import fold
from harmattan.core import clock, dates, states
from harmattan.core.settings import House
from harmattan.core.terms import EndOfMonth, PaymentTerm

TRIES_A_NETWORK = 5
TRY_WINDOW = dt.timedelta(minutes=10)

PRESSING_DAYS = 2
"""So many working days before the promise an application is shown as pressing: amber at 5 of 7."""

KEPT_FOR = dt.timedelta(days=365)
"""How long what was refused or withdrawn is kept, for whoever applies again."""

TERMS = (
    PaymentTerm(30),
    PaymentTerm(30, end_of_month=EndOfMonth.AFTER),
    PaymentTerm(45, end_of_month=EndOfMonth.AFTER),
    PaymentTerm(60),
    PaymentTerm(60, end_of_month=EndOfMonth.AFTER),
    PaymentTerm(90, end_of_month=EndOfMonth.AFTER),
)
"""What sales grant a new account; the parties are free, so any other is agreed afterwards."""


class ApplicationState(states.State):
    SUBMITTED = "submitted", "À l’étude", "cours"
    DETAILS_REQUESTED = "details_requested", "Complément demandé", "att"
    OPENED = "opened", "Compte ouvert", "fait"
    REFUSED = "refused", "Sans suite", "err"
    WITHDRAWN = "withdrawn", "Retirée", ""

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to act."""
        return bool(TRANSITIONS[self])


class Action(enum.StrEnum):
    SUBMIT = "submit"
    """The applicant's own act, which makes the application; every other one is in `TRANSITIONS`."""
    ASK_DETAILS = "ask_details"
    ANSWER = "answer"
    OPEN = "open"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"

    @property
    def step(self) -> str:
        """What the exchange says once it was done."""
        return _STEPS[self]

    @property
    def by_staff(self) -> bool:
        return self in (Action.ASK_DETAILS, Action.OPEN, Action.REFUSE)


_STEPS = {
    Action.SUBMIT: "Demande déposée",
    Action.ASK_DETAILS: "Complément demandé",
    Action.ANSWER: "Complément envoyé",
    Action.OPEN: "Compte ouvert",
    Action.REFUSE: "Demande sans suite",
    Action.WITHDRAW: "Demande retirée",
}

TRANSITIONS: dict[ApplicationState, dict[Action, ApplicationState]] = {
    ApplicationState.SUBMITTED: {
        Action.ASK_DETAILS: ApplicationState.DETAILS_REQUESTED,
        Action.ANSWER: ApplicationState.SUBMITTED,
        Action.OPEN: ApplicationState.OPENED,
        Action.REFUSE: ApplicationState.REFUSED,
        Action.WITHDRAW: ApplicationState.WITHDRAWN,
    },
    ApplicationState.DETAILS_REQUESTED: {
        Action.ASK_DETAILS: ApplicationState.DETAILS_REQUESTED,
        Action.ANSWER: ApplicationState.SUBMITTED,
        Action.OPEN: ApplicationState.OPENED,
        Action.REFUSE: ApplicationState.REFUSED,
        Action.WITHDRAW: ApplicationState.WITHDRAWN,
    },
    ApplicationState.OPENED: {},
    ApplicationState.REFUSED: {},
    ApplicationState.WITHDRAWN: {},
}
"""Pieces may be sent before anybody asks for them: an answer then leaves the state and the promise alone."""


def answer_by(received: dt.datetime, house: House) -> dt.date:
    """The last day on which sales answer: 7 working days after the day of receipt (R25)."""
    day = clock.in_paris(received).date()
    return dates.add_working_days(day, house.account_opening_days, house.closing_days)


@dataclass(frozen=True)
class Count:
    """How many of the promised working days are gone."""

    used: int
    promised: int

    @property
    def tone(self) -> str:
        """Amber two days before the promise, red on its day and after (J3)."""
        if self.used >= self.promised:
            return "err"
        return "att" if self.used >= self.promised - PRESSING_DAYS else "cours"

    @property
    def is_late(self) -> bool:
        """Whether the promised day has passed."""
        return self.used > self.promised


def count(promised_for: dt.date, today: dt.date, house: House) -> Count:
    """Where today stands before the day that was promised; the day of receipt is day 0."""
    promised = house.account_opening_days
    tomorrow = today + dt.timedelta(days=1)
    left = dates.working_days_between(tomorrow, promised_for, house.closing_days)
    late = dates.working_days_between(promised_for + dt.timedelta(days=1), today, house.closing_days)
    return Count(promised - left + late, promised)


@dataclass(frozen=True)
class Terms:
    """What sales decide when they open an account."""

    discount_bp: int
    payment_term: PaymentTerm
    recipient: str
    street: str
    postal_code: str
    city: str


class Shop(Protocol):
    """What tells one bookshop from another."""

    siret: str
    email: str
    trade_name: str
    postal_code: str


def likeness(one: Shop, other: Shop) -> tuple[str, ...]:
    """Why two may be the same shop: SIRET, e-mail address, name and postal code; empty where they are not."""
    same_place = one.postal_code == other.postal_code and fold(one.trade_name) == fold(other.trade_name)
    said = {
        "même SIRET": bool(one.siret) and one.siret == other.siret,
        "même adresse e-mail": bool(one.email) and one.email.lower() == other.email.lower(),
        "même nom et même code postal": bool(one.postal_code) and same_place,
    }
    return tuple(reason for reason, is_so in said.items() if is_so)
