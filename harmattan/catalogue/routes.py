"""Search and title pages. Whoever is logged in may read them; prices stay behind the log-in (R29)."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask_login import current_user

from harmattan.access.rules import Permission
from harmattan.catalogue import codes, rules, schedule, service
from harmattan.catalogue.forms import SearchForm, years
from harmattan.catalogue.search import COUNTED, Order
from harmattan.core import answers, clock, registry
from harmattan.core.isbn import UnreadableIsbn, parse

bp = Blueprint("catalogue", __name__, url_prefix="/catalogue")

ORDERS = ((Order.RELEVANCE, "Pertinence"), (Order.NEWEST, "Date de parution"), (Order.TITLE, "Titre"))

PAST_ORDERS = 3
"""How many of the account's own orders of a title are recalled."""


@bp.get("")
def search() -> Response:
    """Search by words and filters; an ISBN in any form leads straight to its title (R98)."""
    asked = SearchForm.read(request.args)
    sought = service.sought_isbn(asked.text)
    if sought and sought.title and not sought.fault:
        return answers.leave(url_for("catalogue.title", isbn=sought.isbn))
    results = None if sought else service.page_of(asked.wish(), asked.page)
    choices = {"groups": rules.AvailabilityGroup, "years": years(asked.since), "orders": ORDERS}
    return answers.show(
        "catalogue/search.html",
        "catalogue/_results.html",
        **(_reader() | choices),
        asked=asked,
        sought=sought,
        results=results,
        uncounted=COUNTED,
    )


@bp.get("/<isbn>")
def title(isbn: str) -> Response:
    """Everything about one title; the address takes its ISBN in any form."""
    try:
        digits = parse(isbn)
    except UnreadableIsbn:
        abort(404)
    if digits != isbn:
        return answers.leave(url_for("catalogue.title", isbn=digits))
    found = service.by_isbn([digits]).get(digits) or abort(404)
    page = render_template(
        "catalogue/title.html",
        **_reader(),
        title=found,
        coming=schedule.coming(found),
        related=service.related(found),
        neighbours=service.neighbours(found),
        past_orders=_past_orders(digits),
        forms=codes.FORMS,
        subject=codes.subject_of(found.clil),
        language=codes.language_name(found.language),
    )
    return make_response(page)


def _past_orders(isbn: str) -> Sequence[Any]:
    """The account's latest orders of the title, as orders tell them."""
    if not current_user.may(Permission.ORDER):
        return ()
    return registry.ask("orders.of_title", current_user.account_id, isbn, PAST_ORDERS) or ()


def _reader() -> dict[str, Any]:
    """What a title's price and state are to the person who reads: staff has no net price, nor a cart."""
    account = current_user.account
    return {
        "discount_bp": account.discount_bp if account else None,
        "may_order": current_user.may(Permission.ORDER),
        "today": clock.today(),
        "net_cents": rules.net_cents,
        "stock_hint": rules.stock_hint,
        "language_tag": codes.language_tag,
        "subjects": codes.SUBJECTS,
    }
