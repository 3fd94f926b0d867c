"""The start page of booksellers, and pages about the portal itself."""

import sqlalchemy as sa
from flask import Blueprint, Response, make_response, render_template, url_for
from flask_login import current_user

from harmattan.access.gate import public
from harmattan.core import answers
from harmattan.core.extensions import db

bp = Blueprint("home", __name__)


@bp.get("/")
def start() -> Response:
    """What is waiting for this bookseller; staff have their own."""
    if current_user.is_staff:
        return answers.leave(url_for("staff.home.start"))
    return make_response(render_template("home/start.html"))


@bp.get("/sante")
@public
def health() -> Response:
    """200 `ok` while the database answers."""
    db.session.execute(sa.select(1))
    response = make_response("ok")
    response.mimetype = "text/plain"
    return response
