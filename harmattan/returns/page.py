"""What the page of one return shows, to the shop and at after-sales' desk."""

from typing import Any

from flask_login import current_user

from harmattan.returns import lookups, paper, rules
from harmattan.returns.models import ReturnSlip
from harmattan.returns.rules import Status


def shown(slip: ReturnSlip) -> dict[str, Any]:
    """The slip, its timeline, where it goes, what it is worth."""
    return {
        "slip": slip,
        "is_staff": current_user.is_staff,
        "may_cancel": not current_user.is_staff and slip.status is Status.ISSUED,
        "steps": rules.timeline(slip.status, [(each.action, each.at, each.text) for each in slip.events]),
        "destination": paper.destination(slip.route),
        "credit_notes": lookups.credit_notes_of(slip),
        "forecast_cents": rules.credit_cents(
            (line.quantity, line.net_unit_micros, line.vat_bp) for line in slip.lines
        ),
    }
