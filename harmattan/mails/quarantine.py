"""Mails that wait for somebody of the staff: let into a thread, made a new one, or dropped."""

from collections.abc import Sequence
from typing import Any, ClassVar

import sqlalchemy as sa
from flask import abort, url_for
from flask_login import current_user
from sqlalchemy.orm import joinedload

from harmattan.access.models import User
from harmattan.conversations import service as conversations
from harmattan.conversations.models import Message, Thread
from harmattan.conversations.service import Writer
from harmattan.core import audit, clock, database
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.core.worklist import Work
from harmattan.mails import reading, receiving, rules, senders
from harmattan.mails.models import IncomingMail
from harmattan.mails.reading import Letter
from harmattan.mails.rules import MailAction, MailState


class AlreadyDecided(Refusal):
    """A colleague was faster."""

    title: ClassVar[str] = "Ce courriel n’attend plus"


def waiting() -> Sequence[IncomingMail]:
    """The mails that wait for one's service, the oldest first."""
    rows = _of_service().where(IncomingMail.state == MailState.QUARANTINED).order_by(IncomingMail.id)
    return db.session.scalars(rows.options(joinedload(IncomingMail.thread))).all()


def mail_or_404(key: str) -> IncomingMail:
    """One of one's service; another service's does not exist."""
    found = db.session.scalar(_of_service().where(IncomingMail.key == key))
    return found if found is not None else abort(404)


def joined(thread: Thread) -> dict[int, str]:
    """The key of the whole mail, for each message of the thread that came as one."""
    rows = db.session.execute(
        sa.select(IncomingMail.joined_as_id, IncomingMail.key).where(
            IncomingMail.joined_as_id.in_(sa.select(Message.id).where(Message.thread_id == thread.id))
        )
    )
    return {message_id: key for message_id, key in rows if message_id is not None}


def count_waiting(service: Service) -> int:
    """How many mails wait for a service."""
    waits = (IncomingMail.state == MailState.QUARANTINED, IncomingMail.service == service)
    return db.session.scalar(sa.select(sa.func.count()).select_from(IncomingMail).where(*waits)) or 0


def work(service: Service) -> Work:
    """Mails that came in and that somebody must place, for a service's worklist."""
    one, many = "courriel reçu à placer", "courriels reçus à placer"
    return Work(one, many, url_for("staff.mails.index"), count_waiting(service))


def release_into(mail: IncomingMail, thread: Thread, by: User) -> None:
    """Let the mail into a thread, whose people then read it."""
    letter = _letter(mail)
    _decide(mail, MailAction.RELEASE, by, thread_id=thread.id)
    writer = Writer(letter.sender_name or letter.sender, letter.sender)
    mail.joined_as = conversations.write(thread, writer, letter.reply, letter.files, by_mail=True)


def release_as_new(mail: IncomingMail, service: Service, by: User) -> Thread:
    """Make the mail a new matter of a service, and acknowledge it to its sender."""
    letter = _letter(mail)
    _decide(mail, MailAction.RELEASE, by)
    mail.thread = receiving.new_thread(letter, senders.supposed(letter.sender_name, letter.sender), service)
    mail.joined_as = mail.thread.messages[0]
    return mail.thread


def drop(mail: IncomingMail, by: User) -> None:
    """Nothing is to be done; the sender is not told."""
    _decide(mail, MailAction.DROP, by)


def forget_old() -> None:
    """Drop what is settled and long past; what waits stays."""
    settled = (
        IncomingMail.state != MailState.QUARANTINED,
        IncomingMail.received_at < clock.now() - rules.KEPT_FOR,
    )
    db.session.execute(sa.delete(IncomingMail).where(*settled))


def _of_service() -> sa.Select[IncomingMail]:
    mails = sa.select(IncomingMail)
    if current_user.service is Service.SETTINGS:
        return mails
    return mails.where(IncomingMail.service == current_user.service)


def _letter(mail: IncomingMail) -> Letter:
    """The mail read once more, for its files; of one that could not be read, what is known of it."""
    if mail.octets is not None:
        return reading.read(mail.octets)
    return Letter(mail.message_id, mail.sender, mail.sender_name, subject=mail.subject, text=mail.text)


def _decide(mail: IncomingMail, action: MailAction, by: User, **facts: Any) -> None:
    state = rules.TRANSITIONS[mail.state].get(action)
    won = state is not None and database.changed_rows(
        sa.update(IncomingMail)
        .where(IncomingMail.id == mail.id, IncomingMail.state == mail.state)
        .values(state=state, decided_by=by.name, octets=None, **facts)
    )
    if not won:
        raise AlreadyDecided("Un collègue vient d’en décider. La liste montre ce qui attend encore.")
    db.session.refresh(mail)
    audit.record(f"mails.{action}", mail.key, actor=by.name)
