"""The file of a remittance: its bills drawn once, of exactly what was reviewed, and the shops told (R80)."""

import hashlib
from collections.abc import Sequence

import sqlalchemy as sa

from harmattan.access.models import User
from harmattan.billing import allocation
from harmattan.billing.models import Document
from harmattan.core import clock, database, identifiers, numbering
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.core.settings import House, house
from harmattan.lcr import cfonb, drawing, remitting, rules
from harmattan.lcr.drawing import Draft
from harmattan.lcr.models import Bill, Item, Remittance
from harmattan.lcr.rules import RemittanceAction
from harmattan.outbox import service as outbox

SERIES = "EFF"


class FactsMissing(Refusal):
    """The file states facts of the house that nobody has told the portal."""

    title = "Le fichier ne peut pas encore être créé"


def create(remittance: Remittance, seen: str, by: User) -> None:
    """Draw the bills and make the file, once, of exactly what was seen; credit notes are deducted now.

    Raises `FactsMissing`, `Changed`, `NothingToCollect`, or `NotInThisState` where somebody else was quicker.
    """
    if missing := house().missing_lcr_facts:
        raise FactsMissing(
            f"L’administration complète d’abord les réglages (coordonnées bancaires, mentions légales) :"
            f" {', '.join(missing)}.",
            remitting.way_to(remittance),
        )
    remitting.act(remittance, RemittanceAction.CREATE, by)
    found = drawing.drafts(remittance, locked=True)
    if drawing.mark(found) != seen:
        raise remitting.Changed(
            "Relisez les montants d’aujourd’hui, puis créez le fichier.", remitting.way_to(remittance)
        )
    drawn = [draft for draft in found if draft.cents]
    if not drawn:
        raise remitting.NothingToCollect(
            "Les avoirs couvrent toutes ses factures : abandonnez ce lot.", remitting.way_to(remittance)
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
    reference = numbering.next_reference(SERIES, clock.today())
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
    drawer = cfonb.Drawer(
        our.national_issuer_number, our.name, our.bank_name, our.iban, identifiers.compact(our.siren)
    )
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
        siren=identifiers.siren_of(account.siret),
        cents=bill.amount_cents,
    )


def _tell(bill: Bill) -> None:
    outbox.queue(
        "lcr_announced", bill.account.email, service=Service.ACCOUNTING, account_id=bill.account_id,
        reference=bill.reference, bill=bill,
    )  # fmt: skip
