"""Open a thread, write, answer, take, hand on, close: the verbs of messages (R100, R103, R106, J14).

`_act` is the only writer of `Thread.state`; every act leaves an event that the shop may read and an
audit entry. An act made on a page that is no longer the present one changes nothing: `Overtaken`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import sqlalchemy as sa

from harmattan.access.models import User
from harmattan.conversations import rules
from harmattan.conversations.attachments import NewFile
from harmattan.conversations.models import Attachment, InternalNote, Message, Thread, ThreadEvent
from harmattan.conversations.rules import Action, ThreadState
from harmattan.core import audit, clock, database, numbering, throttle, tokens
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.core.settings import house
from harmattan.outbox import service as outbox


class Overtaken(Refusal):
    """Somebody wrote or acted since the page was shown: nothing is sent over their head."""

    title: ClassVar[str] = "Ce message a changé entre-temps"


class NotInThisState(Refusal):
    """The thread's state does not allow this act."""

    title: ClassVar[str] = "Ce message est clos"


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
        bank_details=bank_details,
        received_at=now,
        updated_at=now,
        answer_by=rules.answer_by(now, service, house()),
    )
    db.session.add(thread)
    db.session.flush()
    _say(thread, writer.name, body, author_id=writer.user_id, files=files)
    _record(thread, "receive", f"Reçu et transmis {service.to_the} (objet : {thread.title})", writer.name)
    return thread


def give_visitor_link(thread: Thread) -> str:
    """The secret word of a visitor's private page; only its hash is kept."""
    token = tokens.new()
    thread.visitor_token_hash = tokens.hash_of(token)
    return token


def write(thread: Thread, writer: Writer, body: str, files: Sequence[NewFile] = ()) -> None:
    """The customer writes again: the thread is open, and an answered one gets a new answer-by time."""
    facts: dict[str, Any] = {}
    if thread.state is not ThreadState.OPEN:
        facts["answer_by"] = rules.answer_by(clock.now(), thread.service, house())
    reopened = " et rouvert" if thread.state is ThreadState.CLOSED else ""
    _act(thread, Action.WRITE, f"Nouveau message de {writer.name}{reopened}", writer.name, **facts)
    _say(thread, writer.name, body, author_id=writer.user_id, files=files)


def take(thread: Thread, by: User, seen: int) -> None:
    """One of the service makes the thread their own."""
    _act(thread, Action.TAKE, f"Pris en charge par {by.name}", by.name, seen, taken_by_id=by.id)


def answer(thread: Thread, by: User, body: str, seen: int, *, close: bool = False) -> None:
    """Answer the customer, in the portal and by mail; the clock stops."""
    now = clock.now()
    facts = {"first_answered_at": thread.first_answered_at or now, "last_answered_at": now}
    text = f"Réponse de {by.name}, {thread.service.label.lower()}"
    _act(thread, Action.ANSWER, text, by.name, seen, taken_by_id=thread.taken_by_id or by.id, **facts)
    _say(thread, by.name, body, author_id=by.id, service=thread.service)
    outbox.queue(
        "message_answered",
        thread.customer_email,
        service=thread.service,
        account_id=thread.account_id,
        reference=thread.reference,
        thread=thread,
        by=by,
        answer=body,
    )
    if close:
        close_thread(thread, by, thread.version)


def transfer(thread: Thread, to: Service, by: User, seen: int) -> None:
    """Hand the thread on to another service, which is told by mail; the answer-by time stays."""
    _act(thread, Action.TRANSFER, f"Transmis {to.to_the}", by.name, seen, service=to, taken_by_id=None)
    outbox.queue(
        "message_transferred",
        house().service_mailboxes[to.value],
        service=to,
        reference=thread.reference,
        thread=thread,
        by=by,
    )


def close_thread(thread: Thread, by: User, seen: int) -> None:
    """Nothing more is to be done; the customer may open it again by writing."""
    _act(thread, Action.CLOSE, f"Clos par {by.name}", by.name, seen)


def add_note(thread: Thread, by: User, body: str) -> InternalNote:
    """Say something among staff; the customer never reads it, nor that it was said."""
    note = InternalNote(thread_id=thread.id, author_id=by.id, author_name=by.name, body=body)
    db.session.add(note)
    audit.record("conversations.add_note", thread.reference, actor=by.name)
    return note


def mark_read(thread: Thread) -> None:
    """The customer has seen the last answer; kept aside, since looking is no act on the thread."""
    with database.aside() as aside:
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


def _act(
    thread: Thread, action: Action, text: str, actor: str, seen: int | None = None, **facts: Any
) -> None:
    """Move the thread by its table, if its version is still the one that was seen."""
    state = rules.TRANSITIONS[thread.state].get(action)
    if state is None:
        raise NotInThisState("Il s’ouvre de nouveau dès que le client écrit, ou par une réponse.")
    unchanged = Thread.version == seen if seen is not None else sa.true()
    changed = database.changed_rows(
        sa.update(Thread)
        .where(Thread.id == thread.id, unchanged)
        .values(state=state, version=Thread.version + 1, updated_at=clock.now(), **facts)
    )
    if not changed:
        raise Overtaken("Le client ou un collègue a agi depuis l’affichage de la page. Rien n’a été envoyé.")
    db.session.refresh(thread)
    _record(thread, action.value, text, actor)


def _record(thread: Thread, action: str, text: str, actor: str) -> None:
    db.session.add(ThreadEvent(thread_id=thread.id, actor=actor, action=action, text=text))
    audit.record(f"conversations.{action}", thread.reference, actor=actor, account_id=thread.account_id)


def _say(
    thread: Thread,
    author: str,
    body: str,
    *,
    author_id: int | None = None,
    service: Service | None = None,
    files: Sequence[NewFile] = (),
) -> None:
    db.session.add(
        Message(
            thread_id=thread.id,
            author_id=author_id,
            author_name=outbox.one_line(author),
            from_staff=service is not None,
            service=service,
            body=body,
            attachments=[Attachment.of(file) for file in files],
        )
    )
