"""Take one mail in: into its thread, onto the mail of ours it reports about, or into quarantine.

A mail enters a thread by itself only if it proves which one, by the signed address or the Message-ID of a
mail that we sent, and comes from somebody who reads that thread. All else is for people to decide.
"""

import enum
import logging
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from harmattan.conversations import reply_address
from harmattan.conversations import service as conversations
from harmattan.conversations.models import Thread
from harmattan.conversations.rules import ThreadState
from harmattan.conversations.scope import under
from harmattan.conversations.service import Writer
from harmattan.core import throttle
from harmattan.core.extensions import db
from harmattan.core.services import ANSWERING, Service
from harmattan.core.settings import house
from harmattan.mails import reading, rules, senders
from harmattan.mails.models import IncomingMail
from harmattan.mails.reading import Letter, Unreadable
from harmattan.mails.rules import MailState, Nature, Reason
from harmattan.outbox import feedback
from harmattan.outbox.models import OutboxMessage

SUBJECT = "autres"
"""What a mail that opens a thread is about, as the contact form would say it."""

log = logging.getLogger(__name__)


class Outcome(enum.StrEnum):
    """What became of a mail."""

    JOINED = "joined"
    QUARANTINED = "quarantined"
    NOTED = "noted"
    KNOWN = "known"
    """It had been taken before."""


@dataclass(frozen=True)
class Place:
    """Where a mail belongs, and what is wrong with saying so; without a fault it goes there by itself."""

    thread: Thread | None = None
    fault: Reason | None = None
    answers: OutboxMessage | None = None
    """The mail of ours that it answers."""


def receive(octets: bytes) -> Outcome:
    """Take a mail as it came, and commit; raises `throttle.TooMany` where it must come again later."""
    letter, fault = _read(octets)
    if _is_known(letter.message_id):
        return Outcome.KNOWN
    ours = feedback.sent_under([letter.message_id, *letter.references])
    looped = ours is not None and ours.message_id == letter.message_id
    if looped or letter.nature is not Nature.PERSON:
        _count_machines()
        return _keep(_noted(letter, None if looped else ours), Outcome.NOTED)
    place = Place(fault=fault) if fault else _place(letter, ours)
    writer = senders.writer(letter.sender, place.thread, place.answers)
    _count(letter, writer)
    if writer and not place.fault:
        return _keep(_joined(letter, place, writer), Outcome.JOINED)
    return _keep(_waiting(letter, place, octets), Outcome.QUARANTINED)


def _read(octets: bytes) -> tuple[Letter, Reason | None]:
    if len(octets) > rules.MOST_OCTETS:
        return reading.read_head(octets), Reason.TOO_HEAVY
    try:
        return reading.read(octets), None
    except Unreadable as fault:
        log.warning("a mail cannot be read: %s", fault)
        return reading.read_head(octets), Reason.UNREADABLE


def _is_known(message_id: str) -> bool:
    known = sa.select(IncomingMail.id).where(IncomingMail.message_id == message_id)
    return db.session.scalar(known) is not None


def _place(letter: Letter, ours: OutboxMessage | None) -> Place:
    """By the signed address, by a Message-ID of ours, or by a number alone, which proves nothing."""
    if signed := reply_address.named_in(letter.recipients):
        return Place(_thread(signed.reference), None if signed.is_genuine else Reason.BAD_SIGNATURE)
    if ours is not None:
        return Place(_thread(ours.subject_reference), answers=ours)
    mentioned = reply_address.mentioned_in(letter.subject)
    return Place(_thread(mentioned) if mentioned else None, Reason.NO_THREAD)


def _thread(reference: str) -> Thread | None:
    """The thread of a reference, wherever its texts went."""
    present = Thread.state != ThreadState.MERGED
    return db.session.scalar(sa.select(Thread).where(under(reference), present))


def _count(letter: Letter, writer: Writer | None) -> None:
    """Against floods: who sends too much in an hour is taken later; mail servers keep it until then."""
    throttle.count(f"mail-from:{letter.sender}", rules.FROM_ONE_ADDRESS, rules.WINDOW)
    if writer is None:
        throttle.count("mail-from-strangers", rules.FROM_STRANGERS, rules.WINDOW)


def _count_machines() -> None:
    throttle.count("mail-from-machines", rules.FROM_STRANGERS, rules.WINDOW)


def _noted(letter: Letter, ours: OutboxMessage | None) -> IncomingMail:
    """A machine's mail: what it says about one of ours is kept with that one; nobody is written to."""
    if ours is not None and letter.nature is Nature.BOUNCE:
        feedback.bounced(ours, letter.diagnosis)
    elif ours is not None:
        feedback.remarked(ours, letter.diagnosis or letter.reply)
    mail = _mail(letter, MailState.NOTED)
    mail.thread = _thread(ours.subject_reference) if ours else None
    return mail


def _joined(letter: Letter, place: Place, writer: Writer) -> IncomingMail:
    """In its thread; the answer to a mail about something else opens one."""
    mail = _mail(letter, MailState.JOINED)
    if place.thread is not None:
        mail.thread = place.thread
        mail.joined_as = conversations.write(place.thread, writer, letter.reply, letter.files, by_mail=True)
    elif place.answers is not None:
        mail.thread = new_thread(letter, writer, place.answers.service, place.answers.subject_reference)
        mail.joined_as = mail.thread.messages[0]
    return mail


def new_thread(letter: Letter, writer: Writer, service: Service, about: str = "") -> Thread:
    """Make a mail a new matter of a service, and acknowledge it to its sender."""
    thread = conversations.open_thread(
        writer,
        service,
        subject=SUBJECT,
        title=letter.subject[:160] or "Courriel",
        body=letter.reply,
        about=about,
        files=letter.files,
    )
    db.session.flush()
    thread.messages[0].by_mail = True
    conversations.acknowledge(thread)
    return thread


def _waiting(letter: Letter, place: Place, octets: bytes) -> IncomingMail:
    mail = _mail(letter, MailState.QUARANTINED)
    mail.thread, mail.reason = place.thread, place.fault or Reason.UNKNOWN_SENDER
    mail.service = _service(letter, place)
    if place.fault not in (Reason.TOO_HEAVY, Reason.UNREADABLE):
        mail.octets = octets
    return mail


def _service(letter: Letter, place: Place) -> Service:
    """Who looks after a mail: whose thread or mail it is about, whose mailbox it came to, else sales."""
    about = place.thread or place.answers
    return about.service if about else _addressed(letter)


def _addressed(letter: Letter) -> Service:
    """The service whose mailbox it was sent to; sales look after the rest."""
    mailboxes = {house().service_mailboxes[service.value].lower(): service for service in ANSWERING}
    return next((mailboxes[each] for each in letter.recipients if each in mailboxes), Service.SALES)


def _mail(letter: Letter, state: MailState) -> IncomingMail:
    return IncomingMail(
        message_id=letter.message_id,
        sender=letter.sender,
        sender_name=letter.sender_name,
        subject=letter.subject,
        text=letter.text,
        files=[file.name for file in letter.files],
        service=Service.SALES,
        state=state,
    )


def _keep(mail: IncomingMail, outcome: Outcome) -> Outcome:
    """Commit; of two who take the same mail at once the second one is undone."""
    db.session.add(mail)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        if not _is_known(mail.message_id):
            raise
        return Outcome.KNOWN
    return outcome
