"""The statement of any account, for our services: `staff.statements.show` with the account's `number`."""

from flask import Blueprint, Response

from harmattan.access.scope import account_or_404
from harmattan.billing import statement_page

bp = Blueprint("statements", __name__, url_prefix="/releves")


@bp.get("/<number>")
def show(number: str) -> Response:
    """The statement of any period, as the bookseller sees it."""
    return statement_page.shown(account_or_404(number), number=number)


@bp.get("/<number>.csv")
def export(number: str) -> Response:
    return statement_page.export(account_or_404(number))


@bp.get("/<number>.pdf")
def paper(number: str) -> Response:
    return statement_page.paper(account_or_404(number))
