"""The account's pages: details, users and rights, one's own password and sessions, who did what."""

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

from harmattan.access import recovery, sessions
from harmattan.access.gate import booksellers_only, needs, personal
from harmattan.access.models import User
from harmattan.access.rules import Permission, browser_name
from harmattan.core import answers, audit
from harmattan.core.extensions import db
from harmattan.people import rules, service
from harmattan.people.forms import AccessForm, PasswordChangeForm

bp = Blueprint("people", __name__, url_prefix="/compte")

JOURNAL_ENTRIES = 100


@bp.get("")
@booksellers_only
def account() -> Response:
    """The account's details, read-only (R60)."""
    return make_response(render_template("people/account.html", account=current_user.account))


@bp.get("/utilisateurs")
@needs(Permission.MANAGE_USERS)
def users() -> Response:
    me = service.person(current_user)
    colleagues = service.colleagues(current_user.account_id)
    manageable = {user.id for user in colleagues if rules.may_manage(me, service.person(user))}
    return make_response(render_template("people/users.html", colleagues=colleagues, manageable=manageable))


@bp.get("/utilisateurs/<key>")
@needs(Permission.MANAGE_USERS)
def user(key: str) -> Response:
    target = _colleague_or_404(key)
    return _access_page(target, AccessForm(data={"rights": sorted(target.rights), "ends_on": target.ends_on}))


@bp.post("/utilisateurs/<key>")
@needs(Permission.MANAGE_USERS)
def change_access(key: str) -> Response:
    target = _colleague_or_404(key)
    form = AccessForm()
    if not form.validate():
        return _access_page(target, form, 422)
    service.change_access(target, *form.chosen, by=current_user)
    return _acted(f"L’accès de {target.name} est enregistré.")


@bp.post("/utilisateurs/<key>/fermer")
@needs(Permission.MANAGE_USERS)
def end_access(key: str) -> Response:
    target = _colleague_or_404(key)
    service.end_access(target, by=current_user)
    return _acted(f"L’accès de {target.name} est fermé.")


@bp.post("/utilisateurs/<key>/principal")
@needs(Permission.MANAGE_USERS)
def hand_over(key: str) -> Response:
    target = _colleague_or_404(key)
    service.hand_over(target, by=current_user)
    return _acted(f"{target.name} est désormais l’utilisateur principal.", "people.account")


@bp.get("/utilisateurs/<key>/fermer")
@bp.get("/utilisateurs/<key>/principal")
@needs(Permission.MANAGE_USERS)
def act_typed(key: str) -> Response:
    """A typed or refreshed address is no error: it leads back to the person."""
    return answers.leave(url_for("people.user", key=_colleague_or_404(key).key))


@bp.get("/securite")
@personal
def security() -> Response:
    """One's own password and sessions; staff have them too."""
    return _security_page(PasswordChangeForm())


@bp.post("/securite")
@personal
def change_password() -> Response:
    form = PasswordChangeForm()
    if not form.validate():
        return _security_page(form, 422)
    try:
        service.change_password(current_user, form.present_password.data, form.new_password.data)
    except service.WrongPassword:
        form.present_password.errors = ["Vérifiez votre mot de passe actuel"]
        return _security_page(form, 422)
    except recovery.WeakPassword as fault:
        form.new_password.errors = [str(fault)]
        return _security_page(form, 422)
    db.session.commit()
    session.clear()
    flash("Votre mot de passe a changé. Connectez-vous avec le nouveau.", "fait")
    return answers.leave(url_for("access.log_in"))


@bp.post("/sessions")
@personal
def end_sessions() -> Response:
    """End one other session of one's own, or all the others."""
    if key := request.form.get("session"):
        sessions.end_one(g.login_session, key)
    else:
        sessions.end_others(g.login_session)
    db.session.commit()
    context = {"sessions": service.sessions_of(current_user), "browser_name": browser_name}
    return answers.done(url_for("people.security"), "people/_sessions.html", **context)


@bp.get("/sessions")
@personal
def sessions_typed() -> Response:
    """A typed or refreshed address is no error."""
    return answers.leave(url_for("people.security"))


@bp.get("/journal")
@needs(Permission.MANAGE_USERS)
def journal() -> Response:
    entries = audit.latest(current_user.account_id, JOURNAL_ENTRIES)
    return make_response(render_template("people/journal.html", entries=entries))


def _colleague_or_404(key: str) -> User:
    found = next((user for user in service.colleagues(current_user.account_id) if user.key == key), None)
    return found or abort(404)


def _acted(said: str, endpoint: str = "people.users") -> Response:
    db.session.commit()
    flash(said, "fait")
    return answers.done(url_for(endpoint))


def _access_page(target: User, form: AccessForm, status: int = 200) -> Response:
    me = service.person(current_user)
    return answers.show(
        "people/user.html",
        "people/_access.html",
        status,
        form=form,
        target=target,
        is_manageable=rules.may_manage(me, service.person(target)),
        grantable=rules.grantable(me),
    )


def _security_page(form: PasswordChangeForm, status: int = 200) -> Response:
    context = {"sessions": service.sessions_of(current_user), "browser_name": browser_name}
    return answers.show("people/security.html", "people/_password.html", status, form=form, **context)
