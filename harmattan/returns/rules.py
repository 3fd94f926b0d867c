"""What may come back, and why not (R88–R99; domain.md §4). Pure: `today` is the day of the slip."""

import datetime as dt
import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from harmattan.core import money, states
from harmattan.core.steps import Step
from harmattan.core.terms import months_later
from harmattan.core.typography import date_long


class Status(states.State):
    DRAFT = "draft", "En préparation", "att", "À vous : émettre le bon de retour"
    ISSUED = "issued", "Annoncé", "att", "À vous : envoyer les colis avec le bon"
    RECEIVED = "received", "Reçu", "cours", "À nous : contrôle des exemplaires"
    CHECKED = "checked", "Contrôlé", "cours", "À nous : avoir"
    CREDITED = "credited", "Avoir émis", "fait"
    REFUSED = "refused", "Refusé", "err"
    CANCELLED = "cancelled", "Annulé", ""


class Action(enum.StrEnum):
    ISSUE = "issue"
    CANCEL = "cancel"
    RECEIVE = "receive"
    CHECK = "check"
    CREDIT = "credit"
    REFUSE = "refuse"

    @property
    def step(self) -> str:
        """What the timeline says once it was done."""
        return _STEPS[self]


TRANSITIONS: dict[Status, dict[Action, Status]] = {
    Status.DRAFT: {Action.ISSUE: Status.ISSUED},
    Status.ISSUED: {Action.RECEIVE: Status.RECEIVED, Action.CANCEL: Status.CANCELLED},
    Status.RECEIVED: {Action.CHECK: Status.CHECKED},
    Status.CHECKED: {
        Action.CHECK: Status.CHECKED,
        Action.CREDIT: Status.CREDITED,
        Action.REFUSE: Status.REFUSED,
    },
    Status.CREDITED: {},
    Status.REFUSED: {},
    Status.CANCELLED: {},
}


_STEPS = {
    Action.ISSUE: "Bon de retour émis",
    Action.CANCEL: "Retour annulé par la librairie",
    Action.RECEIVE: "Colis reçus",
    Action.CHECK: "Exemplaires contrôlés",
    Action.CREDIT: "Avoir émis",
    Action.REFUSE: "Retour refusé",
}


_AHEAD = {
    Status.ISSUED: ("Colis reçus", "Exemplaires contrôlés", "Avoir émis"),
    Status.RECEIVED: ("Exemplaires contrôlés", "Avoir émis"),
    Status.CHECKED: ("Avoir émis",),
}


def timeline(status: Status, events: Iterable[tuple[Action, dt.datetime, str]]) -> list[Step]:
    """What happened, (action, instant, text) each; what is under way; what is still ahead."""
    steps = [Step(action.step, "done", at, text) for action, at, text in events]
    if ahead := _AHEAD.get(status, ()):
        last = steps.pop()
        steps.append(Step(last.name, "current", last.at, last.text))
        steps += [Step(name, "ahead") for name in ahead]
    return steps


class Route(enum.StrEnum):
    """How the books come back (R93–R95)."""

    PRISME = "prisme"
    PREPAID = "prepaid"
    COUNTER = "counter"

    @property
    def label(self) -> str:
        return _ROUTES[self]


_ROUTES = {
    Route.PRISME: "Flux Prisme",
    Route.PREPAID: "Envoi en port payé",
    Route.COUNTER: "Dépôt au comptoir",
}


class Refused(enum.StrEnum):
    """Why a copy is not taken back into stock (R90–R92)."""

    LABELLED = "labelled"
    DAMAGED = "damaged"
    MARKED = "marked"
    MISSING = "missing"
    ALTERED = "altered"

    @property
    def label(self) -> str:
        return _REFUSED[self]


_REFUSED = {
    Refused.LABELLED: "étiqueté",
    Refused.DAMAGED: "abîmé",
    Refused.MARKED: "annoté ou tamponné",
    Refused.MISSING: "absent du colis",
    Refused.ALTERED: "pas dans l’état d’arrivée",
}


@dataclass(frozen=True)
class Count:
    """What was found of one line: received, fit to be sold again, and why the others are not."""

    received: int
    accepted: int
    refused: Refused | None = None
    remark: str = ""


class Lot(NamedTuple):
    """Copies of one ISBN on one line of an invoice; a tuple, since a long list is made of thousands."""

    line_id: int
    invoice: str
    invoiced_on: dt.date
    invoiced: int
    left: int
    """Neither credited nor announced on another slip."""
    net_unit_micros: int
    vat_bp: int
    is_collected: bool
    """Collected at our counter: only such copies may be handed in there (R95)."""


