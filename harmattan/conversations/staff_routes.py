"""The services' inboxes: read, take, answer, note, hand on, put aside, close (R103, J14)."""

from flask import Blueprint, Response, flash, url_for
from flask_login import current_user

from harmattan.conversations import canned, canned_words, presence, scope, service, shelving
from harmattan.conversations.acting import Overtaken
from harmattan.conversations.downloads import download
from harmattan.conversations.forms import AnswerForm, MergeForm, NoteForm, SnoozeForm, TransferForm
from harmattan.conversations.models import Thread
from harmattan.conversations.rules import ThreadState
from harmattan.conversations.staff_pages import (
    CASE,
    SLUGS,
    acted,
    context,
    desk_of,
    fresh_desk,
    queue_of,
    seen,
    service_or_403,
    show_desk,
)
from harmattan.core import answers, once
from harmattan.core.extensions import db

bp = Blueprint("conversations", __name__, url_prefix="/messages")

_ACTS = "<any(prise, reponse, note, service, sommeil, reveil, reunion, cloture):_act>"


@bp.get("", defaults={"slug": ""})
@bp.get(f"/{SLUGS}")
def inbox(slug: str) -> Response:
    """A service's queue, the most pressing first; other services' queues stay closed."""
    return show_desk(queue_of(service_or_403(slug)))


@bp.get("/<reference>")
def show(reference: str) -> Response:
    """One thread beside its queue; colleagues see who is at it."""
    thread = scope.staff_thread(reference)
    if thread.reference != reference:
        return answers.leave(url_for(".show", reference=thread.reference))
    response = show_desk(desk_of(thread))
    if thread.state is ThreadState.OPEN:
        presence.stamp(thread, current_user)
    return response


@bp.get(f"/<reference>/{_ACTS}")
def typed(reference: str, _act: str) -> Response:
    """A typed or refreshed address of an act is no error: it leads to the thread."""
    return answers.leave(url_for(".show", reference=scope.staff_thread(reference).reference))


@bp.post("/<reference>/prise")
def take(reference: str) -> Response:
    thread = scope.staff_thread(reference)
    service.take(thread, current_user, seen())
    return acted(thread)


@bp.post("/<reference>/cloture")
def close(reference: str) -> Response:
    thread = scope.staff_thread(reference)
    service.close_thread(thread, current_user, seen())
    return acted(thread)


@bp.post("/<reference>/reveil")
def wake(reference: str) -> Response:
    thread = scope.staff_thread(reference)
    shelving.wake(thread, current_user, seen())
    return acted(thread)


@bp.post("/<reference>/sommeil")
def snooze(reference: str) -> Response:
    """Let the thread sleep until a day; it never sleeps over a promised answer."""
    thread, form = scope.staff_thread(reference), SnoozeForm()
    if not form.validate() or form.jusqu_au.day is None:
        return show_desk(desk_of(thread, snooze=form), 422)
    shelving.snooze(thread, form.jusqu_au.day, current_user, form.version.data)
    return acted(thread)


@bp.post("/<reference>/reunion")
def merge(reference: str) -> Response:
    """Move the thread's texts into another one of the same person."""
    thread = scope.staff_thread(reference)
    desk = desk_of(thread, merge=MergeForm())
    if not desk.merging.validate():
        return show_desk(desk, 422)
    into = scope.staff_thread(desk.merging.avec.data)
    shelving.merge(thread, into, current_user, desk.merging.version.data)
    db.session.commit()
    flash(f"{thread.reference} est réuni à {into.reference}.", "fait")
    return answers.leave(url_for(".show", reference=into.reference))


@bp.post("/<reference>/reponse")
def answer(reference: str) -> Response:
    """Answer by mail and in the portal; on a page overtaken meanwhile nothing is sent, the text stays."""
    thread, form = scope.staff_thread(reference), AnswerForm()
    if sent := once.result_of(form.once.data):
        return answers.leave(sent)
    if form.inserer.data:
        return _with_canned(thread, form)
    if not form.validate():
        return show_desk(desk_of(thread, answer=form), 422)
    try:
        _send(thread, form)
    except Overtaken:
        db.session.rollback()
        return show_desk(desk_of(scope.staff_thread(reference), answer=form, overtaken=True), 409)
    flash(f"Réponse envoyée à {thread.customer_name}.", "fait")
    return answers.done(desk_of(thread).address("show", reference=reference))


def _send(thread: Thread, form: AnswerForm) -> None:
    seen_version, text = form.version.data, form.reponse.data
    service.answer(thread, current_user, text, seen_version, files=form.files, close=form.clore.data)
    once.remember(form.once.data, url_for(".show", reference=thread.reference))
    presence.leave(current_user)
    db.session.commit()


def _with_canned(thread: Thread, form: AnswerForm) -> Response:
    """The form again, a canned answer behind what is typed; sent is nothing."""
    overtaken = form.version.data != thread.version
    chosen = canned.one_of(desk_of(thread).service, form.modele.data or "")
    if chosen and chosen.present:
        form.insert(canned_words.filled(chosen.present.body, canned_words.values(thread, current_user)))
    status = 409 if overtaken else 200
    return show_desk(desk_of(thread, answer=form, overtaken=overtaken), status, CASE)


@bp.post("/<reference>/note")
def add_note(reference: str) -> Response:
    """Add an internal note; the customer never reads it."""
    thread, form = scope.staff_thread(reference), NoteForm()
    url = desk_of(thread).address("show", reference=reference)
    if sent := once.result_of(form.once.data):
        return answers.leave(sent)
    if not form.validate():
        return show_desk(desk_of(thread, note=form), 422, "conversations/_notes.html")
    service.add_note(thread, current_user, form.note.data)
    once.remember(form.once.data, url)
    db.session.commit()
    return answers.done(url, "conversations/_notes.html", **context(fresh_desk(thread)))


@bp.post("/<reference>/service")
def transfer(reference: str) -> Response:
    """Hand the thread on; it leaves this queue, so the way on is the queue."""
    thread, form = scope.staff_thread(reference), TransferForm()
    form.leave_out(thread.service)
    if not form.validate():
        return show_desk(desk_of(thread, transfer=form), 422)
    present, to = thread.service, form.service.data
    service.transfer(thread, to, current_user, form.version.data)
    presence.leave(current_user)
    db.session.commit()
    flash(f"{thread.reference} est transmis {to.to_the}.", "fait")
    return answers.leave(url_for(".inbox", slug=present.slug))


@bp.get("/pieces/<key>")
def attachment(key: str) -> Response:
    return download(scope.staff_attachment(key))
