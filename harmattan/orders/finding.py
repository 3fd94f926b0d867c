"""Orders, for the search at the top of every page and for the messages about them."""

from flask import url_for
from flask_login import current_user

from harmattan.access.rules import Permission
from harmattan.access.scope import visible
from harmattan.conversations.matters import Matter
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.finding import HITS, Group, Hit
from harmattan.core.typography import date_short, euros
from harmattan.orders import lookups, searching
from harmattan.orders.models import Order


def exact(text: str) -> str | None:
    """A number with its year (CMD-2026-000123, 2026-123) leads to its order."""
    references = searching.sought(text, clock.today()).references
    if len(references) != 1 or not _may_look():
        return None
    found = db.session.scalar(
        visible(Order).with_only_columns(Order.reference).where(Order.reference == references[0])
    )
    return _address(found) if found else None


def group(text: str) -> Group | None:
    """Orders by their number or the shop's own reference, latest first."""
    if not _may_look():
        return None
    orders = lookups.narrowed(visible(Order), {"q": text}, clock.today())
    found = lookups.page_of(orders).orders
    hits = [Hit(order.reference, _address(order.reference), _detail(order)) for order in found[:HITS]]
    all_of_them = "" if current_user.is_staff else url_for("orders.index", q=text)
    return Group("Commandes", hits, url=all_of_them)


def matter(reference: str) -> Matter | None:
    """The order that a message is about."""
    found = lookups.summary(reference)
    if found is None:
        return None
    url = _address(reference) if _may_look() else ""
    return Matter("Commande", reference, url, found.standing.state, found.standing.tone, found.gross_cents)


def _may_look() -> bool:
    return current_user.is_staff or current_user.may(Permission.ORDER)


def _address(reference: str) -> str:
    return url_for("orders.show", reference=reference)


def _detail(order: Order) -> str:
    day = date_short(clock.in_paris(order.placed_at).date())
    facts = (order.own_reference, day, order.status.label.lower(), f"{euros(order.gross_cents)} TTC")
    return ", ".join(filter(None, facts))
