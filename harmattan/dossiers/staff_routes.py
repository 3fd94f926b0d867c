"""The long statement of any account, for our services."""

from flask import Blueprint, Response, request, url_for
from flask_login import current_user

from harmattan.access.scope import account_or_404
from harmattan.billing.forms import StatementForm
from harmattan.core import answers
from harmattan.core.extensions import db
from harmattan.dossiers import service

bp = Blueprint("dossiers", __name__, url_prefix="/releves")


@bp.post("/<number>/papier")
def ask_statement(number: str) -> Response:
    """Let the worker set the statement of the days `du` and `au`."""
    account = account_or_404(number)
    period = StatementForm(request.form).period()
    dossier = service.of_statement(account, *period, current_user)
    db.session.commit()
    return answers.done(url_for("dossiers.show", reference=dossier.reference))


@bp.get("/<number>/papier")
def asked_typed(number: str) -> Response:
    return answers.leave(url_for("staff.statements.show", number=number))
