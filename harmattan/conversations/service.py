"""Open a thread, write, answer, take, hand on, close: the verbs of messages (R100, R103, R106, J14).

Every act goes through `acting.act`; putting a thread aside is in `shelving`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from harmattan.access.models import User
from harmattan.conversations import reply_address, rules
from harmattan.conversations.acting import act, lock, note_event
from harmattan.conversations.attachments import NewFile
from harmattan.conversations.models import Attachment, InternalNote, Message, Thread
from harmattan.conversations.rules import Action, ThreadState
from harmattan.core import audit, clock, database, numbering, registry, throttle, tokens
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.core.settings import house
from harmattan.outbox import service as outbox
from harmattan.outbox.attachments import Attached, FileContent


@dataclass(frozen=True)
class Writer:
    """Who writes from outside the house: somebody of a shop, or a visitor."""

    name: str
    email: str
    user_id: int | None = None
    account_id: int | None = None
    shop: str = ""
    phone: str = ""

    @classmethod
    def of(cls, user: User) -> "Writer":
        return cls(user.name, user.email, user.id, user.account_id)

    @classmethod
    def who_opened(cls, thread: Thread) -> "Writer":
        """The visitor of a thread, writing again."""
        return cls(thread.customer_name, thread.customer_email)


@dataclass(frozen=True)
class Waiting:
    """How many threads wait for a service's answer."""

    open: int = 0
    late: int = 0
    within_the_hour: int = 0


def count_message(user_id: int | None, network: str) -> None:
    """Count a message against the limits; raises `throttle.TooMany`. To be called before any writing."""
    if user_id is not None:
        throttle.count(f"message:{user_id}", rules.MESSAGES_OF_A_USER, rules.MESSAGES_WINDOW)
    else:
        throttle.count(f"message-network:{network}", rules.MESSAGES_OF_A_NETWORK, rules.MESSAGES_WINDOW)


def open_thread(
    writer: Writer,
    service: Service,
    *,
    subject: str,
    title: str,
    body: str,
    about: str = "",
    files: Sequence[NewFile] = (),
    bank_details: bool = False,
) -> Thread:
    """A customer's new matter for one service, with its number MSG-… and its answer-by time (R100)."""
    due = rules.answer_by(clock.now(), service, house())
    thread = _new(writer, service, subject, title, about, answer_by=due, bank_details=bank_details)
    _say(thread, writer.name, body, author_id=writer.user_id, files=files)
    note_event(thread, "receive", f"Reçu et transmis {service.to_the} (objet : {thread.title})", writer.name)
    _tell_service(thread, "message_new", writer=writer)
    return thread


def ask(to: User, by: User, service: Service, *, subject: str, title: str, body: str, about: str) -> Thread:
    """A service writes first, and somebody of a shop has to answer; a mail of its own tells them."""
    now = clock.now()
    waiting: dict[str, Any] = {"state": ThreadState.WAITING_FOR_CUSTOMER, "last_answered_at": now}
    thread = _new(Writer.of(to), service, subject, title, about, answer_by=now, taken_by_id=by.id, **waiting)
    _say(thread, by.name, body, author_id=by.id, service=service)
    note_event(thread, "ask", f"Question de {by.name}, {service.label.lower()}", by.name)
    return thread


def _new(writer: Writer, service: Service, subject: str, title: str, about: str, **facts: Any) -> Thread:
    now = clock.now()
    thread = Thread(
        reference=numbering.next_reference("MSG", clock.today()),
        account_id=writer.account_id,
        opened_by_id=writer.user_id,
        customer_name=outbox.one_line(writer.name),
        customer_email=outbox.one_line(writer.email),
        customer_shop=outbox.one_line(writer.shop),
        customer_phone=outbox.one_line(writer.phone),
        service=service,
        subject=subject,
        title=outbox.one_line(title),
        about=about,
        received_at=now,
        updated_at=now,
        **facts,
    )
    db.session.add(thread)
    db.session.flush()
    return thread


def acknowledge(thread: Thread) -> None:
    """Tell the writer by mail the number, the service and until when it answers (R100)."""
    token = give_visitor_link(thread) if thread.account_id is None else None
    _tell_customer(thread, "message_received", is_secret=token is not None, token=token)


def give_visitor_link(thread: Thread) -> str:
    """The secret word of a visitor's private page; only its hash is kept."""
    token = tokens.new()
    thread.visitor_token_hash = tokens.hash_of(token)
    return token


def write(
    thread: Thread, writer: Writer, body: str, files: Sequence[NewFile] = (), *, by_mail: bool = False
) -> Message:
    """The customer writes again: the thread is open, and an answered one gets a new answer-by time."""
    lock(thread)
    facts: dict[str, Any] = {}
    if thread.state is not ThreadState.OPEN:
        facts["answer_by"] = rules.answer_by(clock.now(), thread.service, house())
    reopened = " et rouvert" if thread.state is ThreadState.CLOSED else ""
    how = " par courriel" if by_mail else ""
    act(thread, Action.WRITE, f"Nouveau message de {writer.name}{how}{reopened}", writer.name, **facts)
    message = _say(thread, writer.name, body, author_id=writer.user_id, files=files, by_mail=by_mail)
    _tell_service(thread, "message_new", writer=writer)
    registry.ask_all("conversations.written", thread, writer, files)
    return message


