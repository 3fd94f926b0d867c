"""Invoices and credit notes, for the search at the top of every page and for the messages about them."""

from flask import url_for
from flask_login import current_user

from harmattan.access.rules import Permission
from harmattan.access.scope import visible
from harmattan.billing import lookups, rules
from harmattan.billing.models import Document
from harmattan.billing.rules import Kind
from harmattan.conversations.matters import Matter
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.finding import HITS, Group, Hit
from harmattan.core.typography import date_short, euros

LISTS = {Kind.INVOICE: "billing.invoices", Kind.CREDIT_NOTE: "billing.credit_notes"}


def exact(text: str) -> str | None:
    """A number with its letters and its year (FA-2026-000123) leads to its document."""
    numbers = rules.sought(text, clock.today()).numbers
    if len(numbers) != 1 or not _may_look():
        return None
    found = db.session.scalar(
        visible(Document).with_only_columns(Document.number).where(Document.number == numbers[0])
    )
    return _address(found) if found else None


def group(text: str) -> Group | None:
    """Documents by number, amount, ISBN or order, latest first."""
    if not _may_look():
        return None
    documents = lookups.narrowed(visible(Document), {"q": text}, clock.today())
    found = lookups.page_of(documents).documents
    hits = [Hit(document.title, _address(document.number), _detail(document)) for document in found[:HITS]]
    kinds = {document.kind for document in found}
    all_of_them = url_for(LISTS[kinds.pop()], q=text) if len(kinds) == 1 else ""
    return Group("Factures et avoirs", hits, url=all_of_them)


def matter(reference: str) -> Matter | None:
    """The document that a message is about."""
    found = db.session.scalar(visible(Document).where(Document.number == reference))
    if found is None:
        return None
    stands = found.state(clock.today())
    url = _address(reference) if _may_look() else ""
    return Matter(found.kind.label, reference, url, stands.label, stands.tone, found.total_cents)


def _may_look() -> bool:
    return current_user.is_staff or current_user.may(Permission.READ_DOCUMENTS)


def _address(number: str) -> str:
    return url_for("billing.show", number=number)


def _detail(document: Document) -> str:
    state = document.state(clock.today()).label.lower()
    return f"{date_short(document.issued_on)}, {state}, {euros(document.total_cents)} TTC"
