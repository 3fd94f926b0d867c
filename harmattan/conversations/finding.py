"""Messages, for the search at the top of every page: one's own, or those of one's service."""

import sqlalchemy as sa
from flask import url_for
from flask_login import current_user

from harmattan.conversations import scope
from harmattan.conversations.models import Message, Thread
from harmattan.core import clock, references
from harmattan.core.extensions import db
from harmattan.core.finding import HITS, Group, Hit
from harmattan.core.typography import date_short

_SERIES = "MSG"


def exact(text: str) -> str | None:
    """The number of a message leads to it."""
    meant = references.meant(text, (_SERIES,), clock.today()) if _SERIES in text.upper() else ()
    if len(meant) != 1:
        return None
    found = db.session.scalar(_threads().where(Thread.reference == meant[0]))
    return _address(found) if found else None


def group(text: str) -> Group:
    """The messages in which something contains the words, the last moved first."""
    said = sa.exists().where(Message.thread_id == Thread.id, Message.body.icontains(text, autoescape=True))
    about = sa.or_(Thread.title.icontains(text, autoescape=True), Thread.about == text.upper(), said)
    found = db.session.scalars(
        _threads().where(about).order_by(Thread.updated_at.desc(), Thread.id.desc()).limit(HITS)
    )
    return Group("Messages", [Hit(thread.title, _address(thread), _detail(thread)) for thread in found])


def _threads() -> sa.Select[Thread]:
    return scope.staff_threads() if current_user.is_staff else scope.threads_of(current_user)


def _address(thread: Thread) -> str:
    endpoint = "staff.conversations.show" if current_user.is_staff else "conversations.show"
    return url_for(endpoint, reference=thread.reference)


def _detail(thread: Thread) -> str:
    day = date_short(clock.in_paris(thread.updated_at).date())
    facts = (thread.reference, thread.customer_name if current_user.is_staff else "", day)
    return ", ".join(filter(None, facts))
