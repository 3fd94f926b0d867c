"""Staff users and their services (`/equipe/utilisateurs`), for settings alone."""

from flask import Blueprint, Response, abort, flash, url_for
from flask_login import current_user

from harmattan.access import second_factor
from harmattan.access.models import User
from harmattan.core import answers
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.staff.guard import for_services
from harmattan.team import service
from harmattan.team.forms import MemberForm, ServiceForm

bp = Blueprint("team", __name__, url_prefix="/utilisateurs")


@bp.get("")
@for_services(Service.SETTINGS)
def index() -> Response:
    """Who logs in for which service, and the form to let another in."""
    return _index(MemberForm())


@bp.post("")
@for_services(Service.SETTINGS)
def add() -> Response:
    """A new member of staff gets a mail, and chooses the password."""
    form = MemberForm()
    if not form.validate():
        return _index(form, 422)
    try:
        user = service.add(form.person, form.service.data, by=current_user.name)
    except service.EmailTaken:
        form.email.errors = ["Donnez une autre adresse : quelqu’un se connecte déjà avec celle-ci"]
        return _index(form, 422)
    db.session.commit()
    flash(f"Un courriel part à {user.email} : {user.name} choisit son mot de passe.", "fait")
    return answers.done(url_for(".index"))


@bp.get("/<key>")
@for_services(Service.SETTINGS)
def show(key: str) -> Response:
    target = _member_or_404(key)
    return _page(target, ServiceForm(data={"service": target.service}))


@bp.post("/<key>")
@for_services(Service.SETTINGS)
def change_service(key: str) -> Response:
    target, form = _member_or_404(key), ServiceForm()
    if not form.validate():
        return _page(target, form, 422)
    service.change_service(target, form.service.data, by=current_user)
    return _acted(f"{target.name} : {form.service.data.label}.")


@bp.post("/<key>/suspendre")
@for_services(Service.SETTINGS)
def suspend(key: str) -> Response:
    target = _member_or_404(key)
    service.suspend(target, by=current_user)
    return _acted(f"L’accès de {target.name} est suspendu.")


@bp.post("/<key>/rouvrir")
@for_services(Service.SETTINGS)
def reopen(key: str) -> Response:
    target = _member_or_404(key)
    service.reopen(target, by=current_user)
    return _acted(f"L’accès de {target.name} est rouvert.")


@bp.post("/<key>/lien")
@for_services(Service.SETTINGS)
def send_link(key: str) -> Response:
    target = _member_or_404(key)
    service.send_link(target, by=current_user)
    return _acted(f"Un courriel part à {target.email}.")


@bp.post("/<key>/second-facteur")
@for_services(Service.SETTINGS)
def reset_second_factor(key: str) -> Response:
    """For whoever lost the application and the recovery codes; in the journal."""
    target = _member_or_404(key)
    service.reset_second_factor(target, by=current_user)
    return _acted(f"Le second facteur de {target.name} est effacé.")


@bp.get("/<key>/<any('suspendre', 'rouvrir', 'lien', 'second-facteur'):_act>")
@for_services(Service.SETTINGS)
def act_typed(key: str, _act: str) -> Response:
    """A typed or refreshed address is no error: it leads back to the person."""
    return answers.leave(url_for(".show", key=_member_or_404(key).key))


def _acted(said: str) -> Response:
    db.session.commit()
    flash(said, "fait")
    return answers.done(url_for(".index"))


def _member_or_404(key: str) -> User:
    return next((user for user in service.members() if user.key == key), None) or abort(404)


def _index(form: MemberForm, status: int = 200) -> Response:
    return answers.show("team/index.html", "team/_add.html", status, form=form, members=service.members())


def _page(target: User, form: ServiceForm, status: int = 200) -> Response:
    factor = second_factor.of(target)
    context = {
        "target": target,
        "form": form,
        "factor": factor,
        "codes_left": second_factor.codes_left(target),
    }
    return answers.show("team/show.html", "team/_service_form.html", status, **context)
