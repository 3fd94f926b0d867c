"""What the bank's files say came back: kept as they came, read with what is known, noted once (R80)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from harmattan.access.models import User
from harmattan.core import audit, clock, database, numbering
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.links import path
from harmattan.core.states import State
from harmattan.core.typography import euros, moment
from harmattan.lcr import collecting, returned, rules
from harmattan.lcr.models import Bill, Notice
from harmattan.lcr.reasons import reason_of
from harmattan.lcr.returned import Returned, UnreadableNotice
from harmattan.lcr.rules import BILL_TRANSITIONS, BillAction
from harmattan.lists import files
from harmattan.lists.rules import UnreadableList

SERIES = "AVI"
LATEST = 5


class AlreadyReceived(Refusal):
    """The very same file was sent before."""

    title = "Ce fichier a déjà été envoyé"


class NothingToNote(Refusal):
    """Each of its lines is noted already, or is for somebody to look at."""

    title = "Rien n’est à noter dans ce fichier"


class Verdict(State):
    """What is to be done with a line."""

    READY = "ready", "À noter", "att"
    DONE = "done", "Notée impayée", "fait"
    ASIDE = "aside", "À voir", "err"


@dataclass(frozen=True)
class Line:
    """A line of the file, beside the bill that it names."""

    said: Returned
    bill: Bill | None
    verdict: Verdict
    why: str = ""
    """What keeps it from being noted."""

    @property
    def reason(self) -> str:
        return reason_of(self.said.bank_code)


def keep(data: bytes, by: User) -> Notice:
    """Keep a file that can be read. Raises `UnreadableNotice`, and `AlreadyReceived` for the same octets."""
    text = text_of(data)
    sha256 = hashlib.sha256(data).hexdigest()
    row = database.insert(Notice).values(
        reference=numbering.next_reference(SERIES, clock.today()),
        sha256=sha256,
        received_at=clock.now(),
        received_by=by.name,
        content=text,
    )
    is_new = row.on_conflict_do_nothing(index_elements=["sha256"]).returning(Notice.id)
    notice_id = db.session.scalar(is_new)
    if notice_id is None:
        earlier = db.session.scalars(sa.select(Notice).filter_by(sha256=sha256)).one()
        raise AlreadyReceived(
            f"Envoyé le {moment(earlier.received_at)} par {earlier.received_by} : rien n’a été ajouté.",
            ("Voir ce fichier", path("staff.notices.show", reference=earlier.reference)),
        )
    found = db.session.get_one(Notice, notice_id)
    audit.record("lcr.receive_notice", found.reference, actor=by.name)
    return found


def text_of(data: bytes) -> str:
    """The file as text, once it is known to be one of unpaid bills. Raises `UnreadableNotice`."""
    if len(data) > files.MAXIMUM_BYTES:
        raise UnreadableNotice("Envoyez un fichier de 5 Mo au plus")
    try:
        text = files.text_of(data)
    except UnreadableList as fault:
        raise UnreadableNotice("Ce fichier n’est pas du texte : envoyez le fichier de la banque") from fault
    returned.read(text)
    return text


def lines(notice: Notice) -> Sequence[Line]:
    """Its lines in their order, and what each would do now."""
    said = returned.read(notice.content)
    its = sa.select(Bill).where(Bill.reference.in_({each.bill for each in said}))
    options = (joinedload(Bill.account), joinedload(Bill.remittance))
    bills = {bill.reference: bill for bill in db.session.scalars(its.options(*options))}
    first = {each.bill: each for each in reversed(said)}
    return [_line(each, bills.get(each.bill), is_first=first[each.bill] is each) for each in said]


def _line(said: Returned, bill: Bill | None, *, is_first: bool) -> Line:
    if bill is None:
        return Line(said, None, Verdict.ASIDE, "Aucune LCR de ce numéro n’est la nôtre.")
    if BillAction.REJECT not in BILL_TRANSITIONS[bill.state]:
        return Line(said, bill, Verdict.DONE)
    if not is_first:
        return Line(said, bill, Verdict.ASIDE, "Elle est déjà plus haut dans ce fichier.")
    if said.cents != bill.amount_cents:
        return Line(said, bill, Verdict.ASIDE, f"La LCR est de {euros(bill.amount_cents)} : impayé partiel ?")
    sent_on = bill.remittance.created_on or clock.today()
    fault = rules.rejection_fault(said.on, sent_on, clock.today(), bill.remittance.due_on, said.bank_code)
    return Line(said, bill, Verdict.ASIDE if fault else Verdict.READY, f"{fault}." if fault else "")


def note(notice: Notice, by: User) -> int:
    """Note as unpaid what is to be noted; how many that were. Raises `NothingToNote`."""
    ready = [each for each in lines(notice) if each.verdict is Verdict.READY]
    for each in ready:
        if each.bill is not None:
            collecting.reject(each.bill, each.said.bank_code, each.said.on, by)
    if not ready:
        raise NothingToNote(
            "Ses LCR sont déjà notées, ou demandent à être vues une à une.",
            ("Revenir au fichier", path("staff.notices.show", reference=notice.reference)),
        )
    return len(ready)


def latest() -> Sequence[Notice]:
    """The last files that came."""
    return db.session.scalars(sa.select(Notice).order_by(Notice.id.desc()).limit(LATEST)).all()
