"""What an order's page shows (R67), for the areas too that answer with parts of it."""

from collections.abc import Collection, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Response, flash, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from harmattan.conversations import scope as conversations
from harmattan.conversations.forms import ReplyForm
from harmattan.core import answers, clock, registry
from harmattan.core.extensions import db
from harmattan.core.paging import Sheet
from harmattan.orders import changes, copies, lookups, requests, service, urgent
from harmattan.orders.line_state import LineState, state_of
from harmattan.orders.models import Order
from harmattan.orders.scope import WITH_HISTORY, order_or_404
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

ACTED = (*CHANGING, "orders/_delivery.html", "orders/_threads.html", "layout/_avis.html")
"""Everything that an act on the page may change."""


def shown(order: Order, address: "MultiDict[str, str]") -> dict[str, Any]:
    """Everything on the page; its `address` says which sheet of lines, and whether it stands still."""
    sheet = Sheet.of(address.get("page", 1, type=int), order.line_count, lookups.LINES_A_PAGE)
    lines = lookups.lines_of(order, sheet)
    asked = changes.pending(order) if order.status.may_change else None
    return {
        "order": order,
        "asked": asked,
        "wish": requests.from_json(asked.changes) if asked else None,
        "reply": ReplyForm(),
        "standing": service.standing_of(order),
        "now": clock.now(),
        "steps": service.steps_of(order),
        "date_reason": urgent.reason_of(order),
        "lines": lines,
        "stands_of": _stands_of(order, lines),
        "sheet": sheet,
        "stands_still": "fige" in address or order.status.is_final,
        "parcels": registry.ask("shipments.of_order", order.id) or [],
        "watched": _watched(order, lines),
        "mails": outbox.about(order.reference),
        "threads": conversations.about(order.reference),
        "is_staff": current_user.is_staff,
    }


def _stands_of(order: Order, lines: Sequence[Any]) -> dict[int, LineState]:
    """Where each line (by id) stands; what nobody has put aside yet by what there is of it today."""
    now = copies.now_of(lines) if order.status.may_change else {}
    return {line.id: state_of(line, order.status, now.get(line.id)) for line in lines}


def _watched(order: Order, lines: Sequence[Any]) -> Collection[str]:
    """The ISBN that whoever looks wants to hear of, where something can still come."""
    if not order.status.is_validated or not any(line.remaining for line in lines):
        return ()
    return registry.ask("shipments.watched", current_user.id, order.id) or ()


def acted(order: Order, said: str = "") -> Response:
    """The page after an act on it: committed, and read again."""
    db.session.commit()
    if said:
        flash(said, "fait")
    url = url_for("orders.show", reference=order.reference)
    here = MultiDict(parse_qsl(urlsplit(answers.page_of_form()).query))
    return answers.renewed(url, ACTED, lambda: shown(order_or_404(order.reference, WITH_HISTORY), here))
