"""Log-in and log-out."""

import re

from flask import Blueprint, Response, flash, request, url_for
from flask_login import current_user

from harmattan.access import service, sessions
from harmattan.access.forms import LogInForm
from harmattan.access.gate import public
from harmattan.core import answers
from harmattan.core.extensions import db

bp = Blueprint("access", __name__)

_LOCAL_ADDRESS = re.compile(r"/(?![/\\])[A-Za-z0-9/_.?=&%+-]*")


@bp.get("/connexion")
@public
def log_in() -> Response:
    """The log-in page; whoever is logged in is sent on."""
    if current_user.is_authenticated:
        return answers.leave(_next_page())
    return _form(LogInForm())


@bp.post("/connexion")
@public
def open_session() -> Response:
    form = LogInForm()
    if not form.validate():
        return _form(form, 422)
    try:
        service.log_in(
            form.email.data,
            form.password.data,
            browser=request.user_agent.string,
            network=request.remote_addr or "-",
        )
    except service.WrongCredentials:
        form.password.errors = ["Vérifiez l’adresse e-mail et le mot de passe"]
        return _form(form, 422)
    except service.AccessEnded:
        form.email.errors = ["Cet accès est terminé : demandez-en un nouveau à l’utilisateur principal"]
        return _form(form, 422)
    db.session.commit()
    return answers.leave(_next_page())


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


def _form(form: LogInForm, status: int = 200) -> Response:
    return answers.show(
        "access/log_in.html", "access/_log_in.html", status, form=form, next=request.values.get("next", "")
    )


def _next_page() -> str:
    wished = request.values.get("next", "")
    return wished if _LOCAL_ADDRESS.fullmatch(wished) else url_for("home.start")
