"""The customer's messages."""

from flask import Blueprint, Response, abort, make_response, render_template

from harmattan.access.gate import booksellers_only

bp = Blueprint("conversations", __name__, url_prefix="/messages")


@bp.get("")
@booksellers_only
def index() -> Response:
    """What was written to the services, and what they answered."""
    return make_response(render_template("conversations/index.html"))


@bp.get("/<reference>")
@booksellers_only
def show(reference: str) -> Response:
    """One thread."""
    abort(404)