def take(thread: Thread, by: User, seen: int) -> None:
    """One of the service makes the thread their own."""
    act(thread, Action.TAKE, f"Pris en charge par {by.name}", by.name, seen, taken_by_id=by.id)


def answer(
    thread: Thread, by: User, body: str, seen: int, *, files: Sequence[NewFile] = (), close: bool = False
) -> None:
    """Answer the customer, in the portal and by mail; the clock stops.

    Files go along, but for a matter of bank details: those are opened in the portal alone (R80).
    """
    now = clock.now()
    facts = {"first_answered_at": thread.first_answered_at or now, "last_answered_at": now}
    text = f"Réponse de {by.name}, {thread.service.label.lower()}"
    act(thread, Action.ANSWER, text, by.name, seen, taken_by_id=thread.taken_by_id or by.id, **facts)
    said = _say(thread, by.name, body, author_id=by.id, service=thread.service, files=files)
    sent = [] if thread.bank_details else said.attachments
    attached = [Attached("conversations.file", file.key, file.name) for file in sent]
    _tell_customer(thread, "message_answered", by=by, answer=body, attached=attached)
    if close:
        close_thread(thread, by, thread.version)


def transfer(thread: Thread, to: Service, by: User, seen: int) -> None:
    """Hand the thread on to another service, which is told by mail; the answer-by time stays."""
    act(thread, Action.TRANSFER, f"Transmis {to.to_the}", by.name, seen, service=to, taken_by_id=None)
    _tell_service(thread, "message_transferred", by=by)


def close_thread(thread: Thread, by: User, seen: int) -> None:
    """Nothing more is to be done; the customer may open it again by writing."""
    act(thread, Action.CLOSE, f"Clos par {by.name}", by.name, seen)


def add_note(thread: Thread, by: User, body: str) -> InternalNote:
    """Say something among staff; the customer never reads it, nor that it was said."""
    note = InternalNote(thread_id=thread.id, author_id=by.id, author_name=by.name, body=body)
    db.session.add(note)
    audit.record("conversations.add_note", thread.reference, actor=by.name)
    return note


def file_content(key: str) -> FileContent | None:
    """A file of a message, for the mail that carries it."""
    found = db.session.scalar(
        sa.select(Attachment).options(undefer(Attachment.content)).where(Attachment.key == key)
    )
    return FileContent(found.media_type, found.content) if found else None


def mark_read(thread: Thread) -> None:
    """The customer has seen the last answer; kept aside, since looking is no act on the thread."""
    with database.noting() as aside:
        aside.execute(sa.update(Thread).where(Thread.id == thread.id).values(read_at=clock.now()))


def waiting_by_service() -> dict[Service, Waiting]:
    """What waits for each service's answer (R103); its cost grows with what is open, not with history."""
    now = clock.now()
    soon = rules.add_working_minutes(now, 60, house())
    counts = (
        sa.select(
            Thread.service,
            sa.func.count(),
            sa.func.count(sa.case((Thread.answer_by < now, 1))),
            sa.func.count(sa.case((Thread.answer_by.between(now, soon), 1))),
        )
        .where(Thread.state == ThreadState.OPEN)
        .group_by(Thread.service)
    )
    return {service: Waiting(*numbers) for service, *numbers in db.session.execute(counts)}


def _tell_customer(thread: Thread, kind: str, **facts: Any) -> None:
    """A mail to whom the thread belongs; the reply to it finds its way back into the thread."""
    outbox.queue(
        kind,
        thread.customer_email,
        service=thread.service,
        account_id=thread.account_id,
        reference=thread.reference,
        reply_to=reply_address.of(thread.reference),
        thread=thread,
        **facts,
    )


def _tell_service(thread: Thread, kind: str, **facts: Any) -> None:
    """A mail to the mailbox of the service that the thread is at; what was written stays in the portal."""
    mailbox = house().service_mailboxes[thread.service.value]
    outbox.queue(kind, mailbox, service=thread.service, reference=thread.reference, thread=thread, **facts)


def _say(
    thread: Thread,
    author: str,
    body: str,
    *,
    author_id: int | None = None,
    service: Service | None = None,
    files: Sequence[NewFile] = (),
    by_mail: bool = False,
) -> Message:
    message = Message(
        thread_id=thread.id,
        author_id=author_id,
        author_name=outbox.one_line(author),
        from_staff=service is not None,
        service=service,
        by_mail=by_mail,
        body=body,
        attachments=[Attachment.of(file) for file in files],
    )
    db.session.add(message)
    return message
