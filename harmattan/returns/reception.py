"""After-sales' side of a return: parcels received, copies checked, credit (R82, R90–R92)."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from harmattan.access.models import User
from harmattan.billing import drafts, holding
from harmattan.billing import service as billing
from harmattan.billing.drafts import Credit, Draft
from harmattan.billing.models import Document, DocumentLine
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.core.typography import plural
from harmattan.orders import progress
from harmattan.orders.models import Order
from harmattan.outbox import service as outbox
from harmattan.outbox.attachments import Attached
from harmattan.returns.models import ReturnLine, ReturnSlip
from harmattan.returns.rules import Action, Count
from harmattan.returns.service import act, note


class ImpossibleCount(Refusal):
    """What is counted does not agree with what was announced."""

    title = "Le compte n’est pas juste"


def receive(slip: ReturnSlip, by: User) -> None:
    """The parcels are here."""
    act(slip, Action.RECEIVE, by)
    note(slip, Action.RECEIVE, by.name, plural(slip.parcel_count, "colis", "colis"))


def check(slip: ReturnSlip, by: User, counts: Mapping[int, Count]) -> None:
    """Write down what was found of each line (by id); raises `ImpossibleCount`."""
    act(slip, Action.CHECK, by)
    for line in slip.lines:
        _write_down(line, counts[line.id])
    found = sum(line.accepted or 0 for line in slip.lines)
    note(slip, Action.CHECK, by.name, f"{found} sur {plural(slip.copy_count, 'exemplaire')} à créditer")


def _write_down(line: ReturnLine, count: Count) -> None:
    if not 0 <= count.accepted <= count.received <= line.quantity:
        raise ImpossibleCount(
            f"« {line.title} » : {plural(line.quantity, 'exemplaire annoncé', 'exemplaires annoncés')},"
            f" {plural(count.received, 'reçu')}, {plural(count.accepted, 'accepté')}. Corrigez ces nombres."
        )
    if count.accepted < line.quantity and not count.refused:
        raise ImpossibleCount(f"« {line.title} » : dites pourquoi tous les exemplaires ne sont pas acceptés.")
    line.received, line.accepted, line.remark = count.received, count.accepted, count.remark
    line.refused = count.refused if count.accepted < line.quantity else None


def credit_drafts(slip: ReturnSlip) -> list[Draft]:
    """The credit notes that the slip comes to, set outside any writing transaction (ADR 7).

    At the price and VAT rate invoiced, citing every invoice; one document for each way of being taxed. None
    where nothing was accepted. Raises `DocumentNotMade`.
    """
    accepted = sorted(_accepted(slip), key=lambda line: line.invoice_line.document.regime)
    return [
        drafts.credit_note(slip.account, [_credit(line) for line in lines], reason=f"Retour {slip.reference}")
        for _, lines in groupby(accepted, key=lambda line: line.invoice_line.document.regime)
    ]


def _accepted(slip: ReturnSlip) -> Sequence[ReturnLine]:
    lines = sa.select(ReturnLine).where(ReturnLine.slip_id == slip.id, ReturnLine.accepted > 0)
    whole = joinedload(ReturnLine.invoice_line).joinedload(DocumentLine.document)
    return db.session.scalars(lines.order_by(ReturnLine.id).options(whole)).all()


def _credit(line: ReturnLine) -> Credit:
    return Credit(line.invoice_line.document, line.invoice_line, line.accepted or 0)


def settle(slip: ReturnSlip, by: User, drafted: Sequence[Draft]) -> list[Document]:
    """Issue the credit notes and end the return; the shop is told, line by line what was refused and why.

    Raises `NotInThisState` where somebody else has just done it.
    """
    action = Action.CREDIT if drafted else Action.REFUSE
    act(slip, action, by)
    for line in slip.lines:
        holding.release(line.invoice_line_id, line.quantity)
    documents = [billing.issue(draft, by.name) for draft in drafted]
    _link(slip.lines, documents)
    _tell_orders(_accepted(slip))
    note(slip, action, by.name, ", ".join(document.number for document in documents))
    _tell_the_shop(slip, documents)
    return documents


def _link(lines: Iterable[ReturnLine], documents: Iterable[Document]) -> None:
    corrected = {line.corrects_id: document.id for document in documents for line in document.lines}
    for line in lines:
        if line.accepted:
            line.credit_note_id = corrected[line.invoice_line_id]


def _tell_orders(lines: Iterable[ReturnLine]) -> None:
    """The orders that the copies came from count them as returned, as far as they count them as shipped."""
    for line in lines:
        reference = line.invoice_line.document.order_reference
        order = db.session.scalar(sa.select(Order).where(Order.reference == reference))
        if order is None:
            continue
        of_title = (each for each in progress.hold(order).values() if each.isbn == line.isbn)
        shipped = {each.id: min(line.accepted or 0, each.shipped - each.returned) for each in of_title}
        if copies := {line_id: count for line_id, count in shipped.items() if count}:
            progress.record_return(order, copies)


def _tell_the_shop(slip: ReturnSlip, documents: Sequence[Document]) -> None:
    outbox.queue(
        "return_settled",
        slip.created_by.email,
        service=Service.AFTER_SALES,
        account_id=slip.account_id,
        reference=slip.reference or "",
        attached=[
            Attached("billing.document_file", document.number, f"{document.number}.pdf")
            for document in documents
        ],
        slip=slip,
        documents=documents,
    )
