"""Search and title pages."""

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for

from harmattan.catalogue import service
from harmattan.core import answers
from harmattan.core.isbn import UnreadableIsbn, parse

bp = Blueprint("catalogue", __name__, url_prefix="/catalogue")


@bp.get("")
def search() -> Response:
    """The search page; an ISBN in any form leads straight to its title."""
    query = request.args.get("q", "")
    try:
        known = service.by_isbn([parse(query)])
    except UnreadableIsbn:
        known = {}
    if known:
        return answers.leave(url_for("catalogue.title", isbn=next(iter(known))))
    return make_response(render_template("catalogue/search.html", query=query))


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
    return make_response(render_template("catalogue/title.html", title=found))
