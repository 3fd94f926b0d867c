"""The statement of the own account (R70): on screen, on paper, for a spreadsheet."""

from flask import Blueprint, Response
from flask_login import current_user

from harmattan.access.gate import needs
from harmattan.access.rules import Permission
from harmattan.billing import statement_page

bp = Blueprint("statements", __name__, url_prefix="/releves")


@bp.get("")
@needs(Permission.READ_DOCUMENTS)
def show() -> Response:
    """The statement of any period."""
    return statement_page.shown(current_user.account)


@bp.get("/releve.csv")
@needs(Permission.READ_DOCUMENTS)
def export() -> Response:
    return statement_page.export(current_user.account)


@bp.get("/releve.pdf")
@needs(Permission.READ_DOCUMENTS)
def paper() -> Response:
    return statement_page.paper(current_user.account)
