"""Applications for an account, for the search at the top of every page of sales."""

from flask import url_for

from harmattan.access.gate import opens
from harmattan.applications import lookups
from harmattan.applications.models import Application
from harmattan.core import clock, references
from harmattan.core.finding import HITS, Group, Hit

SERIES = "OUV"


def exact(text: str) -> str | None:
    """OUV-2026-000012 leads to its application; a bare number is more often an order's."""
    if not (text.strip().upper().startswith(SERIES) and opens("staff.applications.show")):
        return None
    found = lookups.first_of(references.meant(text, (SERIES,), clock.today()))
    return _address(found) if found is not None else None


def group(text: str) -> Group | None:
    """Those still open, by the shop's name, its city or who applies."""
    if not opens("staff.applications.show"):
        return None
    hits = [Hit(each.trade_name, _address(each), _detail(each)) for each in lookups.open_about(text)[:HITS]]
    return Group("Demandes d’ouverture de compte", hits)


def _address(application: Application) -> str:
    return url_for("staff.applications.show", reference=application.reference)


def _detail(application: Application) -> str:
    return f"{application.reference}, {application.city}, {application.state.label.lower()}"
