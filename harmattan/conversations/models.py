"""Threads, what was said in them, and what stays in the house."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from harmattan.access.models import Account, User
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
    visitor_token_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    """Opens the thread to a visitor by the signed link of the acknowledgement."""
    service: Mapped[Service]
    subject: Mapped[str] = mapped_column(sa.String(40))
    """The chosen subject of the contact form (R100)."""
    about: Mapped[str] = mapped_column(sa.String(20), default="", index=True)
    """The reference of the order or document in question."""
    state: Mapped[ThreadState] = mapped_column(default=ThreadState.OPEN)
    version: Mapped[int] = mapped_column(default=1)
    taken_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))
    received_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    answer_by: Mapped[dt.datetime]
    first_answered_at: Mapped[dt.datetime | None]
    updated_at: Mapped[dt.datetime] = mapped_column(default=clock.now)

    account: Mapped[Account | None] = relationship()
    opened_by: Mapped[User | None] = relationship(foreign_keys=[opened_by_id])
    taken_by: Mapped[User | None] = relationship(foreign_keys=[taken_by_id])
    messages: Mapped[list["Message"]] = relationship(back_populates="thread", order_by="Message.id")
    notes: Mapped[list["InternalNote"]] = relationship(order_by="InternalNote.id")
    events: Mapped[list["ThreadEvent"]] = relationship(order_by="ThreadEvent.id")


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
    body: Mapped[str] = mapped_column(sa.Text)
    sent_at: Mapped[dt.datetime] = mapped_column(default=clock.now)

    thread: Mapped[Thread] = relationship(back_populates="messages")
    attachments: Mapped[list["Attachment"]] = relationship(order_by="Attachment.id")


class Attachment(Base):
    """A file sent with a message, kept in the database so that both are there or neither is."""

    __tablename__ = "attachments"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(32), unique=True)
    """Random; its word in addresses."""
    message_id: Mapped[int] = mapped_column(sa.ForeignKey(Message.id), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    media_type: Mapped[str] = mapped_column(sa.String(80))
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)


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
