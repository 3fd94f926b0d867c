"""Issue a document: its number, its place in the series, its bytes (R39, R68; ADR 7)."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from harmattan.billing import drafts
from harmattan.billing.drafts import AlreadyCredited, Draft, Papers
from harmattan.billing.models import Citation, Document, DocumentFile, DocumentLine, Form
from harmattan.billing.rules import Cited, Facts, Kind, Line
from harmattan.core import audit, database, numbering
from harmattan.core.documents import DocumentNotMade
from harmattan.core.extensions import db
from harmattan.core.typography import date_long


def issue(draft: Draft, actor: str) -> Document:
    """Give the document its number and keep it, in the caller's writing transaction; commits nothing.

    Numbers have no gap and dates never go back within a series (domain.md §5.2): a rollback gives the
    number back. The draft's papers are kept as they are, or set once more where another document took
    their number first; from then on the bytes never change. Raises `DocumentNotMade`, or
    `AlreadyCredited` where somebody else has just credited the same.
    """
    facts = draft.facts
    number = numbering.next_reference(facts.kind.series, facts.issued_on)
    _refuse_to_go_back(facts)
    papers = draft.papers if number == draft.number else drafts.papers(number, facts)
    document = _keep(number, draft, papers)
    if facts.kind is Kind.CREDIT_NOTE:
        _correct(document, facts)
    audit.record(f"billing.issue_{facts.kind}", number, actor=actor, account_id=document.account_id)
    return document


def _refuse_to_go_back(facts: Facts) -> None:
    latest = db.session.scalar(sa.select(sa.func.max(Document.issued_on)).where(Document.kind == facts.kind))
    if latest and facts.issued_on < latest:
        raise DocumentNotMade(
            f"Le dernier document de la série est du {date_long(latest)} : celui-ci ne peut porter une date"
            " antérieure."
        )


def _keep(number: str, draft: Draft, papers: Papers) -> Document:
    facts, totals = draft.facts, draft.facts.totals
    document = Document(
        number=number,
        kind=facts.kind,
        account_id=draft.account.id,
        issued_on=facts.issued_on,
        term=facts.term,
        due_on=facts.due_on,
        billed_to=facts.customer.address,
        delivery_address=facts.delivery_address,
        order_reference=facts.order_reference,
        own_reference=facts.own_reference,
        delivered_on=facts.delivered_on,
        collected_at_counter=facts.collected_at_counter,
        reason=facts.reason,
        regime=facts.regime,
        goods_cents=totals.goods_cents,
        carriage_cents=totals.carriage_cents,
        net_cents=totals.net_cents,
        vat=[asdict(share) for share in totals.vat],
        total_cents=totals.gross_cents,
        open_cents=totals.gross_cents,
        line_count=len(facts.lines),
        pdf_octets=len(papers[Form.PDF]),
        files=[_file(form, content) for form, content in papers.items()],
    )
    db.session.add(document)
    db.session.flush()
    cited = {each.number: each.id for each in facts.cited}
    rows = [_line(document, position, line, cited) for position, line in enumerate(facts.lines, 1)]
    db.session.execute(sa.insert(DocumentLine), rows)
    return document


def _file(form: Form, content: bytes) -> DocumentFile:
    return DocumentFile(form=form, content=content, sha256=hashlib.sha256(content).hexdigest())


def _line(document: Document, position: int, line: Line, cited: Mapping[str, int]) -> dict[str, Any]:
    kept = asdict(line)
    del kept["cites"]
    kept["cites_id"] = None if line.corrects_id else cited.get(line.cites)
    return kept | {"document_id": document.id, "account_id": document.account_id, "position": position}


def _correct(credit_note: Document, facts: Facts) -> None:
    """Note on each invoice how much of it is credited: of two at once that take too much, one is refused."""
    carriage_cents = facts.totals.carriage_cents
    for cited in facts.cited:
        db.session.add(Citation(credit_note_id=credit_note.id, invoice_id=cited.id))
        goods_cents = sum(line.line_cents for line in facts.lines if line.cites == cited.number)
        _take(_of_invoice(cited, goods_cents + carriage_cents))
        carriage_cents = 0
    for line in facts.lines:
        if line.corrects_id:
            _take(_of_line(line))


def _of_invoice(cited: Cited, net_cents: int) -> sa.Update:
    credited = Document.credited_cents + net_cents
    return (
        sa.update(Document)
        .where(Document.id == cited.id, credited <= Document.net_cents)
        .values(credited_cents=credited)
    )


def _of_line(line: Line) -> sa.Update:
    quantity = DocumentLine.credited_quantity + line.quantity
    cents = DocumentLine.credited_cents + line.line_cents
    enough = (line.quantity <= DocumentLine.free_quantity, cents <= DocumentLine.line_cents)
    return (
        sa.update(DocumentLine)
        .where(DocumentLine.id == line.corrects_id, *enough)
        .values(credited_quantity=quantity, credited_cents=cents)
    )


def _take(part: sa.Update) -> None:
    if not database.changed_rows(part):
        raise AlreadyCredited("Un avoir vient d’être établi sur la même facture : voyez ce qu’il en reste.")
