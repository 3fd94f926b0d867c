"""The shop's side of a return: scan, verdicts, the slip (R88–R99)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from harmattan.access.models import User
from harmattan.billing import holding
from harmattan.catalogue import service as catalogue
from harmattan.core import audit, clock, database, numbering
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.settings import house
from harmattan.core.typography import moment
from harmattan.returns import rules
from harmattan.returns.models import ReturnEvent, ReturnLine, ReturnSlip, ReturnWish
from harmattan.returns.rules import TRANSITIONS, Action, Lot, Route, Status, Verdict

SERIES = "RET"


class NotInThisState(Refusal):
    """The return is in a state in which this cannot be done."""


class CannotIssue(Refusal):
    """The slip is not issued as it stands: its page says why, with everything kept."""


class NothingToReturn(CannotIssue):
    """A slip without a copy is none."""

    title = "Le bon de retour est vide"


class NotDeclared(CannotIssue):
    """The shop declares the state of the books before the slip is issued (R90–R92)."""

    title = "Il manque votre déclaration"


class NotReturnable(CannotIssue):
    """Some copies cannot come back: the slip is not issued with them (R89, R99)."""

    title = "Certains exemplaires ne peuvent pas revenir"


class NotCollected(CannotIssue):
    """Only what was collected at our counter may be handed in there (R95)."""

    title = "Le dépôt au comptoir n’est pas possible pour ces titres"


def draft_of(account_id: int) -> ReturnSlip | None:
    """The slip that the shop is filling; its people share it, as they share the cart."""
    drafts = sa.select(ReturnSlip).where(ReturnSlip.status == Status.DRAFT)
    return db.session.scalar(drafts.where(ReturnSlip.account_id == account_id))


def open_draft(account_id: int, by: User) -> ReturnSlip:
    """The same, begun where there is none yet."""
    if found := draft_of(account_id):
        return found
    begun = database.insert(ReturnSlip).values(
        account_id=account_id,
        created_by_id=by.id,
        status=Status.DRAFT,
        status_since=clock.now(),
        route=Route.PRISME,
        parcel_count=1,
        own_reference="",
    )
    db.session.execute(begun.on_conflict_do_nothing())
    found = draft_of(account_id)
    if found is None:
        raise LookupError("the draft that somebody else began is there")
    return found


def wish(slip: ReturnSlip, copies: Mapping[str, int]) -> None:
    """So many more copies of each ISBN on the draft: a scan counts one more each time."""
    for isbn, quantity in copies.items():
        added = database.insert(ReturnWish).values(slip_id=slip.id, isbn=isbn, quantity=quantity)
        more = {"quantity": ReturnWish.quantity + added.excluded.quantity}
        db.session.execute(added.on_conflict_do_update(index_elements=["slip_id", "isbn"], set_=more))
    db.session.expire(slip, ["wishes"])


def set_wishes(slip: ReturnSlip, copies: Mapping[str, int]) -> None:
    """The quantities as they were typed; 0 takes an ISBN off the draft."""
    for each in slip.wishes:
        quantity = copies.get(each.isbn, each.quantity)
        if quantity:
            each.quantity = quantity
        else:
            db.session.delete(each)
    db.session.flush()
    db.session.expire(slip, ["wishes"])


@dataclass(frozen=True)
class Entry:
    """An ISBN of a draft: what it is, and what becomes of it."""

    verdict: Verdict
    title: str

    @property
    def isbn(self) -> str:
        return self.verdict.isbn


def wishes_of(slip: ReturnSlip) -> dict[str, int]:
    """The draft's quantities by ISBN, as they were added: columns, not objects, since lists are long."""
    asked = sa.select(ReturnWish.isbn, ReturnWish.quantity).where(ReturnWish.slip_id == slip.id)
    return {row.isbn: row.quantity for row in db.session.execute(asked.order_by(ReturnWish.id))}


def entries(account_id: int, wished: Mapping[str, int], today: dt.date) -> list[Entry]:
    """The verdict on each ISBN and quantity, in two statements whatever their number (R89, R99)."""
    invoiced: dict[str, list[Lot]] = {}
    names: dict[str, str] = {}
    for row in holding.invoiced(account_id, wished):
        invoiced.setdefault(row.isbn, []).append(lot_of(row))
        names[row.isbn] = row.designation
    unknown = [isbn for isbn in wished if isbn not in names]
    names |= {isbn: title.full_title for isbn, title in catalogue.by_isbn(unknown).items()}
    months = house().return_months
    return [
        Entry(rules.verdict(isbn, quantity, invoiced.get(isbn, ()), today, months), names.get(isbn, ""))
        for isbn, quantity in wished.items()
    ]


