"""Log-in, log-out, and a forgotten password."""

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    g,
    make_response,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import current_user

from harmattan.access import recovery, service, sessions
from harmattan.access.browsers import Visit
from harmattan.access.forms import ForgottenPasswordForm, LogInForm, NewPasswordForm
from harmattan.access.gate import next_page, public
from harmattan.access.rules import Stage
from harmattan.core import answers, security
from harmattan.core.extensions import db

bp = Blueprint("access", __name__)


@bp.get("/connexion")
@public
def log_in() -> Response:
    """The log-in page; whoever is logged in is sent on."""
    if current_user.is_authenticated:
        return answers.leave(next_page())
    return _form(LogInForm())


@bp.post("/connexion")
@public
def open_session() -> Response:
    form = LogInForm()
    if not form.validate():
        return _form(form, 422)
    try:
        service.log_in(form.email.data, form.password.data, Visit.under_way())
    except service.WrongCredentials:
        form.password.errors = ["Vérifiez l’adresse e-mail et le mot de passe"]
        return _form(form, 422)
    except service.AccessEnded:
        form.email.errors = ["Cet accès est terminé : demandez-en un nouveau à l’utilisateur principal"]
        return _form(form, 422)
    db.session.commit()
    return answers.leave(next_page())


@bp.post("/deconnexion")
@public
def log_out() -> Response:
    sessions.end()
    db.session.commit()
    flash("Vous êtes déconnecté.", "fait")
    response = answers.leave(url_for("access.log_in"))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.get("/deconnexion")
@public
def log_out_typed() -> Response:
    """A typed or refreshed address is no error: it leads home."""
    return answers.leave(url_for("home.start"))


@bp.get("/mot-de-passe-oublie")
@public
def forgotten_password() -> Response:
    return _ask_for_address(ForgottenPasswordForm())


@bp.post("/mot-de-passe-oublie")
@public
def ask_recovery() -> Response:
    """The same answer whatever the address (R36)."""
    form = ForgottenPasswordForm()
    if not form.validate():
        return _ask_for_address(form, 422)
    recovery.ask(form.email.data, security.network())
    db.session.commit()
    return answers.done(url_for("access.recovery_sent"))


@bp.get("/mot-de-passe-oublie/envoye")
@public
def recovery_sent() -> Response:
    return make_response(render_template("access/recovery_sent.html"))


@bp.get("/mot-de-passe-oublie/<token>")
@public
def recovery_link(token: str) -> Response:
    """The mailed link: mail scanners open it too, so looking changes nothing (R8)."""
    person = recovery.person_of(token)
    response = make_response(render_template("access/recovery.html", token=token, person=person))
    return security.hide_address(response)


@bp.post("/mot-de-passe-oublie/<token>")
@public
def open_recovery(token: str) -> Response:
    recovery.open_link(token, Visit.under_way())
    db.session.commit()
    return answers.leave(url_for("access.new_password"))


@bp.get("/mot-de-passe")
def new_password() -> Response:
    """The one page after a temporary password; whoever has a lasting one changes it on the account page."""
    if g.login_session.stage is not Stage.NEW_PASSWORD:
        return answers.leave(url_for("people.security"))
    return _ask_for_password(NewPasswordForm())


@bp.post("/mot-de-passe")
def choose_password() -> Response:
    """Only after a temporary password; whoever has a lasting one proves it first on the account page."""
    if g.login_session.stage is not Stage.NEW_PASSWORD:
        abort(403)
    form = NewPasswordForm()
    if not form.validate():
        return _ask_for_password(form, 422)
    try:
        recovery.choose(current_user, form.new_password.data)
    except recovery.WeakPassword as fault:
        form.new_password.errors = [str(fault)]
        return _ask_for_password(form, 422)
    db.session.commit()
    session.clear()
    flash("Votre mot de passe a changé. Connectez-vous avec le nouveau.", "fait")
    return answers.leave(url_for("access.log_in"))


def _ask_for_address(form: ForgottenPasswordForm, status: int = 200) -> Response:
    return answers.show("access/forgotten.html", "access/_forgotten.html", status, form=form)


def _ask_for_password(form: NewPasswordForm, status: int = 200) -> Response:
    return answers.show("access/new_password.html", "access/_new_password.html", status, form=form)


def _form(form: LogInForm, status: int = 200) -> Response:
    return answers.show(
        "access/log_in.html", "access/_log_in.html", status, form=form, next=request.values.get("next", "")
    )
