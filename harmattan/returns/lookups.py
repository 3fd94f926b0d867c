"""Returns as pages look for them."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import joinedload, selectinload

from harmattan.access.scope import visible
from harmattan.billing import holding
from harmattan.billing.models import Document, DocumentLine
from harmattan.core import clock, references
from harmattan.core.extensions import db
from harmattan.core.settings import house
from harmattan.core.terms import months_later
from harmattan.core.worklist import Work, some
from harmattan.returns import rules
from harmattan.returns.models import ReturnLine, ReturnPhoto, ReturnSlip
from harmattan.returns.rules import Leaving, Status
from harmattan.returns.service import SERIES, lot_of

PAGE_LENGTH = 25
SOON_DAYS = 60
WHOLE = (
    selectinload(ReturnSlip.lines).selectinload(ReturnLine.photos),
    selectinload(ReturnSlip.events),
    joinedload(ReturnSlip.account),
    joinedload(ReturnSlip.created_by),
)
"""What the page of one slip shows."""


def page_of(slips: sa.Select[ReturnSlip], before: str = "") -> tuple[Sequence[ReturnSlip], bool]:
    """The next slips after the one with this reference, latest first, and whether older ones follow."""
    slips = slips.where(ReturnSlip.status != Status.DRAFT).order_by(
        ReturnSlip.issued_at.desc(), ReturnSlip.id.desc()
    )
    if before:
        last = sa.select(ReturnSlip.issued_at, ReturnSlip.id).where(ReturnSlip.reference == before).subquery()
        slips = slips.join(last, sa.tuple_(ReturnSlip.issued_at, ReturnSlip.id) < sa.tuple_(*last.c))
    found = db.session.scalars(slips.options(selectinload(ReturnSlip.lines)).limit(PAGE_LENGTH + 1)).all()
    return found[:PAGE_LENGTH], len(found) > PAGE_LENGTH


def leaving_soon(account_id: int, within: int = SOON_DAYS) -> list[tuple[Leaving, str, str]]:
    """(what leaves its window within so many days, its title, its ISBN), the most pressing first."""
    today, months = clock.today(), house().return_months
    earliest = months_later(today, -months)
    latest = months_later(today + dt.timedelta(days=within + 1), -months)  # one more: 29 February is clamped
    rows = holding.invoiced_between(account_id, earliest, latest)
    known = {row.id: row for row in rows}
    found = rules.leaving(map(lot_of, rows), today, months, within)
    return [(each, known[each.lot.line_id].designation, known[each.lot.line_id].isbn) for each in found]


def of_invoices(numbers: Sequence[str]) -> Sequence[ReturnSlip]:
    """The slips with copies of these invoices, oldest first; a draft says nothing yet."""
    lines = sa.select(DocumentLine.id).join(DocumentLine.document).where(Document.number.in_(numbers))
    slips = sa.select(ReturnLine.slip_id).where(ReturnLine.invoice_line_id.in_(lines))
    rows = sa.select(ReturnSlip).where(ReturnSlip.id.in_(slips), ReturnSlip.status != Status.DRAFT)
    whole = rows.options(joinedload(ReturnSlip.lines)).order_by(ReturnSlip.id)
    return db.session.scalars(whole).unique().all()


def reference_meant(text: str) -> str | None:
    """The slip that a number means, scanned whole or typed short (« 12 »): of several, this year's first."""
    meant = references.meant(text, (SERIES,), clock.today())
    there = sa.select(ReturnSlip.reference).where(ReturnSlip.reference.in_(meant))
    found = set(db.session.scalars(there))
    return next((each for each in meant if each in found), None)


def queue(status: Status) -> Sequence[ReturnSlip]:
    """After-sales' list of a state, the longest waiting first."""
    slips = sa.select(ReturnSlip).where(ReturnSlip.status == status).order_by(ReturnSlip.status_since)
    options = (joinedload(ReturnSlip.account), selectinload(ReturnSlip.lines))
    return db.session.scalars(slips.options(*options).limit(200)).all()


def counts() -> dict[Status, int]:
    """How many slips are in each state that waits for somebody."""
    waiting = (Status.ISSUED, Status.RECEIVED, Status.CHECKED)
    found = db.session.execute(
        sa.select(ReturnSlip.status, sa.func.count().label("slips"))
        .where(ReturnSlip.status.in_(waiting))
        .group_by(ReturnSlip.status)
    )
    return {row.status: row.slips for row in found}


def work() -> Work:
    """Returns to check and to credit (R91, R92), and those on their way, for after-sales' worklist."""
    one, many = "retour à contrôler ou à créditer", "retours à contrôler ou à créditer"
    waiting = counts()
    announced = waiting.pop(Status.ISSUED, 0)
    elsewhere = some(announced, "retour annoncé", "retours annoncés")
    address = url_for("staff.returns.index", etat="recus")
    return Work(one, many, address, sum(waiting.values()), elsewhere=elsewhere)


def credit_notes_of(slip: ReturnSlip) -> Sequence[Document]:
    """The credit notes that the return came to."""
    ids = {line.credit_note_id for line in slip.lines} - {None}
    if not ids:
        return ()
    return db.session.scalars(sa.select(Document).where(Document.id.in_(ids)).order_by(Document.id)).all()


def photo(key: str) -> ReturnPhoto | None:
    """A photo of a return that the person logged in may see."""
    mine = visible(ReturnSlip).with_only_columns(ReturnSlip.id)
    return db.session.scalar(
        sa.select(ReturnPhoto)
        .join(ReturnPhoto.line)
        .where(ReturnPhoto.key == key, ReturnLine.slip_id.in_(mine))
    )
