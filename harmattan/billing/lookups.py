"""Documents, and what accounts owe, as pages and other areas look for them, each time by an index."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, load_only

from harmattan.access.models import Account
from harmattan.billing import owed, rules
from harmattan.billing.models import Allocation, Citation, Document, DocumentFile, DocumentLine, Form, Payment
from harmattan.billing.rules import Kind
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.paging import Sheet
from harmattan.outbox.attachments import FileContent

PAGE_LENGTH = 25
LINES_A_PAGE = 500

_LISTED = (
    *(Document.number, Document.kind, Document.account_id, Document.issued_on, Document.due_on),
    *(Document.order_reference, Document.own_reference, Document.reason),
    *(Document.total_cents, Document.open_cents, Document.pdf_octets),
)


@dataclass(frozen=True)
class Page:
    """A page of documents, latest first, and whether older ones follow."""

    documents: Sequence[Document]
    has_older: bool


def narrowed(
    documents: sa.Select[Document], filters: Mapping[str, str], today: dt.date
) -> sa.Select[Document]:
    """Only the documents that the filters name: `q`, `etat`, `annee`, `compte`."""
    if year := filters.get("annee"):
        first, last = dt.date(int(year), 1, 1), dt.date(int(year), 12, 31)
        documents = documents.where(Document.issued_on.between(first, last))
    if number := filters.get("compte"):
        account = sa.select(Account.id).where(Account.number == number).scalar_subquery()
        documents = documents.where(Document.account_id == account)
    if filters.get("etat"):
        documents = documents.where(_in_state(filters["etat"], today))
    if filters.get("q"):
        documents = documents.where(_matches(rules.sought(filters["q"], today)))
    return documents


def _in_state(state: str, today: dt.date) -> sa.ColumnElement[bool]:
    if state == "solde":
        return Document.open_cents == 0
    is_open = Document.open_cents > 0
    return sa.and_(is_open, Document.due_on < today) if state == "echu" else is_open


def _matches(sought: rules.Sought) -> sa.ColumnElement[bool]:
    if sought.isbn:
        holding = sa.select(DocumentLine.document_id).where(
            DocumentLine.isbn == sought.isbn, DocumentLine.account_id == Document.account_id
        )
        return Document.id.in_(holding)
    meant: list[sa.ColumnElement[bool]] = [
        Document.number.in_(sought.numbers),
        Document.order_reference.in_(sought.order_references),
    ]
    if sought.amount_cents is not None:
        meant.append(Document.total_cents == sought.amount_cents)
        meant.append(sa.and_(Document.open_cents == sought.amount_cents, Document.open_cents > 0))
    return sa.or_(*meant)


def page_of(documents: sa.Select[Document], before: str = "") -> Page:
    """The next page of these documents after the one with this number: the same cost wherever it begins."""
    here = sa.tuple_(Document.issued_on, Document.id)
    rows = documents.options(load_only(*_LISTED)).order_by(Document.issued_on.desc(), Document.id.desc())
    position = sa.select(Document.issued_on, Document.id).where(Document.number == before)
    if last := db.session.execute(position).one_or_none() if before else None:
        rows = rows.where(here < sa.tuple_(sa.literal(last.issued_on), sa.literal(last.id)))
    found = db.session.scalars(rows.limit(PAGE_LENGTH + 1)).all()
    return Page(found[:PAGE_LENGTH], len(found) > PAGE_LENGTH)


def of_isbn(documents: Sequence[Document], isbn: str) -> dict[int, list[DocumentLine]]:
    """The lines of this title by document: how many copies were on it, and at what price."""
    ids = [document.id for document in documents]
    rows = sa.select(DocumentLine).where(DocumentLine.isbn == isbn, DocumentLine.document_id.in_(ids))
    found: dict[int, list[DocumentLine]] = {}
    for line in db.session.scalars(rows.order_by(DocumentLine.position)) if isbn else ():
        found.setdefault(line.document_id, []).append(line)
    return found


def recent(account_id: int, limit: int) -> Sequence[Document]:
    """The account's latest invoices and credit notes (R69)."""
    latest = sa.select(Document).where(Document.account_id == account_id).options(load_only(*_LISTED))
    return db.session.scalars(
        latest.order_by(Document.issued_on.desc(), Document.id.desc()).limit(limit)
    ).all()