def last_day(invoiced_on: dt.date, months: int) -> dt.date:
    """Until when what was invoiced that day may come back: calendar months, the day clamped (R89)."""
    return months_later(invoiced_on, months)


def returnable(invoiced_on: dt.date, today: dt.date, months: int) -> bool:
    """Whether an invoice of that day is still within its window; its last day is included (R89)."""
    return today <= last_day(invoiced_on, months)


class Reason(enum.StrEnum):
    """Why an ISBN cannot come back as asked."""

    NEVER_INVOICED = "never_invoiced"
    TOO_OLD = "too_old"
    ALL_BACK = "all_back"
    TOO_MANY = "too_many"


class Part(NamedTuple):
    """Copies taken from one lot; `until` is its last day."""

    lot: Lot
    quantity: int
    until: dt.date


@dataclass(frozen=True)
class Verdict:
    """What becomes of the copies of one ISBN that somebody wants to send back."""

    isbn: str
    wished: int
    possible: int
    parts: tuple[Part, ...] = ()
    """From which invoices they are taken, oldest first; empty where they are refused."""
    reason: Reason | None = None
    last_day: dt.date | None = None
    """Where it is too late: the last day of the latest invoice."""

    @property
    def at_counter(self) -> bool:
        """Whether they may be handed in at our counter: all of them were collected there (R95)."""
        return bool(self.parts) and all(part.lot.is_collected for part in self.parts)

    @property
    def sentence(self) -> str:
        """Why not, and what can be done; nothing where it is possible."""
        match self.reason:
            case Reason.NEVER_INVOICED:
                return "jamais facturé à votre compte : vérifiez l’ISBN"
            case Reason.TOO_OLD:
                return f"trop tard depuis le {date_long(self.last_day)}" if self.last_day else "trop tard"
            case Reason.ALL_BACK:
                return "tous les exemplaires facturés sont déjà revenus ou annoncés"
            case Reason.TOO_MANY:
                return (
                    f"{self.possible} au maximum : c’est ce qui reste de vos factures encore dans le délai,"
                    " une fois ôté ce qui est déjà revenu ou annoncé"
                )
            case _:
                return ""


def verdict(isbn: str, wished: int, lots: Iterable[Lot], today: dt.date, months: int) -> Verdict:
    """Whether so many copies may come back, taken from the oldest invoices first (R89, R99)."""
    known = sorted(lots, key=lambda lot: (lot.invoiced_on, lot.invoice, lot.line_id))
    in_time = [lot for lot in known if returnable(lot.invoiced_on, today, months)]
    possible = sum(lot.left for lot in in_time)
    if wished <= possible:
        return Verdict(isbn, wished, possible, _take(in_time, wished, months))
    if not known:
        return Verdict(isbn, wished, 0, reason=Reason.NEVER_INVOICED)
    if not in_time:
        latest = last_day(known[-1].invoiced_on, months)
        return Verdict(isbn, wished, 0, reason=Reason.TOO_OLD, last_day=latest)
    return Verdict(isbn, wished, possible, reason=Reason.TOO_MANY if possible else Reason.ALL_BACK)


def _take(lots: Sequence[Lot], wished: int, months: int) -> tuple[Part, ...]:
    parts = []
    for lot in lots:
        quantity = min(lot.left, wished)
        if quantity:
            parts.append(Part(lot, quantity, last_day(lot.invoiced_on, months)))
        wished -= quantity
    return tuple(parts)


@dataclass(frozen=True)
class Leaving:
    """Copies that can soon not come back any more, and how many days are left."""

    lot: Lot
    until: dt.date
    days: int


def leaving(lots: Iterable[Lot], today: dt.date, months: int, within: int) -> list[Leaving]:
    """What leaves its window within so many days, the most pressing first."""
    found = []
    for lot in lots:
        until = last_day(lot.invoiced_on, months)
        days = (until - today).days
        if lot.left and 0 <= days <= within:
            found.append(Leaving(lot, until, days))
    return sorted(found, key=lambda each: (each.until, each.lot.line_id))


def credit_cents(lines: Iterable[tuple[int, int, int]]) -> int:
    """The credit, TTC in cents, of (copies, net unit price in millionths of a euro, VAT rate) each."""
    amounts = [(vat_bp, money.line_total(copies, money.from_micros(unit))) for copies, unit, vat_bp in lines]
    return money.totals(amounts, 0).gross_cents
