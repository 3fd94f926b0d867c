"""Customer accounts and their users, as the services look after them (`/equipe/acces/comptes`)."""

from flask import Blueprint, Response, abort, flash, g, request, url_for
from flask_login import current_user

from harmattan.access import viewing
from harmattan.access.models import User
from harmattan.access.scope import account_or_404
from harmattan.accounts import lookups, rules, service
from harmattan.accounts.forms import AccountFilter
from harmattan.core import answers, audit, once
from harmattan.core.extensions import db
from harmattan.core.forms import OneTimeForm
from harmattan.people import service as people
from harmattan.people.forms import LastDayForm
from harmattan.staff.guard import for_services

bp = Blueprint("accounts", __name__, url_prefix="/acces/comptes")

LATEST_ACTS = 10


@bp.get("")
def index() -> Response:
    """The accounts, by how far their access is; all services look them up."""
    form = AccountFilter(request.args)
    filters = form.narrowed()
    found = lookups.page_of(filters, after=request.args.get("apres", ""))
    return answers.show(
        "accounts/index.html", "accounts/_list.html", filter=form, filters=filters, found=found
    )


@bp.get("/<number>")
def show(number: str) -> Response:
    """One account: its people, its invitations, the latest acts."""
    account = account_or_404(number)
    return answers.show(
        "accounts/show.html",
        "accounts/_users.html",
        account=account,
        standing=lookups.standing(account),
        users=people.colleagues(account.id),
        invitations=lookups.invitations(account),
        acts=audit.latest(account.id, LATEST_ACTS),
        form=OneTimeForm(),
        may_act=current_user.service in rules.KEEPERS,
    )


@bp.post("/<number>/invitation")
@for_services(*rules.KEEPERS)
def invite(number: str) -> Response:
    """Invite an existing account, or send the invitation again (R1)."""
    account, form = account_or_404(number), OneTimeForm()
    url = url_for(".show", number=number)
    if sent := once.result_of(form.once.data):
        return answers.leave(sent)
    service.invite(account, current_user.name)
    once.remember(form.once.data, url)
    db.session.commit()
    flash(f"L’invitation part à {account.email}.", "fait")
    return answers.done(url)


@bp.post("/<number>/remplacement")
@for_services(*rules.KEEPERS)
def replace_principal(number: str) -> Response:
    """The principal user left, alone: the account is invited anew (R21)."""
    account = account_or_404(number)
    service.replace_principal(account, current_user)
    db.session.commit()
    flash(f"L’accès est fermé, et une invitation part à {account.email}.", "fait")
    return answers.done(url_for(".show", number=number))


@bp.get("/<number>/<any(invitation, remplacement):_act>")
def act_typed(number: str, _act: str) -> Response:
    """A typed or refreshed address is no error: it leads back to the account."""
    return answers.leave(url_for(".show", number=account_or_404(number).number))


@bp.get("/<number>/<key>")
def user(number: str, key: str) -> Response:
    """One person of the account, and what our services may do."""
    target = _user_or_404(number, key)
    return _user_page(target, LastDayForm(data={"ends_on": target.ends_on}))


@bp.post("/<number>/<key>")
@for_services(*rules.KEEPERS)
def set_last_day(number: str, key: str) -> Response:
    target, form = _user_or_404(number, key), LastDayForm()
    if not form.validate():
        return _user_page(target, form, 422)
    people.change_access(target, target.rights, form.ends_on.day, by=current_user)
    return _acted(number, f"L’accès de {target.name} est enregistré.")


@bp.post("/<number>/<key>/suspendre")
@for_services(*rules.KEEPERS)
def suspend(number: str, key: str) -> Response:
    target = _user_or_404(number, key)
    people.end_access(target, by=current_user)
    return _acted(number, f"L’accès de {target.name} est suspendu.")


@bp.post("/<number>/<key>/rouvrir")
@for_services(*rules.KEEPERS)
def reopen(number: str, key: str) -> Response:
    target = _user_or_404(number, key)
    people.reopen(target, by=current_user)
    return _acted(number, f"L’accès de {target.name} est rouvert.")


@bp.post("/<number>/<key>/principal")
@for_services(*rules.KEEPERS)
def move_principal(number: str, key: str) -> Response:
    """Name another principal user, for an account whose own one left (R21)."""
    target = _user_or_404(number, key)
    people.hand_over(target, by=current_user)
    return _acted(number, f"{target.name} est désormais l’utilisateur principal.")


@bp.post("/<number>/<key>/vue")
@for_services(*rules.VIEWERS)
def look(number: str, key: str) -> Response:
    """« Voir comme le client »: the bookseller's own pages, to read."""
    viewing.start(g.login_session, _user_or_404(number, key))
    db.session.commit()
    return answers.leave(url_for("home.start"))


@bp.get("/<number>/<key>/<any(suspendre, rouvrir, principal, vue):_act>")
def act_on_user_typed(number: str, key: str, _act: str) -> Response:
    """A typed or refreshed address is no error: it leads back to the person."""
    return answers.leave(url_for(".user", number=number, key=_user_or_404(number, key).key))


def _acted(number: str, said: str) -> Response:
    db.session.commit()
    flash(said, "fait")
    return answers.done(url_for(".show", number=number))


def _user_or_404(number: str, key: str) -> User:
    of_account = people.colleagues(account_or_404(number).id)
    return next((user for user in of_account if user.key == key), None) or abort(404)


def _user_page(target: User, form: LastDayForm, status: int = 200) -> Response:
    may_act, may_look = (current_user.service in services for services in (rules.KEEPERS, rules.VIEWERS))
    context = {"target": target, "form": form, "may_act": may_act, "may_look": may_look}
    return answers.show("accounts/user.html", "accounts/_last_day.html", status, **context)
