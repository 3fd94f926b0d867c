"""The statement of any account, for our services: `staff.statements.show` with the account's `number`."""

from flask import Blueprint, Response
from sqlalchemy import select

from harmattan.access.models import Account
from harmattan.billing import statement_page
from harmattan.core.extensions import db

bp = Blueprint("statements", __name__, url_prefix="/releves")


@bp.get("/<number>")
def show(number: str) -> Response:
    """The statement of any period, as the bookseller sees it."""
    return statement_page.shown(_account(number), number=number)


@bp.get("/<number>.csv")
def export(number: str) -> Response:
    return statement_page.export(_account(number))


@bp.get("/<number>.pdf")
def paper(number: str) -> Response:
    return statement_page.paper(_account(number))


def _account(number: str) -> Account:
    return db.one_or_404(select(Account).where(Account.number == number))
