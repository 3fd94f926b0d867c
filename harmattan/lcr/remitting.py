"""A remittance under review: prepared, invoices left out of it, given up; its states (R80; domain.md §6)."""

import datetime as dt

import sqlalchemy as sa

from harmattan.access.models import Account, User
from harmattan.billing.models import Document
from harmattan.core import audit, clock, database, numbering
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.links import path
from harmattan.core.typography import date_long, moment
from harmattan.lcr import gathering
from harmattan.lcr.models import Item, Remittance
from harmattan.lcr.rules import REMITTANCE_TRANSITIONS, RemittanceAction, RemittanceState

SERIES = "LCR"


class NotInThisState(Refusal):
    """The remittance is in a state in which this cannot be done."""


class AlreadyPrepared(Refusal):
    """One remittance of a due date is under review at a time."""

    title = "Un lot est déjà à relire pour cette échéance"


class NothingToCollect(Refusal):
    """No shop that pays by LCR owes anything by then, or all of it is in a remittance."""

    title = "Aucune facture n’est à présenter"


class Changed(Refusal):
    """Something was paid, credited or suspended since the page was read: another file would be made."""

    title = "Le lot a changé entre-temps"


def prepare(due_on: dt.date, by: User) -> Remittance:
    """Gather what shops that pay by LCR owe by this day, each invoice in one remittance at a time.

    Raises `AlreadyPrepared`, and `NothingToCollect`.
    """
    begun = database.insert(Remittance).values(
        reference=numbering.next_reference(SERIES, clock.today()),
        due_on=due_on,
        state=RemittanceState.PREPARED,
        state_since=clock.now(),
        prepared_by=by.name,
        total_cents=0,
        sha256="",
    )
    remittance_id = db.session.scalar(begun.on_conflict_do_nothing().returning(Remittance.id))
    if remittance_id is None:
        raise AlreadyPrepared(
            f"Relisez celui du {date_long(due_on)}, créez son fichier ou abandonnez-le.", _to_the_list()
        )
    if not gathering.gather(remittance_id, due_on):
        raise NothingToCollect(
            f"Aucune librairie réglée par LCR n’a de facture ouverte à échéance du {date_long(due_on)} ou"
            " avant, hors des lots en cours et des règlements annoncés autrement.",
            _to_the_list(),
        )
    remittance = db.session.get_one(Remittance, remittance_id)
    audit.record("lcr.prepare", remittance.reference, actor=by.name)
    return remittance


def leave_out(remittance: Remittance, number: str, by: User) -> None:
    """Take an invoice, or all of an account, out of a remittance under review: it may go into another."""
    _hold(remittance)
    of_account = Item.account_id.in_(sa.select(Account.id).where(Account.number == number))
    invoice = Item.invoice_id.in_(sa.select(Document.id).where(Document.number == number))
    rows = sa.delete(Item).where(Item.remittance_id == remittance.id, sa.or_(of_account, invoice))
    if not database.changed_rows(rows):
        raise Changed(f"{number} n’est plus dans ce lot : relisez-le.", way_to(remittance))
    audit.record("lcr.leave_out", remittance.reference, actor=by.name, left_out=number)


def drop(remittance: Remittance, by: User) -> None:
    """Give a remittance up before its file is made: its invoices are free again."""
    act(remittance, RemittanceAction.DROP, by)
    database.changed_rows(sa.delete(Item).where(Item.remittance_id == remittance.id))
    db.session.expire(remittance, ["items"])


def act(remittance: Remittance, action: RemittanceAction, by: User) -> None:
    """Lead a remittance to its next state: the only writer of `state`; of two at once one is refused."""
    target = REMITTANCE_TRANSITIONS[remittance.state].get(action)
    moved = (
        sa.update(Remittance)
        .where(Remittance.id == remittance.id, Remittance.state == remittance.state)
        .values(state=target, state_since=clock.now())
    )
    if target is None or not database.changed_rows(moved):
        raise _moved_on(remittance)
    db.session.refresh(remittance, ["state", "state_since"])
    audit.record(f"lcr.{action}", remittance.reference, actor=by.name)


def _hold(remittance: Remittance) -> None:
    """Keep it under review until this transaction ends; raises `NotInThisState` where it is not."""
    held = sa.update(Remittance).where(Remittance.id == remittance.id)
    held = held.where(Remittance.state == RemittanceState.PREPARED).values(total_cents=0)
    if not database.changed_rows(held):
        raise _moved_on(remittance)


def _moved_on(remittance: Remittance) -> NotInThisState:
    db.session.refresh(remittance, ["state", "state_since"])
    return NotInThisState(
        f"Le lot {remittance.reference} est « {remittance.state.label} » depuis le"
        f" {moment(remittance.state_since)} : cette action n’y est plus prévue.",
        way_to(remittance),
    )


def way_to(remittance: Remittance) -> tuple[str, str]:
    """The open door of a refusal."""
    return "Revenir au lot", path("staff.remittances.show", reference=remittance.reference)


def _to_the_list() -> tuple[str, str]:
    return "Voir les lots", path("staff.lcr.index", onglet="lots")
