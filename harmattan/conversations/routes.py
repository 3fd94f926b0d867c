"""The customer's messages: what was written to the services, and what they answered."""

import sqlalchemy as sa
from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from harmattan.access.gate import booksellers_only, public
from harmattan.conversations import scope, service
from harmattan.conversations.downloads import download
from harmattan.conversations.forms import ReplyForm
from harmattan.conversations.models import Thread
from harmattan.conversations.service import Writer
from harmattan.core import answers, once, security
from harmattan.core.extensions import db

bp = Blueprint("conversations", __name__, url_prefix="/messages")

PAGE_LENGTH = 25


@bp.get("")
@booksellers_only
def index() -> Response:
    """The threads one may read, the last moved first."""
    threads = scope.threads_of(current_user).order_by(Thread.updated_at.desc(), Thread.id.desc())
    if after := request.args.get("apres"):
        last = sa.select(Thread.updated_at, Thread.id).where(Thread.reference == after).subquery()
        threads = threads.join(last, sa.tuple_(Thread.updated_at, Thread.id) < sa.tuple_(*last.c))
    found = list(db.session.scalars(threads.limit(PAGE_LENGTH + 1)))
    return make_response(
        render_template(
            "conversations/index.html", threads=found[:PAGE_LENGTH], has_more=len(found) > PAGE_LENGTH
        )
    )


@bp.get("/<reference>")
@booksellers_only
def show(reference: str) -> Response:
    """One thread, and the form to answer in it."""
    thread = scope.own_thread(reference)
    if thread.reference != reference:
        return answers.leave(_address(thread, None))
    response = _page(thread, ReplyForm())
    if thread.has_new_answer and not current_user.seen_by:
        service.mark_read(thread)
    return response


@bp.post("/<reference>")
@booksellers_only
def write(reference: str) -> Response:
    """The customer writes again; a closed thread opens."""
    return _write(scope.own_thread(reference), Writer.of(current_user))


@bp.get("/pieces/<key>")
@booksellers_only
def attachment(key: str) -> Response:
    return download(scope.own_attachment(key))


@bp.get("/suivi/<token>")
@public
def follow(token: str) -> Response:
    """A visitor's thread, by the private link of the acknowledgement."""
    return _page(scope.visitor_thread(token), ReplyForm(), token)


@bp.post("/suivi/<token>")
@public
def write_as_visitor(token: str) -> Response:
    thread = scope.visitor_thread(token)
    return _write(thread, Writer.who_opened(thread), token)


@bp.get("/suivi/<token>/pieces/<key>")
@public
def visitor_attachment(token: str, key: str) -> Response:
    return download(scope.visitor_attachment(token, key))


def _write(thread: Thread, writer: Writer, token: str | None = None) -> Response:
    form, url = ReplyForm(), _address(thread, token)
    if once.result_of(form.once.data):
        return answers.leave(url)
    if not form.validate():
        return _page(thread, form, token, 422)
    service.count_message(writer.user_id, security.network())
    service.write(thread, writer, form.message.data, form.files)
    try:
        once.remember(form.once.data, _address(thread, None))  # a visitor's address is a secret
    except once.AlreadyDone:
        return answers.leave(url)
    db.session.commit()
    context = _context(thread, ReplyForm(formdata=MultiDict()), token)
    return answers.done(url, "conversations/_thread.html", **context)


def _page(thread: Thread, form: ReplyForm, token: str | None = None, status: int = 200) -> Response:
    context = _context(thread, form, token)
    return answers.show("conversations/show.html", "conversations/_thread.html", status, **context)


def _context(thread: Thread, form: ReplyForm, token: str | None) -> dict[str, object]:
    def file_url(key: str) -> str:
        if token:
            return url_for("conversations.visitor_attachment", token=token, key=key)
        return url_for("conversations.attachment", key=key)

    return {
        "thread": thread,
        "form": form,
        "reply_url": _address(thread, token),
        "file_url": file_url,
        "may_open_files": token is not None or scope.may_open_files(thread),
    }


def _address(thread: Thread, token: str | None) -> str:
    if token:
        return url_for("conversations.follow", token=token)
    return url_for("conversations.show", reference=thread.reference)
