"""A remittance from its preparation to its file: what is due, reviewed, drawn once (R80; domain.md §6)."""

import datetime as dt
import hashlib
from collections.abc import Sequence

import sqlalchemy as sa

from harmattan.access.models import Account, User
from harmattan.billing import allocation
from harmattan.billing.models import Document
from harmattan.billing.rules import Kind
from harmattan.core import audit, clock, database, numbering, registry
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.links import path
from harmattan.core.services import Service
from harmattan.core.settings import House, house
from harmattan.core.typography import date_long, moment
from harmattan.lcr import cfonb, drawing, lookups, rules
from harmattan.lcr.drawing import Draft
from harmattan.lcr.models import Bill, Item, Mandate, Remittance
from harmattan.lcr.rules import REMITTANCE_TRANSITIONS, MandateState, RemittanceAction, RemittanceState
from harmattan.outbox import service as outbox

SERIES, BILL_SERIES = "LCR", "EFF"


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


class FactsMissing(Refusal):
    """The file states facts of the house that nobody has told the portal."""

    title = "Le fichier ne peut pas encore être créé"


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
    if not _gather(remittance_id, due_on):
        raise NothingToCollect(
            f"Aucune librairie réglée par LCR n’a de facture ouverte à échéance du {date_long(due_on)} ou"
            " avant, hors des lots en cours et des règlements annoncés autrement.",
            _to_the_list(),
        )
    remittance = db.session.get_one(Remittance, remittance_id)
    audit.record("lcr.prepare", remittance.reference, actor=by.name)
    return remittance


def _gather(remittance_id: int, due_on: dt.date) -> int:
    held = sa.select(Item.invoice_id).where(Item.is_held)
    due = (
        sa.select(sa.literal(remittance_id), Document.account_id, Document.id, sa.true())
        .join(Mandate, Mandate.account_id == Document.account_id)
        .where(
            Mandate.state == MandateState.ACTIVE,
            Document.kind == Kind.INVOICE,
            Document.open_cents > 0,
            Document.due_on <= due_on,
            Document.id.not_in(held),
        )
    )
    if announced := lookups.announced_by_lcr_shops():
        due = due.where(Document.number.not_in(announced))
    if (disputed := registry.ask("reminders.set_aside")) is not None:
        due = due.where(Document.id.not_in(disputed))
    columns = ["remittance_id", "account_id", "invoice_id", "is_held"]
    rows = database.insert(Item).from_select(columns, due).on_conflict_do_nothing().returning(Item.id)
    return len(db.session.scalars(rows).all())


def leave_out(remittance: Remittance, number: str, by: User) -> None:
    """Take an invoice, or all of an account, out of a remittance under review: it may go into another."""
    _hold(remittance)
    of_account = Item.account_id.in_(sa.select(Account.id).where(Account.number == number))
    invoice = Item.invoice_id.in_(sa.select(Document.id).where(Document.number == number))
    rows = sa.delete(Item).where(Item.remittance_id == remittance.id, sa.or_(of_account, invoice))
    if not database.changed_rows(rows):
        raise Changed(f"{number} n’est plus dans ce lot : relisez-le.", _to(remittance))
    audit.record("lcr.leave_out", remittance.reference, actor=by.name, left_out=number)


def create(remittance: Remittance, seen: str, by: User) -> None:
    """Draw the bills and make the file, once, of exactly what was seen; credit notes are deducted now.

    Raises `FactsMissing`, `Changed`, `NothingToCollect`, or `NotInThisState` where somebody else was quicker.
    """
    if missing := house().missing_lcr_facts:
        raise FactsMissing(
            f"L’administration complète d’abord les réglages (coordonnées bancaires, mentions légales) :"
            f" {', '.join(missing)}.",
            _to(remittance),
        )
    act(remittance, RemittanceAction.CREATE, by)
    found = drawing.drafts(remittance, locked=True)
    if drawing.mark(found) != seen:
        raise Changed("Relisez les montants d’aujourd’hui, puis créez le fichier.", _to(remittance))
    drawn = [draft for draft in found if draft.cents]
    if not drawn:
        raise NothingToCollect(
            "Les avoirs couvrent toutes ses factures : abandonnez ce lot.", _to(remittance)
        )
    bills = [_draw(remittance, draft, by) for draft in drawn]
    rest = sa.delete(Item).where(Item.remittance_id == remittance.id, Item.bill_id.is_(None))
    database.changed_rows(rest)
    _keep_file(remittance, bills, house())
    db.session.expire(remittance, ["items", "bills"])
    for bill in bills:
        _tell(bill)


def _draw(remittance: Remittance, draft: Draft, by: User) -> Bill:
    """Deduct the credit notes; what is left of each invoice is the bill's."""
    cents, known = draft.cents, {item.invoice.number: item.invoice for item in draft.items}
    for part in draft.deducted:
        allocation.allocate(_credit_note(part.credit_note), known[part.invoice], part.cents, by.name)
    reference = numbering.next_reference(BILL_SERIES, clock.today())
    bill = Bill(
        reference=rules.bill_number(reference),
        remittance_id=remittance.id,
        account_id=draft.account.id,
        account=draft.account,
        mandate=draft.mandate,
        amount_cents=cents,
    )
    db.session.add(bill)
    db.session.flush()
    for item in draft.items:
        if item.invoice.open_cents:
            item.bill_id, item.amount_cents = bill.id, item.invoice.open_cents
    db.session.flush()
    return bill


def _credit_note(number: str) -> Document:
    return db.session.scalars(sa.select(Document).where(Document.number == number)).one()


def _keep_file(remittance: Remittance, bills: Sequence[Bill], our: House) -> None:
    drawer = cfonb.Drawer(our.national_issuer_number, our.name, our.bank_name, our.iban, our.siren)
    today = clock.today()
    remittance.content = cfonb.content(
        drawer,
        [_line(bill) for bill in bills],
        reference=rules.short_reference(remittance.reference),
        made_on=today,
        due_on=remittance.due_on,
    )
    remittance.created_on = today
    remittance.total_cents = sum(bill.amount_cents for bill in bills)
    remittance.sha256 = hashlib.sha256(remittance.content.encode()).hexdigest()
    db.session.flush()


def _line(bill: Bill) -> cfonb.Bill:
    account, mandate = bill.account, bill.mandate
    return cfonb.Bill(
        reference=bill.reference,
        drawee_reference=account.number,
        name=mandate.holder,
        bank_name=mandate.bank_name,
        iban=mandate.iban or "",
        siren=account.siret[:9],
        cents=bill.amount_cents,
    )


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
        _to(remittance),
    )


def _tell(bill: Bill) -> None:
    outbox.queue(
        "lcr_announced", bill.account.email, service=Service.ACCOUNTING, account_id=bill.account_id,
        reference=bill.reference, bill=bill,
    )  # fmt: skip


def _to(remittance: Remittance) -> tuple[str, str]:
    return "Revenir au lot", path("staff.remittances.show", reference=remittance.reference)


def _to_the_list() -> tuple[str, str]:
    return "Voir les lots", path("staff.lcr.index", onglet="lots")
