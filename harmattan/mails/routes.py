"""« Messages reçus » (R107), and which mails one wants."""

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_login import current_user

from harmattan.access.gate import booksellers_only, personal
from harmattan.core import answers
from harmattan.core.extensions import db
from harmattan.mails import journal, preferences
from harmattan.mails.forms import PreferencesForm
from harmattan.mails.preferences import BINDING

bp = Blueprint("mails", __name__)


@bp.get("/messages/courriels")
@booksellers_only
def index() -> Response:
    """The mails that the portal sent, without end."""
    page = journal.page_of_shop(request.args.get("apres", ""))
    return make_response(render_template("mails/index.html", page=page, state_of=journal.state_of))


@bp.get("/messages/courriels/<key>")
@booksellers_only
def show(key: str) -> Response:
    """A readable copy of one mail; of one that carried a secret only that it was sent."""
    mail = journal.mail_or_404(key)
    return make_response(render_template("mails/show.html", mail=mail, state_of=journal.state_of))


@bp.get("/compte/courriels")
@booksellers_only
@personal
def preferences_form() -> Response:
    chosen = preferences.of(current_user)
    return _page(PreferencesForm(data={topic.value: delivery for topic, delivery in chosen.items()}))


@bp.post("/compte/courriels")
@booksellers_only
@personal
def choose_preferences() -> Response:
    form = PreferencesForm()
    if not form.validate():
        return _page(form, 422)
    preferences.choose(current_user, form.chosen)
    db.session.commit()
    flash("Vos choix sont enregistrés : ils valent pour les prochains courriels.", "fait")
    return answers.done(url_for(".preferences_form"))


def _page(form: PreferencesForm, status: int = 200) -> Response:
    return answers.show(
        "mails/preferences.html", "mails/_preferences.html", status, form=form, binding=BINDING
    )