def of_order(reference: str) -> Sequence[Document]:
    """The invoices of an order and the credit notes on them, oldest first."""
    invoices = sa.select(Document.id).where(Document.order_reference == reference)
    credit_notes = sa.select(Citation.credit_note_id).where(Citation.invoice_id.in_(invoices))
    its = sa.select(Document).where(sa.or_(Document.id.in_(invoices), Document.id.in_(credit_notes)))
    rows = its.options(load_only(*_LISTED)).order_by(Document.issued_on, Document.id)
    return db.session.scalars(rows).all()


def lines_of(document: Document, sheet: Sheet) -> Sequence[DocumentLine]:
    """A page of the document's lines; nearly every document has one page."""
    its = sa.select(DocumentLine).where(DocumentLine.document_id == document.id)
    return db.session.scalars(
        its.order_by(DocumentLine.position).offset(sheet.offset).limit(sheet.length)
    ).all()


def allocations_of(document: Document) -> Sequence[Allocation]:
    """What settled an invoice, or what a credit note was used for, in the order of the acts (R82)."""
    is_invoice = document.kind is Kind.INVOICE
    own = Allocation.invoice_id if is_invoice else Allocation.credit_note_id
    other = (Allocation.payment, Allocation.credit_note) if is_invoice else (Allocation.invoice,)
    rows = sa.select(Allocation).where(own == document.id).options(*(joinedload(each) for each in other))
    return db.session.scalars(rows.order_by(Allocation.id)).all()


def corrections_of(document: Document) -> Sequence[Document]:
    """The credit notes of an invoice, or the invoices that a credit note corrects."""
    here, there = (Citation.invoice_id, Citation.credit_note_id)
    if document.kind is Kind.CREDIT_NOTE:
        here, there = there, here
    ids = sa.select(there).where(here == document.id)
    rows = sa.select(Document).where(Document.id.in_(ids)).options(load_only(*_LISTED))
    return db.session.scalars(rows.order_by(Document.issued_on, Document.id)).all()


def content(document: Document, form: Form) -> bytes:
    """The bytes of a document as they were issued."""
    its = (DocumentFile.document_id == document.id, DocumentFile.form == form)
    return db.session.scalars(sa.select(DocumentFile.content).where(*its)).one()


def document_file(number: str) -> FileContent | None:
    """The very bytes of a document, for the mail that carries it (R39)."""
    its = sa.select(DocumentFile.content).join(DocumentFile.document)
    found = db.session.scalar(its.where(Document.number == number, DocumentFile.form == Form.PDF))
    return FileContent(Form.PDF.mimetype, found) if found is not None else None


@dataclass(frozen=True)
class Balance:
    """What an account owes (TTC), credits and payments not yet used deducted (R82)."""

    owed_cents: int = 0
    overdue_cents: int = 0
    """Of invoices whose day has passed."""
    overdue_since: dt.date | None = None


def balance(account_id: int) -> Balance:
    """What one account owes today."""
    return balances([account_id], clock.today()).get(account_id, Balance())


def balances(account_ids: Collection[int], today: dt.date) -> dict[int, Balance]:
    """What each of these accounts owes, in two statements whatever their number."""
    late = sa.and_(Document.kind == Kind.INVOICE, Document.due_on < today)
    documents = (
        sa.select(
            Document.account_id,
            sa.func.sum(owed.signed(Document.open_cents)),
            sa.func.sum(sa.case((late, Document.open_cents), else_=0)),
            sa.func.min(sa.case((late, Document.due_on))),
        )
        .where(Document.account_id.in_(account_ids), Document.open_cents > 0)
        .group_by(Document.account_id)
    )
    payments = (
        sa.select(Payment.account_id, sa.func.sum(Payment.open_cents))
        .where(Payment.account_id.in_(account_ids), Payment.open_cents > 0)
        .group_by(Payment.account_id)
    )
    free = dict(db.session.execute(payments).all())
    return {
        account_id: Balance(max(left - free.get(account_id, 0), 0), overdue, since)
        for account_id, left, overdue, since in db.session.execute(documents)
    }