def lot_of(row: sa.Row) -> Lot:
    """A row of `billing.holding` as the rules see it."""
    return Lot(
        row.id,
        row.number,
        row.issued_on,
        row.quantity,
        row.free,
        row.net_unit_micros,
        row.vat_bp,
        row.collected_at_counter,
    )


def issue(slip: ReturnSlip, by: User, *, route: Route, parcel_count: int, is_declared: bool) -> None:
    """Turn the draft into a numbered slip, at once and without asking anybody (R88).

    Its copies are held from now on, so that a second slip counts them (R99). Raises `NothingToReturn`,
    `NotDeclared`, `NotReturnable`, `NotCollected`, or `NotInThisState` where it was issued in another tab.
    """
    if not slip.wishes:
        raise NothingToReturn("Scannez ou collez les ISBN des exemplaires à retourner.")
    if not is_declared:
        raise NotDeclared("Cochez la déclaration sur l’état des exemplaires : elle conditionne l’avoir.")
    act(slip, Action.ISSUE, by)
    today = clock.today()
    found = entries(slip.account_id, wishes_of(slip), today)
    _refuse_what_cannot_return(found, route)
    slip.reference = numbering.next_reference(SERIES, today)
    slip.issued_at, slip.route, slip.parcel_count, slip.created_by = clock.now(), route, parcel_count, by
    slip.lines = [_line(entry, part) for entry in found for part in entry.verdict.parts]
    for line in slip.lines:
        if not holding.hold(line.invoice_line_id, line.quantity):
            raise NotReturnable(f"« {line.title} » vient d’être annoncé sur un autre bon : relisez le vôtre.")
    db.session.execute(sa.delete(ReturnWish).where(ReturnWish.slip_id == slip.id))
    db.session.expire(slip, ["wishes"])
    note(slip, Action.ISSUE, by.name)


def _refuse_what_cannot_return(found: Sequence[Entry], route: Route) -> None:
    refused = [
        f"{entry.title or entry.isbn} : {entry.verdict.sentence}" for entry in found if entry.verdict.reason
    ]
    if refused:
        raise NotReturnable(" ; ".join(refused) + ". Corrigez ces lignes ou retirez-les du bon.")
    if route is Route.COUNTER and (elsewhere := [each for each in found if not each.verdict.at_counter]):
        raise NotCollected(
            f"Seuls les titres retirés au comptoir peuvent y être déposés. Ce n’est pas le cas de"
            f" « {elsewhere[0].title} » : choisissez le flux Prisme ou l’envoi en port payé."
        )


def _line(entry: Entry, part: rules.Part) -> ReturnLine:
    return ReturnLine(
        invoice_line_id=part.lot.line_id,
        invoice_number=part.lot.invoice,
        invoiced_on=part.lot.invoiced_on,
        isbn=entry.isbn,
        title=entry.title,
        quantity=part.quantity,
        net_unit_micros=part.lot.net_unit_micros,
        vat_bp=part.lot.vat_bp,
    )


def cancel(slip: ReturnSlip, by: User) -> None:
    """The shop keeps its books: they may be announced again. Only until the parcels are here."""
    act(slip, Action.CANCEL, by)
    for line in slip.lines:
        holding.release(line.invoice_line_id, line.quantity)
    note(slip, Action.CANCEL, by.name)


def act(slip: ReturnSlip, action: Action, by: User) -> None:
    """Lead a return to its next state: the only writer of `status`; of two at once one is refused."""
    target = TRANSITIONS[slip.status].get(action)
    moved = (
        sa.update(ReturnSlip)
        .where(ReturnSlip.id == slip.id, ReturnSlip.status == slip.status)
        .values(status=target, status_since=clock.now())
    )
    if target is None or not database.changed_rows(moved):
        db.session.refresh(slip, ["status", "status_since"])
        raise NotInThisState(
            f"Ce retour est « {slip.status.label} » depuis le {moment(slip.status_since)} : cette action n’y"
            " est plus prévue."
        )
    db.session.refresh(slip, ["status", "status_since"])


def note(slip: ReturnSlip, action: Action, actor: str, text: str = "") -> None:
    """Write an act on the timeline and in the journal (R106)."""
    slip.events.append(ReturnEvent(at=clock.now(), actor=actor, action=action, status=slip.status, text=text))
    audit.record(f"returns.{action}", slip.reference or "", actor=actor, account_id=slip.account_id)
