"""The way out of « voir comme le client »."""

from flask import Blueprint, Response, g, url_for
from flask_login import current_user

from harmattan.access import viewing
from harmattan.core import answers
from harmattan.core.extensions import db

bp = Blueprint("viewing", __name__, url_prefix="/vue")


@bp.post("/fin")
def stop() -> Response:
    """Back to the account that was looked at."""
    if current_user.seen_by is None:
        return answers.leave(url_for("home.start"))
    viewing.stop(g.login_session)
    db.session.commit()
    return answers.leave(url_for("staff.accounts.show", number=current_user.account.number))


@bp.get("/fin")
def stop_typed() -> Response:
    """A typed or refreshed address is no error: it leads home."""
    return answers.leave(url_for("home.start"))
