"""`/compte/second-facteur`: a member of staff's own second factor: its state, another in its place."""

from flask import Blueprint, Response, flash, g, url_for
from flask_login import current_user

from harmattan.access import second_factor, second_factor_change, sessions
from harmattan.access.forms import CodeForm
from harmattan.access.gate import personal
from harmattan.core import answers
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.people import service
from harmattan.people.forms import ReplaceFactorForm
from harmattan.staff.guard import for_services

bp = Blueprint("own_factor", __name__, url_prefix="/compte/second-facteur")


_only_staff = for_services(*Service)


@bp.get("")
@personal
@_only_staff
def show() -> Response:
    return _page(ReplaceFactorForm(), CodeForm())


@bp.post("")
@personal
@_only_staff
def offer() -> Response:
    """With the password, and a code where one is in place, a new secret is shown; the old one serves on."""
    form = ReplaceFactorForm()
    if not form.validate():
        return _page(form, CodeForm(), 422)
    try:
        service.check_password(current_user, form.present_password.data)
        if second_factor.has_one(current_user):
            second_factor.check(current_user, form.one_time_password.data or "")
    except service.WrongPassword:
        form.present_password.errors = ["Vérifiez votre mot de passe actuel"]
        return _page(form, CodeForm(), 422)
    except second_factor.WrongCode:
        form.refuse()
        return _page(form, CodeForm(), 422)
    second_factor_change.offer(current_user)
    db.session.commit()
    return _done()


@bp.post("/confirmer")
@personal
@_only_staff
def confirm() -> Response:
    """A code of the new application: it takes over, and other sessions end."""
    form = CodeForm()
    if not form.validate():
        return _page(ReplaceFactorForm(), form, 422)
    try:
        second_factor_change.take(current_user, form.one_time_password.data)
    except second_factor.WrongCode:
        form.refuse()
        return _page(ReplaceFactorForm(), form, 422)
    sessions.end_others(g.login_session)
    db.session.commit()
    flash("Le nouveau second facteur est en place, vos autres sessions sont fermées.", "fait")
    return answers.leave(url_for(".show"))


@bp.post("/abandonner")
@personal
@_only_staff
def withdraw() -> Response:
    second_factor_change.withdraw(current_user)
    db.session.commit()
    flash("Rien n’a changé : votre second facteur reste celui d’avant.", "fait")
    return answers.leave(url_for(".show"))


@bp.get("/confirmer")
@bp.get("/abandonner")
@personal
@_only_staff
def typed() -> Response:
    return answers.leave(url_for(".show"))


def _page(form: ReplaceFactorForm, code: CodeForm, status: int = 200) -> Response:
    facts = {"form": form, "code": code, **_standing()}
    return answers.show("people/second_factor.html", "people/_second_factor.html", status, **facts)


def _done() -> Response:
    facts = {"form": ReplaceFactorForm(formdata=None), "code": CodeForm(formdata=None), **_standing()}
    return answers.done(url_for(".show"), "people/_second_factor.html", **facts)


def _standing() -> dict[str, object]:
    return {
        "factor": second_factor.of(current_user),
        "is_asked": second_factor.is_asked_of(current_user),
        "offered": second_factor_change.offered(current_user),
        "codes_left": second_factor.codes_left(current_user),
    }
