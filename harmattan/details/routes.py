"""« Demander une modification »: what the account says, and what it is to say (R60)."""

from flask import Blueprint, Response, flash, request, url_for
from flask_login import current_user

from harmattan.access.gate import booksellers_only
from harmattan.conversations import service as conversations
from harmattan.core import answers, once
from harmattan.core.extensions import db
from harmattan.core.typography import moment
from harmattan.details import service
from harmattan.details.forms import DetailsForm

bp = Blueprint("details", __name__, url_prefix="/compte")


@bp.post("")
@booksellers_only
def write() -> Response:
    """Nobody of the shop writes the details: sales do, at the shop's request (R60)."""
    raise service.ReadOnly(
        "Le service commercial les change à votre demande.",
        ("Demander une modification", url_for("details.form")),
    )


@bp.get("/modification")
@booksellers_only
def form() -> Response:
    return _page(_form())


@bp.post("/modification")
@booksellers_only
def ask() -> Response:
    """File the request, once."""
    form, url = _form(), url_for("people.account", _anchor="changes")
    if made := once.result_of(form.once.data):
        return answers.leave(made)
    if not form.validate():
        return _page(form, 422)
    conversations.count_message(current_user.id, request.remote_addr or "-")
    change = service.ask(current_user.account, form.wished, form.words.data, by=current_user)
    once.remember(form.once.data, url)
    db.session.commit()
    flash(
        f"La demande {change.reference} est partie au service commercial, qui répond au plus tard le "
        f"{moment(change.thread.answer_by)}.",
        "fait",
    )
    return answers.leave(url)


def _form() -> DetailsForm:
    account = current_user.account
    return DetailsForm(service.present(account), account.country)


def _page(form: DetailsForm, status: int = 200) -> Response:
    return answers.show("details/form.html", "details/_form.html", status, form=form)
