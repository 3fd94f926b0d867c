"""What is paid with what, and where a payment that a shop announced stands (R73–R82; domain.md §6)."""

import enum

from harmattan.core import states


class Means(enum.StrEnum):
    """How a shop announces that it pays; the counter and LCR are announced by nobody (R81)."""

    ONLINE = "online"
    TRANSFER = "transfer"
    CHEQUE = "cheque"

    @property
    def label(self) -> str:
        return _MEANS[self]


_MEANS = {Means.ONLINE: "Paiement en ligne", Means.TRANSFER: "Virement", Means.CHEQUE: "Chèque"}


class Status(states.State):
    AWAITED = "awaited", "Attendu", "att"
    REFUSED = "refused", "Refusé par la banque", "err"
    WITHDRAWN = "withdrawn", "Annulé", ""
    TO_CHECK = "to_check", "Reçu, à vérifier", "cours"
    BOOKED = "booked", "Reçu", "fait"
    UNDONE = "undone", "Contrepassé", "err"


class Action(enum.StrEnum):
    BOOK = "book"
    DOUBT = "doubt"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    CLEAR = "clear"
    UNDO = "undo"


_RECEIVED = {Action.BOOK: Status.BOOKED, Action.DOUBT: Status.TO_CHECK}

TRANSITIONS: dict[Status, dict[Action, Status]] = {
    Status.AWAITED: {**_RECEIVED, Action.REFUSE: Status.REFUSED, Action.WITHDRAW: Status.WITHDRAWN},
    Status.REFUSED: {**_RECEIVED, Action.REFUSE: Status.REFUSED},
    Status.WITHDRAWN: {**_RECEIVED, Action.REFUSE: Status.WITHDRAWN},
    Status.TO_CHECK: {
        Action.DOUBT: Status.TO_CHECK,
        Action.CLEAR: Status.BOOKED,
        Action.UNDO: Status.UNDONE,
    },
    Status.BOOKED: {Action.DOUBT: Status.TO_CHECK, Action.UNDO: Status.UNDONE},
    Status.UNDONE: {**_RECEIVED, Action.REFUSE: Status.UNDONE},
}
"""Money may arrive after a refusal, after the shop gave up, after it came back, and twice: it is never turned
away."""


def difference(expected_cents: int, paid_cents: int, left_cents: int) -> str:
    """What accounting should look at in a payment; nothing where it is what was announced."""
    if paid_cents < expected_cents:
        return "Montant inférieur à celui annoncé"
    if paid_cents > expected_cents:
        return "Montant supérieur à celui annoncé"
    return "Factures déjà réglées entre-temps" if left_cents else ""
