"""How the inbox's routes answer: the desk of one thread, its page or fragment, and what follows an act."""

from typing import Any

from flask import Response, abort, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from harmattan.conversations import presence, scope
from harmattan.conversations.desk import Desk
from harmattan.conversations.forms import (
    AnswerForm,
    MergeForm,
    NoteForm,
    SnoozeForm,
    TransferForm,
    VersionForm,
)
from harmattan.conversations.models import Thread
from harmattan.conversations.queue import Filters
from harmattan.core import answers
from harmattan.core.extensions import db
from harmattan.core.services import ANSWERING, Service, of_slug

CASE = "conversations/_case.html"
DESK = "conversations/_desk.html"

SLUGS = f"<any({', '.join(service.slug for service in ANSWERING)}):slug>"
"""The services' words in addresses."""


def own_service() -> Service:
    own: Service = current_user.service
    return own if own in ANSWERING else ANSWERING[0]


def service_or_403(slug: str) -> Service:
    """The service of an address, or one's own; another's stays closed."""
    wanted = of_slug(slug) or own_service()
    if current_user.service not in (wanted, Service.SETTINGS):
        abort(403)
    return wanted


def seen() -> int:
    """Which version of the thread the page showed."""
    form = VersionForm()
    return form.version.data if form.validate() else abort(400)


def queue_of(service: Service) -> Desk:
    return Desk(service, current_user, Filters.read(request.args))


def desk_of(thread: Thread, **shown: Any) -> Desk:
    own = thread.service if current_user.service is Service.SETTINGS else own_service()
    return Desk(own, current_user, Filters.read(request.args), thread, **shown)


def fresh_desk(thread: Thread) -> Desk:
    """After an act: the forms are empty again."""
    nothing: MultiDict[str, str] = MultiDict()
    forms = {
        "answer": AnswerForm(nothing),
        "note": NoteForm(nothing),
        "transfer": TransferForm(nothing),
        "snooze": SnoozeForm(nothing),
        "merge": MergeForm(nothing),
    }
    return desk_of(thread, **forms)


def acted(thread: Thread) -> Response:
    """Commit what was done, and show the thread as it is now."""
    presence.leave(current_user)
    db.session.commit()
    desk = fresh_desk(thread)
    return answers.done(desk.address("show", reference=thread.reference), DESK, **context(desk))


def show_desk(desk: Desk, status: int = 200, fragment: str = DESK) -> Response:
    return answers.show("conversations/inbox.html", fragment, status, **context(desk))


def context(desk: Desk) -> dict[str, Any]:
    return {
        "desk": desk,
        "file_url": lambda key: url_for("staff.conversations.attachment", key=key),
        "may_open_files": desk.thread is not None and scope.may_open_files(desk.thread),
    }
