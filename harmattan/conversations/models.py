"""Threads, what was said in them, and what stays in the house."""

import datetime as dt
import secrets
from typing import Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from harmattan.access.models import Account, User
from harmattan.conversations.attachments import NewFile
from harmattan.conversations.rules import ThreadState
from harmattan.core import clock
from harmattan.core.extensions import Base
from harmattan.core.services import Service


class Thread(Base):
    """One matter between a customer (or a visitor) and one service at a time."""

    __tablename__ = "threads"
    __table_args__ = (
        sa.Index("ix_threads_service_state_answer_by", "service", "state", "answer_by"),
        sa.Index("ix_threads_account_id_updated_at", "account_id", "updated_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Account.id))
    """None for a visitor."""
    opened_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))
    customer_name: Mapped[str] = mapped_column(sa.String(120))
    customer_email: Mapped[str] = mapped_column(sa.String(254))
    customer_shop: Mapped[str] = mapped_column(sa.String(120), default="")
    """Of a visitor, who has no account, as they typed it."""
    customer_phone: Mapped[str] = mapped_column(sa.String(30), default="")
    visitor_token_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    """Opens the thread to a visitor by the signed link of the acknowledgement."""
    service: Mapped[Service]
    subject: Mapped[str] = mapped_column(sa.String(40))
    """The chosen subject of the contact form (R100)."""
    title: Mapped[str] = mapped_column(sa.String(160))
    """The subject in words, as the customer chose it."""
    about: Mapped[str] = mapped_column(sa.String(20), default="", index=True)
    """The reference of the order or document in question."""
    bank_details: Mapped[bool] = mapped_column(default=False)
    """Its files open to accounting alone (R80)."""
    state: Mapped[ThreadState] = mapped_column(default=ThreadState.OPEN)
    version: Mapped[int] = mapped_column(default=1)
    taken_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))
    received_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    answer_by: Mapped[dt.datetime]
    """Until when an answer is promised, as long as the thread is open."""
    first_answered_at: Mapped[dt.datetime | None]
    last_answered_at: Mapped[dt.datetime | None]
    read_at: Mapped[dt.datetime | None]
    """When the customer last opened it."""
    updated_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    wakes_at: Mapped[dt.datetime | None]
    """When a sleeping thread comes back to its queue."""
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("threads.id"))
    """Where its texts went: never itself a thread that went elsewhere."""

    account: Mapped[Account | None] = relationship()
    taken_by: Mapped[User | None] = relationship(foreign_keys=[taken_by_id])
    merged_into: Mapped["Thread | None"] = relationship(remote_side=[id])
    messages: Mapped[list["Message"]] = relationship(back_populates="thread", order_by="Message.id")
    notes: Mapped[list["InternalNote"]] = relationship(order_by="InternalNote.id")
    events: Mapped[list["ThreadEvent"]] = relationship(order_by="ThreadEvent.id")

    @property
    def is_late(self) -> bool:
        """Whether the promised answer has not come."""
        return self.state is ThreadState.OPEN and self.answer_by < clock.now()

    @property
    def has_new_answer(self) -> bool:
        """Whether a service answered since the customer last looked."""
        return self.last_answered_at is not None and (
            self.read_at is None or self.read_at < self.last_answered_at
        )


class Message(Base):
    """Something said to the other side."""

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(sa.ForeignKey(Thread.id), index=True)
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))
    author_name: Mapped[str] = mapped_column(sa.String(120))
    from_staff: Mapped[bool]
    service: Mapped[Service | None]
    """The service that spoke."""
    by_mail: Mapped[bool] = mapped_column(default=False)
    """It came as a mail, its quotations trimmed."""
    body: Mapped[str] = mapped_column(sa.Text)
    sent_at: Mapped[dt.datetime] = mapped_column(default=clock.now)

    thread: Mapped[Thread] = relationship(back_populates="messages")
    attachments: Mapped[list["Attachment"]] = relationship(
        back_populates="message", order_by="Attachment.id", lazy="selectin"
    )


