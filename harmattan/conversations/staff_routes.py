"""The services' inboxes: read, take, answer, note, hand on, close (R103, J14)."""

from typing import Any

from flask import Blueprint, Response, abort, flash, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from harmattan.conversations import scope, service
from harmattan.conversations.desk import Desk, Filters
from harmattan.conversations.downloads import download
from harmattan.conversations.forms import AnswerForm, NoteForm, TransferForm, VersionForm
from harmattan.conversations.models import Thread
from harmattan.core import answers, once
from harmattan.core.extensions import db
from harmattan.core.services import ANSWERING, Service, of_slug

bp = Blueprint("conversations", __name__, url_prefix="/messages")

_SLUGS = f"<any({', '.join(service.slug for service in ANSWERING)}):slug>"
_ACTS = "<any(prise, reponse, note, service, cloture):_act>"


@bp.get("", defaults={"slug": ""})
@bp.get(f"/{_SLUGS}")
def inbox(slug: str) -> Response:
    """A service's queue, the most pressing first; other services' queues stay closed."""
    wanted = of_slug(slug) or _own_service()
    if current_user.service not in (wanted, Service.SETTINGS):
        abort(403)
    return _show(Desk(wanted, current_user, _filters()))


@bp.get("/<reference>")
def show(reference: str) -> Response:
    """One thread beside its queue."""
    return _show(_desk(scope.staff_thread(reference)))


@bp.get(f"/<reference>/{_ACTS}")
def typed(reference: str, _act: str) -> Response:
    """A typed or refreshed address of an act is no error: it leads to the thread."""
    return answers.leave(url_for(".show", reference=scope.staff_thread(reference).reference))


@bp.post("/<reference>/prise")
def take(reference: str) -> Response:
    thread = scope.staff_thread(reference)
    service.take(thread, current_user, _seen())
    return _acted(thread)


@bp.post("/<reference>/cloture")
def close(reference: str) -> Response:
    thread = scope.staff_thread(reference)
    service.close_thread(thread, current_user, _seen())
    return _acted(thread)


@bp.post("/<reference>/reponse")
def answer(reference: str) -> Response:
    """Answer by mail and in the portal; on a page overtaken meanwhile nothing is sent, the text stays."""
    thread, form = scope.staff_thread(reference), AnswerForm()
    if sent := once.result_of(form.once.data):
        return answers.leave(sent)
    if not form.validate():
        return _show(_desk(thread, answer=form), 422)
    try:
        service.answer(thread, current_user, form.reponse.data, form.version.data, close=form.clore.data)
    except service.Overtaken:
        db.session.rollback()
        return _show(_desk(scope.staff_thread(reference), answer=form, overtaken=True), 409)
    once.remember(form.once.data, url_for(".show", reference=reference))
    db.session.commit()
    flash(f"Réponse envoyée à {thread.customer_name}.", "fait")
    return answers.done(_desk(thread).address("show", reference=reference))


@bp.post("/<reference>/note")
def add_note(reference: str) -> Response:
    """Add an internal note; the customer never reads it."""
    thread, form = scope.staff_thread(reference), NoteForm()
    url = _desk(thread).address("show", reference=reference)
    if sent := once.result_of(form.once.data):
        return answers.leave(sent)
    if not form.validate():
        return _show(_desk(thread, note=form), 422, "conversations/_notes.html")
    service.add_note(thread, current_user, form.note.data)
    once.remember(form.once.data, url)
    db.session.commit()
    return answers.done(url, "conversations/_notes.html", **_context(_fresh_desk(thread)))


@bp.post("/<reference>/service")
def transfer(reference: str) -> Response:
    """Hand the thread on; it leaves this queue, so the way on is the queue."""
    thread, form = scope.staff_thread(reference), TransferForm()
    form.leave_out(thread.service)
    if not form.validate():
        return _show(_desk(thread, transfer=form), 422)
    present, to = thread.service, form.service.data
    service.transfer(thread, to, current_user, form.version.data)
    db.session.commit()
    flash(f"{thread.reference} est transmis {to.to_the}.", "fait")
    return answers.leave(url_for(".inbox", slug=present.slug))


@bp.get("/pieces/<key>")
def attachment(key: str) -> Response:
    return download(scope.staff_attachment(key))


def _own_service() -> Service:
    own: Service = current_user.service
    return own if own in ANSWERING else ANSWERING[0]


def _filters() -> Filters:
    return Filters.read(request.args)


def _seen() -> int:
    form = VersionForm()
    return form.version.data if form.validate() else abort(400)


def _desk(thread: Thread, **shown: Any) -> Desk:
    own = thread.service if current_user.service is Service.SETTINGS else _own_service()
    return Desk(own, current_user, _filters(), thread, **shown)


def _fresh_desk(thread: Thread) -> Desk:
    """After an act: the forms are empty again."""
    nothing: MultiDict[str, str] = MultiDict()
    forms = {"answer": AnswerForm(nothing), "note": NoteForm(nothing), "transfer": TransferForm(nothing)}
    return _desk(thread, **forms)


def _acted(thread: Thread) -> Response:
    db.session.commit()
    desk = _fresh_desk(thread)
    url = desk.address("show", reference=thread.reference)
    return answers.done(url, "conversations/_desk.html", **_context(desk))


def _show(desk: Desk, status: int = 200, fragment: str = "conversations/_desk.html") -> Response:
    return answers.show("conversations/inbox.html", fragment, status, **_context(desk))


def _context(desk: Desk) -> dict[str, Any]:
    return {
        "desk": desk,
        "file_url": lambda key: url_for(".attachment", key=key),
        "may_open_files": desk.thread is not None and scope.may_open_files(desk.thread),
    }
