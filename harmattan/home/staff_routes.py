"""The start page of staff: what is waiting, per service."""

from flask import Blueprint, Response, make_response, render_template

bp = Blueprint("home", __name__)


@bp.get("")
def start() -> Response:
    """What is waiting for the services."""
    return make_response(render_template("home/staff_start.html"))
