"""Mails that came in."""

import datetime as dt
import secrets
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from harmattan.conversations.models import Message, Thread
from harmattan.core import clock
from harmattan.core.extensions import Base
from harmattan.core.services import Service
from harmattan.mails.rules import MailState, Reason


class IncomingMail(Base):
    """One mail that came in, under the Message-ID its sender gave it: it is taken once."""

    __tablename__ = "incoming_mails"
    __table_args__ = (sa.Index("ix_incoming_mails_state_service", "state", "service"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=lambda: secrets.token_hex(8))
    """Random; its word in addresses."""
    message_id: Mapped[str] = mapped_column(sa.String(210), unique=True)
    sender: Mapped[str] = mapped_column(sa.String(254))
    sender_name: Mapped[str] = mapped_column(sa.String(120))
    subject: Mapped[str] = mapped_column(sa.String(200))
    text: Mapped[str] = mapped_column(sa.Text)
    """All of it, with what it quotes."""
    files: Mapped[list[Any]] = mapped_column(default=list)
    """The names of its files."""
    service: Mapped[Service]
    """Who looks after it."""
    state: Mapped[MailState]
    reason: Mapped[Reason | None]
    """Why it waits."""
    thread_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Thread.id))
    """The thread it joined, or the one it names."""
    joined_as_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Message.id), index=True)
    octets: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)
    """The mail itself, as long as it waits."""
    received_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    decided_by: Mapped[str] = mapped_column(sa.String(120), default="")

    thread: Mapped[Thread | None] = relationship()
    joined_as: Mapped[Message | None] = relationship()
