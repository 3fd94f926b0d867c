"""What may become of a mandate, a remittance and a bill; which day a remittance is for (R80)."""

import datetime as dt
import enum

from harmattan.core import identifiers, states
from harmattan.core.terms import months_later
from harmattan.core.typography import date_digits
from harmattan.lcr.reasons import NO_FUNDS

LEAST_DAYS, MOST_DAYS = 5, 92
"""How long before its due date a remittance is prepared: our bank and theirs need a few days."""
KEPT_FOR = dt.timedelta(days=396)
"""Bank details of a mandate that is over: thirteen months, as long as an LCR may be disputed."""


class MandateState(states.State):
    ASKED = "asked", "À l’étude", "att"
    ACTIVE = "active", "En place", "fait"
    SUSPENDED = "suspended", "Suspendue", "att"
    REFUSED = "refused", "Refusée", "err"
    ENDED = "ended", "Terminée", ""

    @property
    def is_live(self) -> bool:
        """An account has one such mandate at most."""
        return self in LIVE


LIVE = (MandateState.ASKED, MandateState.ACTIVE, MandateState.SUSPENDED)


class Action(enum.StrEnum):
    """What is done to a mandate."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    SUSPEND = "suspend"
    RESUME = "resume"
    END = "end"
    WITHDRAW = "withdraw"

    @property
    def slug(self) -> str:
        """Its word in addresses."""
        return _ACTIONS[self][0]

    @property
    def words(self) -> str:
        """What its button says."""
        return _ACTIONS[self][1]

    @property
    def needs_reason(self) -> bool:
        return self in (Action.REFUSE, Action.SUSPEND)


_ACTIONS = {
    Action.ACCEPT: ("accepter", "Accepter la LCR"),
    Action.REFUSE: ("refuser", "Refuser"),
    Action.SUSPEND: ("suspendre", "Suspendre"),
    Action.RESUME: ("reprendre", "Reprendre"),
    Action.END: ("terminer", "Terminer"),
    Action.WITHDRAW: ("retirer", "Ne plus payer par LCR"),
}

TRANSITIONS: dict[MandateState, dict[Action, MandateState]] = {
    MandateState.ASKED: {
        Action.ACCEPT: MandateState.ACTIVE,
        Action.REFUSE: MandateState.REFUSED,
        Action.WITHDRAW: MandateState.ENDED,
    },
    MandateState.ACTIVE: {
        Action.SUSPEND: MandateState.SUSPENDED,
        Action.END: MandateState.ENDED,
        Action.WITHDRAW: MandateState.ENDED,
    },
    MandateState.SUSPENDED: {
        Action.RESUME: MandateState.ACTIVE,
        Action.END: MandateState.ENDED,
        Action.WITHDRAW: MandateState.ENDED,
    },
    MandateState.REFUSED: {},
    MandateState.ENDED: {},
}


class RemittanceState(states.State):
    PREPARED = "prepared", "À relire", "att"
    SENT = "sent", "Fichier créé", "cours"
    BOOKED = "booked", "Encaissé", "fait"
    DROPPED = "dropped", "Abandonné", ""


class RemittanceAction(enum.StrEnum):
    CREATE = "create"
    DROP = "drop"
    BOOK = "book"


REMITTANCE_TRANSITIONS: dict[RemittanceState, dict[RemittanceAction, RemittanceState]] = {
    RemittanceState.PREPARED: {
        RemittanceAction.CREATE: RemittanceState.SENT,
        RemittanceAction.DROP: RemittanceState.DROPPED,
    },
    RemittanceState.SENT: {RemittanceAction.BOOK: RemittanceState.BOOKED},
    RemittanceState.BOOKED: {},
    RemittanceState.DROPPED: {},
}


class BillState(states.State):
    PRESENTED = "presented", "À la banque", "cours"
    PAID = "paid", "Payée", "fait"
    UNPAID = "unpaid", "Impayée", "err"


class BillAction(enum.StrEnum):
    PAY = "pay"
    REJECT = "reject"


BILL_TRANSITIONS: dict[BillState, dict[BillAction, BillState]] = {
    BillState.PRESENTED: {BillAction.PAY: BillState.PAID, BillAction.REJECT: BillState.UNPAID},
    BillState.PAID: {BillAction.REJECT: BillState.UNPAID},
    BillState.UNPAID: {},
}


def is_same_account(iban: str | None, other: str) -> bool:
    """Whether two IBAN, however they are spaced, are one account."""
    return bool(iban) and identifiers.compact(iban or "") == identifiers.compact(other)


def usual_due(today: dt.date) -> dt.date:
    """The last day of this month, or of the next where that is too near."""
    last = months_later(today, 0, 31)
    return last if (last - today).days >= LEAST_DAYS else months_later(today, 1, 31)


def due_fault(due_on: dt.date, today: dt.date) -> str:
    """Why a remittance cannot be for this day, or nothing."""
    first, last = today + dt.timedelta(days=LEAST_DAYS), today + dt.timedelta(days=MOST_DAYS)
    if first <= due_on <= last:
        return ""
    return (
        f"Choisissez une échéance du {date_digits(first)} au {date_digits(last)} : les banques ont besoin de"
        f" {LEAST_DAYS} jours au moins"
    )


def rejection_fault(on: dt.date, sent_on: dt.date, today: dt.date, due_on: dt.date, bank_code: str) -> str:
    """Why a bill cannot have come back on this day, or nothing; funds are looked for on the due date."""
    if not sent_on <= on <= today:
        days = f"du {date_digits(sent_on)} au {date_digits(today)}" if sent_on < today else date_digits(today)
        return f"Saisissez le jour de l’avis de la banque, {days}"
    if bank_code == NO_FUNDS and on < due_on:
        return (
            f"La provision se constate à l’échéance, le {date_digits(due_on)} : choisissez un autre motif ou"
            " corrigez la date"
        )
    return ""


def short_reference(reference: str) -> str:
    """LCR-2026-000012 in the eleven characters that the standard has for a remittance: LCR26000012."""
    series, year, number = reference.split("-")
    return f"{series}{year[2:]}{number}"


def bill_number(reference: str) -> str:
    """EFF-2026-000012 in the ten characters that the standard has for a bill: 2600000012."""
    _, year, number = reference.split("-")
    return f"{year[2:]}{number:0>8}"
