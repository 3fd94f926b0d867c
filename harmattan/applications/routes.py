"""« Demande d’ouverture de compte », and the private page on which the applicant follows it (R22–R28)."""

from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, render_template, request, session, url_for
from werkzeug.datastructures import MultiDict

from harmattan.access.gate import public
from harmattan.applications import lookups, service
from harmattan.applications.forms import AnswerForm, ApplicationForm
from harmattan.applications.models import Application
from harmattan.conversations import service as conversations
from harmattan.conversations.downloads import download
from harmattan.conversations.forms import MOST_OCTETS
from harmattan.core import answers, once, security
from harmattan.core.extensions import db
from harmattan.people.rules import DETAILS

bp = Blueprint("applications", __name__, url_prefix="/ouvrir-un-compte")

_LINK = "application_link"
"""Kept in the session's signed cookie: the word of a private link has no place in the database."""


@bp.get("")
@public
def form() -> Response:
    return _form(ApplicationForm())


@bp.post("")
@public
@security.takes_octets(MOST_OCTETS)
def submit() -> Response:
    """Take the application once, the same way whoever applies (R28)."""
    form = ApplicationForm()
    if made := once.result_of(form.once.data):
        return answers.leave(made)
    if not form.validate():
        return _form(form, 422)
    service.count_try(request.remote_addr or "-")
    session[_LINK] = service.submit(form.details, form.words.data, form.files)
    once.remember(form.once.data, url_for(".received"))
    db.session.commit()
    return answers.leave(url_for(".received"))


@bp.get("/recue")
@public
def received() -> Response:
    """To the private page of whoever has just written; others find its link in their mail."""
    if token := session.get(_LINK):
        return answers.leave(url_for(".show", token=token))
    return make_response(render_template("applications/received.html"))


@bp.get("/<token>")
@public
def show(token: str) -> Response:
    return _page(_find_or_404(token), token, AnswerForm())


@bp.post("/<token>")
@public
@security.takes_octets(MOST_OCTETS)
def answer(token: str) -> Response:
    """Words and pieces of the applicant, once."""
    application, form = _find_or_404(token), AnswerForm()
    session[_LINK] = token
    if made := once.result_of(form.once.data):
        return answers.leave(made)
    if not form.validate():
        return _page(application, token, form, 422)
    conversations.count_message(None, request.remote_addr or "-")
    once.remember(form.once.data, url_for(".received"))
    service.answer(application, form.message.data, form.files)
    db.session.commit()
    return _acted(application, token, "Votre envoi est arrivé.")


@bp.post("/<token>/retirer")
@public
def withdraw(token: str) -> Response:
    application = _find_or_404(token)
    service.withdraw(application)
    db.session.commit()
    return _acted(application, token, "Votre demande est retirée.")


@bp.get("/<token>/retirer")
@public
def withdraw_typed(token: str) -> Response:
    """A typed or refreshed address is no error: it leads back to the application."""
    return answers.leave(url_for(".show", token=token))


@bp.get("/<token>/reprendre")
@public
def apply_again(token: str) -> Response:
    """The form once more, as it was filled in; without the bank details (R28)."""
    known = _find_or_404(token)
    names = (*DETAILS, "first_name", "last_name")
    return _form(ApplicationForm(data={name: getattr(known, name) for name in names}))


@bp.get("/<token>/pieces/<key>")
@public
def piece(token: str, key: str) -> Response:
    found = lookups.piece_of(_find_or_404(token), key)
    return download(found) if found is not None else abort(404)


def _form(form: ApplicationForm, status: int = 200) -> Response:
    context = {"form": form, "answer_by": lookups.promise()}
    page = answers.show("applications/form.html", "applications/_form.html", status, **context)
    return security.hide_address(page)


def _acted(application: Application, token: str, said: str) -> Response:
    flash(said, "fait")
    parts = ("applications/_application.html", "layout/_avis.html")
    context = _context(application, token, AnswerForm(MultiDict()))
    return answers.done(url_for(".show", token=token), parts, **context)


def _page(application: Application, token: str, form: AnswerForm, status: int = 200) -> Response:
    context = _context(application, token, form)
    page = answers.show("applications/show.html", "applications/_application.html", status, **context)
    return security.hide_address(page)


def _context(application: Application, token: str, form: AnswerForm) -> dict[str, Any]:
    return {
        "application": application,
        "token": token,
        "form": form,
        "count": lookups.count_of(application),
        "file_url": lambda key: url_for("applications.piece", token=token, key=key),
    }


def _find_or_404(token: str) -> Application:
    try:
        return service.find(token)
    except service.NoSuchApplication:
        abort(404)
