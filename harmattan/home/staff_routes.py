"""The start page of staff: what one's service has to do, and how the others stand."""

from flask import Blueprint, Response, make_response, render_template
from flask_login import current_user

from harmattan.core import worklist
from harmattan.home import service

bp = Blueprint("home", __name__)


@bp.get("")
def start() -> Response:
    """The worklist of one's own service; beside it the messages that wait for the others."""
    return make_response(
        render_template(
            "home/staff_start.html",
            works=worklist.of_service(current_user.service),
            others=service.of_other_services(current_user.service),
            last_import=service.last_import(),
        )
    )
