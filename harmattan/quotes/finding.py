"""Quotes, for the search at the top of every page and for the messages about them."""

import sqlalchemy as sa
from flask import url_for
from flask_login import current_user

from harmattan.access.rules import Permission
from harmattan.access.scope import visible
from harmattan.conversations.matters import Matter
from harmattan.core import clock, references
from harmattan.core.extensions import db
from harmattan.core.finding import HITS, Group, Hit
from harmattan.core.typography import date_short
from harmattan.quotes import service
from harmattan.quotes.models import Quote

SERIES = "DEV"


def exact(text: str) -> str | None:
    """The number of a quote leads to it."""
    meant = references.meant(text, (SERIES,), clock.today()) if SERIES in text.upper() else ()
    if len(meant) != 1 or not _may_look():
        return None
    found = db.session.scalar(visible(Quote).where(Quote.reference == meant[0]))
    return address(found.reference) if found else None


def group(text: str) -> Group | None:
    """Quotes by their number, their event or the shop's own reference, latest first."""
    if not _may_look():
        return None
    meant = Quote.reference.in_(references.meant(text, (SERIES,), clock.today()))
    said = [column.icontains(text, autoescape=True) for column in (Quote.event_name, Quote.own_reference)]
    quotes = visible(Quote).where(sa.or_(meant, *said)).order_by(Quote.requested_at.desc()).limit(HITS)
    hits = [
        Hit(quote.reference, address(quote.reference), _detail(quote)) for quote in db.session.scalars(quotes)
    ]
    return Group("Devis", hits)


def matter(reference: str) -> Matter | None:
    """The quote that a message is about."""
    if not reference.startswith(SERIES):
        return None
    quote = db.session.scalar(sa.select(Quote).where(Quote.reference == reference))
    if quote is None:
        return None
    status, url = service.status_today(quote), address(reference) if _may_look() else ""
    return Matter("Devis", reference, url, status.label, status.tone, quote.gross_cents)


def address(reference: str) -> str:
    """Where the person logged in reads a quote."""
    return url_for("staff.quotes.show" if current_user.is_staff else "quotes.show", reference=reference)


def _may_look() -> bool:
    return current_user.is_staff or current_user.may(Permission.ORDER)


def _detail(quote: Quote) -> str:
    day = date_short(clock.in_paris(quote.requested_at).date())
    facts = (quote.event_name or quote.own_reference, day, service.status_today(quote).label.lower())
    return ", ".join(filter(None, facts))
