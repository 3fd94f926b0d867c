"""« Demande d’accès à l’espace client »: one form, one link; the case shows only to whoever decides."""

from flask import Blueprint, Response, abort, flash, make_response, render_template, request, url_for
from flask_login import current_user

from harmattan.access.gate import public
from harmattan.core import answers, security
from harmattan.core.extensions import db
from harmattan.onboarding import requests, service
from harmattan.onboarding.forms import AccessRequestForm, ActivationForm
from harmattan.onboarding.models import AccessRequest
from harmattan.onboarding.rules import Kind, RequestState
from harmattan.people import rules as people_rules
from harmattan.people import service as people
from harmattan.people.forms import AccessForm

bp = Blueprint("onboarding", __name__, url_prefix="/acces")


@bp.get("")
@public
def request_form() -> Response:
    """The form; `?compte=` of the invitation fills the account number in."""
    return _form(AccessRequestForm(data={"number": request.args.get("compte", "")}))


@bp.post("")
@public
def ask_access() -> Response:
    """The same answer whatever the account number (R12)."""
    form = AccessRequestForm()
    if not form.validate():
        return _form(form, 422)
    service.ask(form.details, form.password.data, network=security.network())
    return _acted("onboarding.request_sent")


@bp.get("/envoyee")
@public
def request_sent() -> Response:
    return make_response(render_template("onboarding/sent.html"))


@bp.get("/<token>")
@public
def show_request(token: str) -> Response:
    """The mailed link: looking changes nothing (R8). A colleague's request needs the principal's log-in."""
    found = _find_or_404(token)
    if found.kind is Kind.COLLEAGUE:
        return _approval_page(token)
    if found.state is RequestState.ACTIVE or found.state is RequestState.VOIDED:
        raise requests.already_answered(found)
    return _activation_page(found, token, ActivationForm())


@bp.post("/<token>/activer")
@public
def activate(token: str) -> Response:
    asked, form = _first_or_404(token), ActivationForm()
    form.known_words = (asked.name, asked.account.number, asked.account.trade_name)
    if asked.lacks_password and not form.validate():
        return _activation_page(asked, token, form, 422)
    user = service.activate(asked, form.password.data if asked.lacks_password else None)
    told = f"L’accès de {user.name} est activé. Connectez-vous avec le mot de passe choisi."
    return _acted("access.log_in", told)


@bp.post("/<token>/ce-n-est-pas-moi")
@public
def disown(token: str) -> Response:
    service.disown(_first_or_404(token))
    return _acted("onboarding.disowned")


@bp.get("/sans-suite")
@public
def disowned() -> Response:
    return make_response(render_template("onboarding/disowned.html"))


@bp.post("/<token>/renvoyer")
@public
def send_again(token: str) -> Response:
    service.send_again(_first_or_404(token))
    return _acted("onboarding.request_sent")


@bp.post("/<token>/accorder")
def approve(token: str) -> Response:
    asked = _mine_or_refused(token)
    form = AccessForm()
    if not form.validate():
        return _decision(asked, token, form, 422)
    rights, ends_on = form.chosen
    user = service.approve(asked, rights, ends_on, by=current_user)
    return _acted("people.users", f"{user.name} a maintenant accès au compte, et un courriel le lui dit.")


@bp.post("/<token>/refuser")
def refuse(token: str) -> Response:
    asked = _mine_or_refused(token)
    service.refuse(asked, by=current_user)
    return _acted("people.users", f"La demande de {asked.name} est refusée.")


@bp.get("/<token>/activer")
@bp.get("/<token>/ce-n-est-pas-moi")
@bp.get("/<token>/renvoyer")
@bp.get("/<token>/accorder")
@bp.get("/<token>/refuser")
@public
def act_typed(token: str) -> Response:
    """A typed or refreshed address is no error: it leads back to the request."""
    return answers.leave(url_for("onboarding.show_request", token=token))


def _acted(endpoint: str, told: str = "") -> Response:
    """On to the page that follows; what needs no page of its own is told there."""
    db.session.commit()
    if told:
        flash(told, "fait")
    return answers.done(url_for(endpoint))


def _form(form: AccessRequestForm, status: int = 200) -> Response:
    return answers.show("onboarding/request.html", "onboarding/_request.html", status, form=form)


def _activation_page(asked: AccessRequest, token: str, form: ActivationForm, status: int = 200) -> Response:
    context = {"asked": asked, "token": token, "form": form, "is_open": requests.is_open(asked)}
    page = answers.show("onboarding/activation.html", "onboarding/_activation.html", status, **context)
    return security.hide_address(page)


def _approval_page(token: str) -> Response:
    if not current_user.is_authenticated:
        return answers.leave(url_for("access.log_in", next=request.path))
    asked = _mine_or_refused(token)
    if not requests.is_open(asked):
        raise requests.already_answered(asked)
    return _decision(asked, token, AccessForm(data={"rights": []}))


def _mine_or_refused(token: str) -> AccessRequest:
    """Another account's request does not exist; one's own without the right is refused, and staff (J2)."""
    if current_user.is_staff:
        abort(403)
    try:
        asked = requests.find_for(token, current_user)
    except requests.NoSuchRequest:
        abort(404)
    if not service.may_approve(current_user):
        abort(403)
    return asked


def _decision(asked: AccessRequest, token: str, form: AccessForm, status: int = 200) -> Response:
    grantable = people_rules.grantable(people.person(current_user))
    context = {"asked": asked, "token": token, "form": form, "grantable": grantable}
    return answers.show("onboarding/approval.html", "onboarding/_approval.html", status, **context)


def _find_or_404(token: str) -> AccessRequest:
    try:
        return requests.find(token)
    except requests.NoSuchRequest:
        abort(404)


def _first_or_404(token: str) -> AccessRequest:
    """A request that the address on file decides on; a colleague's is not decided by its link alone."""
    found = _find_or_404(token)
    return found if found.kind is Kind.FIRST_ACCESS else abort(404)