class SentFile(Base):
    """A file that somebody sent, kept in the database beside what was said with it: both or neither."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(32), unique=True, default=lambda: secrets.token_hex(16))
    """Random; its word in addresses."""
    name: Mapped[str] = mapped_column(sa.String(120))
    media_type: Mapped[str] = mapped_column(sa.String(80))
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)

    @classmethod
    def of(cls, file: NewFile) -> Self:
        return cls(name=file.name, media_type=file.media_type, size=len(file.content), content=file.content)


class Attachment(SentFile):
    """A file sent with a message."""

    __tablename__ = "attachments"

    message_id: Mapped[int] = mapped_column(sa.ForeignKey(Message.id), index=True)

    message: Mapped[Message] = relationship(back_populates="attachments")


class InternalNote(Base):
    """Said among staff; a table of its own, so that no customer page can leak it."""

    __tablename__ = "internal_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(sa.ForeignKey(Thread.id), index=True)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id))
    author_name: Mapped[str] = mapped_column(sa.String(120))
    body: Mapped[str] = mapped_column(sa.Text)
    written_at: Mapped[dt.datetime] = mapped_column(default=clock.now)


class ThreadEvent(Base):
    """What happened to a thread: received, taken, transferred, closed (R106)."""

    __tablename__ = "thread_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(sa.ForeignKey(Thread.id), index=True)
    at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    actor: Mapped[str] = mapped_column(sa.String(120))
    action: Mapped[str] = mapped_column(sa.String(40))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    """Read by the customer too."""


class ThreadReader(Base):
    """At which thread a member of staff is, and since when: one row a person, the thread last opened."""

    __tablename__ = "thread_readers"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id), primary_key=True)
    thread_id: Mapped[int] = mapped_column(sa.ForeignKey(Thread.id), index=True)
    opened_at: Mapped[dt.datetime] = mapped_column(default=clock.now)


class CannedAnswer(Base):
    """An answer that a service gives often, with words in braces that each case fills in."""

    __tablename__ = "canned_answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=lambda: secrets.token_hex(8))
    """Random; its word in addresses."""
    service: Mapped[Service] = mapped_column(index=True)

    versions: Mapped[list["CannedVersion"]] = relationship(
        back_populates="answer", order_by="CannedVersion.number", lazy="selectin", passive_deletes="all"
    )

    @property
    def kept(self) -> list["CannedVersion"]:
        """Its texts that were not withdrawn, in the order in which they hold."""
        return sorted((each for each in self.versions if not each.withdrawn_at), key=CannedVersion.order)

    @property
    def present(self) -> "CannedVersion | None":
        """What it says today; None before its first day."""
        return next((each for each in reversed(self.kept) if each.valid_from <= clock.today()), None)

    @property
    def ahead(self) -> "CannedVersion | None":
        """What it will say next."""
        return next((each for each in self.kept if each.valid_from > clock.today()), None)

    @property
    def _shown(self) -> "CannedVersion":
        return self.present or self.ahead or self.versions[-1]

    @property
    def title(self) -> str:
        return self._shown.title

    @property
    def body(self) -> str:
        return self._shown.body

    @property
    def latest_number(self) -> int:
        return self.versions[-1].number


class CannedVersion(Base):
    """What a canned answer says from a day on, and who has written it (R105)."""

    __tablename__ = "canned_versions"
    __table_args__ = (sa.UniqueConstraint("answer_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(sa.ForeignKey(CannedAnswer.id))
    number: Mapped[int]
    """From 1 on, within its answer."""
    title: Mapped[str] = mapped_column(sa.String(80))
    body: Mapped[str] = mapped_column(sa.Text)
    valid_from: Mapped[dt.date]
    written_by: Mapped[str] = mapped_column(sa.String(120))
    written_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    withdrawn_by: Mapped[str | None] = mapped_column(sa.String(120))
    withdrawn_at: Mapped[dt.datetime | None]
    """When somebody gave it up before its day."""

    answer: Mapped[CannedAnswer] = relationship(back_populates="versions")

    @property
    def key(self) -> str:
        """Of its answer."""
        return self.answer.key

    def order(self) -> tuple[dt.date, int]:
        """A later day wins, then a later text."""
        return self.valid_from, self.number
