"""Returns, for the search at the top of every page."""

from flask import url_for
from flask_login import current_user

from harmattan.access.rules import Permission
from harmattan.access.scope import visible
from harmattan.core import clock, references
from harmattan.core.extensions import db
from harmattan.returns.models import ReturnSlip
from harmattan.returns.service import SERIES


def exact(text: str) -> str | None:
    """The number of a slip leads to it: to the shop's page, or to after-sales' desk."""
    meant = references.meant(text, (SERIES,), clock.today()) if SERIES in text.upper() else ()
    if len(meant) != 1 or not (current_user.is_staff or current_user.may(Permission.RETURN_BOOKS)):
        return None
    slips = visible(ReturnSlip).with_only_columns(ReturnSlip.reference)
    found = db.session.scalar(slips.where(ReturnSlip.reference == meant[0]))
    endpoint = "staff.returns.show" if current_user.is_staff else "returns.show"
    return url_for(endpoint, reference=found) if found else None
