"""Many invitations at once: a list of account numbers, read once more before anything is sent."""

import sqlalchemy as sa
from flask import Blueprint, Response, abort, flash, url_for
from flask_login import current_user

from harmattan.accounts import lookups, rules, service
from harmattan.accounts.forms import InvitationListForm, SendingForm
from harmattan.accounts.models import InvitationList
from harmattan.core import answers, database
from harmattan.core.extensions import db
from harmattan.lists import files, reading
from harmattan.lists.rules import UnreadableList
from harmattan.staff.guard import for_services

bp = Blueprint("invitations", __name__, url_prefix="/acces/invitations")

LATEST_LISTS = 20


@bp.get("")
@for_services(*rules.KEEPERS)
def index() -> Response:
    """The form, and the latest lists."""
    return _index(InvitationListForm())


@bp.post("")
@for_services(*rules.KEEPERS)
def read_list() -> Response:
    """Read the numbers; nothing is sent before the next page (R1)."""
    form = InvitationListForm()
    db.session.commit()  # reading a file takes time: outside any transaction
    try:
        numbers, name = _numbers(form)
    except UnreadableList as fault:
        (form.fichier if form.fichier.data else form.numeros).errors = [fault.message]
        return _index(form, 422)
    database.writing()
    kept = service.keep(numbers, name, current_user)
    db.session.commit()
    return answers.leave(url_for(".show", reference=kept.reference))


@bp.get("/<reference>")
@for_services(*rules.KEEPERS)
def show(reference: str) -> Response:
    """What will be done; once it is sent, how far it is."""
    kept = _list_or_404(reference)
    context = {"kept": kept, "review": None if kept.sent_at else service.review(kept)}
    return answers.progress(
        "accounts/invitation_list.html",
        "accounts/_invitation_list.html",
        finished=kept.sent_at is None or kept.finished_at is not None,
        **context,
        sent=service.sent_of(kept),
    )


@bp.post("/<reference>")
@for_services(*rules.KEEPERS)
def send(reference: str) -> Response:
    kept, form = _list_or_404(reference), SendingForm()
    service.send(kept, again=form.again.data)
    db.session.commit()
    flash("Les invitations partent.", "fait")
    return answers.done(url_for(".show", reference=reference))


def _numbers(form: InvitationListForm) -> tuple[rules.NumberList, str]:
    """What the form holds; raises `UnreadableList`."""
    file, pasted = form.fichier.data, (form.numeros.data or "").strip()
    if file and pasted:
        raise UnreadableList("Envoyez le fichier ou la liste collée, un seul des deux")
    if file:
        _, lines = files.lines_of(file.filename or "", file.read(files.MAXIMUM_BYTES + 1))
    else:
        lines = reading.numbered(files.clean(pasted))
    found = rules.read_numbers(line for _, line in lines)
    if not found.numbers:
        raise UnreadableList("Donnez au moins un numéro de compte, en chiffres, un par ligne")
    return found, (file.filename or "") if file else ""


def _list_or_404(reference: str) -> InvitationList:
    found = db.session.scalar(sa.select(InvitationList).where(InvitationList.reference == reference))
    return found if found is not None else abort(404)


def _index(form: InvitationListForm, status: int = 200) -> Response:
    latest = sa.select(InvitationList).order_by(InvitationList.id.desc()).limit(LATEST_LISTS)
    context = {"form": form, "lists": db.session.scalars(latest).all(), "waiting": lookups.never_connected()}
    return answers.show("accounts/invitations.html", "accounts/_invite_form.html", status, **context)
