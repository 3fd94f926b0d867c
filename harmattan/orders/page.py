"""What an order's page shows (R67), for the areas too that answer with parts of it."""

from typing import Any

from flask_login import current_user
from werkzeug.datastructures import MultiDict

from harmattan.conversations.forms import ReplyForm
from harmattan.core import clock, registry
from harmattan.core.paging import Sheet
from harmattan.orders import changes, lookups, requests, service, standings
from harmattan.orders.line_state import state_of
from harmattan.orders.models import Order
from harmattan.outbox import service as outbox

POLLED = (
    "orders/_tracking.html",
    "orders/_parcels.html",
    "orders/_lines.html",
    "orders/_mails.html",
    "orders/_amounts.html",
    "orders/_documents.html",
    "exchanges/_order_files.html",
)
"""The parts that an open page renews by itself: nobody types into them."""

CHANGING = (*POLLED, "orders/_head.html", "orders/_change.html")
"""The parts that the order's state changes, the tracking first."""


def shown(order: Order, address: "MultiDict[str, str]") -> dict[str, Any]:
    """Everything on the page; its `address` says which sheet of lines, and whether it stands still."""
    sheet = Sheet.of(address.get("page", 1, type=int), order.line_count, lookups.LINES_A_PAGE)
    asked = changes.pending(order) if not order.status.is_validated else None
    return {
        "order": order,
        "asked": asked,
        "wish": requests.from_json(asked.changes) if asked else None,
        "reply": ReplyForm(),
        "standing": service.standing_of(order),
        "now": clock.now(),
        "steps": standings.timeline(
            order.status, [(each.action, each.at, each.text) for each in order.events]
        ),
        "lines": lookups.lines_of(order, sheet),
        "state_of": state_of,
        "sheet": sheet,
        "stands_still": "fige" in address or order.status.is_final,
        "parcels": registry.ask("shipments.of_order", order.id) or [],
        "watched": registry.ask("shipments.watched", current_user.id, order.id) or frozenset(),
        "mails": outbox.about(order.reference),
        "threads": registry.ask("conversations.about", order.reference) or [],
        "is_staff": current_user.is_staff,
    }
