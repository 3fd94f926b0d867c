"""The services' inboxes."""

from flask import Blueprint, Response, make_response, render_template

bp = Blueprint("conversations", __name__, url_prefix="/messages")


@bp.get("")
def inbox() -> Response:
    """The queue of one's service, the most pressing first (R103)."""
    return make_response(render_template("conversations/inbox.html"))
