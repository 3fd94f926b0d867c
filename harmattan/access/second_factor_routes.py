"""The second factor at log-in: a code, or first the application that shows codes."""

from flask import Blueprint, Response, flash, g, request, url_for
from flask_login import current_user

from harmattan.access import second_factor, service
from harmattan.access.browsers import Visit
from harmattan.access.forms import CodeForm
from harmattan.access.gate import next_page
from harmattan.access.rules import Stage
from harmattan.core import answers
from harmattan.core.extensions import db

bp = Blueprint("second_factor", __name__, url_prefix="/connexion")


@bp.before_request
def _only_while_asked_for() -> Response | None:
    """Whoever is in, or without an application yet, is led where the next step is."""
    if g.login_session.stage is not Stage.SECOND_FACTOR:
        return answers.leave(next_page())
    is_set_up, wants_set_up = second_factor.has_one(current_user), request.path.endswith("/application")
    if is_set_up is not wants_set_up:
        return None
    step = "second_factor.code" if is_set_up else "second_factor.set_up"
    return answers.leave(url_for(step, next=next_page()))


@bp.get("/code")
def code() -> Response:
    """Asks for the code that the application shows now, or for a recovery code."""
    return _ask(CodeForm())


@bp.post("/code")
def check_code() -> Response:
    form = CodeForm()
    if not form.validate():
        return _ask(form, 422)
    try:
        second_factor.check(current_user, form.one_time_password.data)
    except second_factor.WrongCode:
        form.refuse()
        return _ask(form, 422)
    service.enter(current_user, Visit.under_way())
    db.session.commit()
    return answers.leave(next_page())


@bp.get("/application")
def set_up() -> Response:
    """The secret, as a QR code and as text, and the recovery codes, until a code of the application comes."""
    return _offer(CodeForm())


@bp.post("/application")
def confirm() -> Response:
    form = CodeForm()
    if not form.validate():
        return _offer(form, 422)
    try:
        second_factor.confirm(current_user, form.one_time_password.data)
    except second_factor.WrongCode:
        form.refuse()
        return _offer(form, 422)
    service.enter(current_user, Visit.under_way())
    db.session.commit()
    flash("Le second facteur est en place : un code vous sera demandé à chaque connexion.", "fait")
    return answers.leave(next_page())


def _ask(form: CodeForm, status: int = 200) -> Response:
    return answers.show("access/code.html", "access/_code.html", status, form=form, next=next_page())


def _offer(form: CodeForm, status: int = 200) -> Response:
    context = {"form": form, "next": next_page(), "factor": second_factor.of(current_user)}
    return answers.show("access/set_up.html", "access/_set_up.html", status, **context)
