"""Which threads and files the person logged in may see (the rights table; J14).

A shop's principal user sees the account's threads, the others their own; another account's does not
exist. A service sees its own queue, and what one of its people has taken; no more than that when it looks
at the portal as a customer (access.viewing).
"""

from typing import Any, TypeVar

import sqlalchemy as sa
from flask import abort
from flask_login import current_user
from sqlalchemy.orm import contains_eager, joinedload

from harmattan.access.models import User
from harmattan.access.rules import Permission
from harmattan.conversations import rules
from harmattan.conversations.models import Attachment, Message, Thread
from harmattan.core import tokens
from harmattan.core.extensions import db
from harmattan.core.services import Service

Threads = TypeVar("Threads", bound=sa.Select[Any])

_PRESENT = Thread.state != rules.ThreadState.MERGED
"""What was merged is read where it went."""


def threads_of(user: User) -> sa.Select[Thread]:
    """The threads that a bookseller may read."""
    threads = _shown(sa.select(Thread).where(Thread.account_id == user.account_id, _PRESENT), user)
    if user.is_principal:
        return threads
    return threads.where(sa.or_(Thread.opened_by_id == user.id, Thread.opened_by_id.is_(None)))


def own_thread(reference: str) -> Thread:
    """A bookseller's thread: 404 unless it is the account's, 403 when it is a colleague's."""
    found = _shown(sa.select(Thread).where(under(reference), _PRESENT), current_user)
    return _own(db.session.scalar(found))


def staff_threads() -> sa.Select[Thread]:
    """The threads that a member of staff may read: the service's, and those taken; all for settings."""
    threads = sa.select(Thread).where(_PRESENT)
    return threads if current_user.service is Service.SETTINGS else threads.where(_in_queue_of(current_user))


def staff_thread(reference: str) -> Thread:
    """A thread of one's queue; any other is a 404."""
    people = (joinedload(Thread.account), joinedload(Thread.taken_by))
    found = db.session.scalar(staff_threads().where(under(reference)).options(*people))
    return found if found is not None else abort(404)


def under(reference: str) -> sa.ColumnElement[bool]:
    """The thread with this reference, or the one that it was merged into."""
    merged = sa.select(Thread.merged_into_id).where(Thread.reference == reference).scalar_subquery()
    return sa.or_(Thread.reference == reference, Thread.id == merged)


def of_same_customer(thread: Thread) -> sa.Select[Thread]:
    """The other threads of a thread's shop, or of its visitor, that a member of staff may read."""
    threads = staff_threads().where(Thread.id != thread.id)
    if thread.account_id is not None:
        return threads.where(Thread.account_id == thread.account_id)
    return threads.where(Thread.account_id.is_(None), Thread.customer_email == thread.customer_email)


def visitor_thread(token: str) -> Thread:
    """The thread of a private link; a wrong one is a 404."""
    kept = tokens.hash_of(token)
    found = db.session.scalar(sa.select(Thread).where(Thread.visitor_token_hash == kept))
    return present(found) if found is not None else abort(404)


def own_attachment(key: str) -> Attachment:
    """A file of a thread of one's account; bank details need the right to read documents (R80)."""
    found = _attachment(key)
    thread = found.message.thread
    own = _shown(sa.select(Thread.id).where(Thread.account_id == current_user.account_id), current_user)
    if thread.account_id is None or db.session.scalar(own.where(Thread.id == thread.id)) is None:
        abort(404)
    if not may_open_files(thread):
        abort(403)
    if not thread.bank_details:
        _own(thread)
    return found


def staff_attachment(key: str) -> Attachment:
    """A file of a thread of one's queue; bank details open to accounting alone (R80)."""
    found = _attachment(key)
    thread = found.message.thread
    if not may_open_files(thread):
        abort(403)
    if db.session.scalar(staff_threads().where(Thread.id == thread.id)) is None:
        abort(404)
    return found


def visitor_attachment(token: str, key: str) -> Attachment:
    """A file of the thread of a private link."""
    thread, found = visitor_thread(token), _attachment(key)
    return found if found.message.thread_id == thread.id else abort(404)


def about(reference: str) -> list[Thread]:
    """The threads about an order that the person logged in may see, newest first."""
    threads = staff_threads() if current_user.is_staff else threads_of(current_user)
    return list(db.session.scalars(threads.where(Thread.about == reference).order_by(Thread.id.desc())))


def recent(user: User, limit: int) -> list[Thread]:
    """A bookseller's latest threads, those with an answer to read first."""
    is_new = sa.or_(Thread.read_at.is_(None), Thread.read_at < Thread.last_answered_at)
    unread = sa.case((sa.and_(Thread.last_answered_at.is_not(None), is_new), 0), else_=1)
    latest = threads_of(user).order_by(unread, Thread.updated_at.desc(), Thread.id.desc()).limit(limit)
    return list(db.session.scalars(latest))


def may_open_files(thread: Thread) -> bool:
    """Whether the person looking at a thread may open its files (R80)."""
    looking = current_user.seen_by or current_user
    if looking.is_staff and not rules.opens_files(thread.bank_details, looking.service):
        return False
    return current_user.is_staff or not thread.bank_details or current_user.may(Permission.READ_DOCUMENTS)


def present(thread: Thread) -> Thread:
    """The thread itself, or the one that its texts went to."""
    return thread.merged_into or thread


def _in_queue_of(staff: User) -> sa.ColumnElement[bool]:
    return sa.or_(Thread.service == staff.service, Thread.taken_by_id == staff.id)


def _shown(threads: Threads, user: User) -> Threads:
    """Of a bookseller's threads, while our services look as this person, those of their own queue."""
    return threads if user.seen_by is None else threads.where(_in_queue_of(user.seen_by))


def _own(thread: Thread | None) -> Thread:
    if thread is None or thread.account_id is None or thread.account_id != current_user.account_id:
        abort(404)
    if not (current_user.is_principal or thread.opened_by_id in (None, current_user.id)):
        abort(403)
    return thread


def _attachment(key: str) -> Attachment:
    found = db.session.scalar(
        sa.select(Attachment)
        .join(Attachment.message)
        .join(Message.thread)
        .where(Attachment.key == key)
        .options(contains_eager(Attachment.message).contains_eager(Message.thread))
    )
    return found if found is not None else abort(404)
