"""Messages to be sent, and those that were (R107)."""

import datetime as dt
import enum
import secrets
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from harmattan.core import clock
from harmattan.core.extensions import Base
from harmattan.core.jobs import Claimable
from harmattan.core.services import Service


class Delivery(enum.StrEnum):
    """How a mail reaches its reader, who may choose it for some kinds (`mails.preferences`)."""

    NOW = "now"
    DIGEST = "digest"
    """With the others of the day, in one mail."""
    PORTAL = "portal"
    """It is only read in the portal."""


class OutboxMessage(Claimable, Base):
    """One message to one recipient, rendered when the fact happened."""

    __tablename__ = "outbox_messages"
    __table_args__ = (
        sa.Index("ix_outbox_messages_state_run_at", "state", "run_at"),
        sa.Index("ix_outbox_messages_account_id_created_at", "account_id", "created_at"),
        sa.Index("ix_outbox_messages_subject_reference", "subject_reference"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(32), unique=True, default=lambda: secrets.token_hex(16))
    """Random; its word in addresses and file names, and the first part of its Message-ID."""
    message_id: Mapped[str] = mapped_column(sa.String(120), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(60))
    service: Mapped[Service]
    """Who owns the subject: replies go there."""
    recipient: Mapped[str] = mapped_column(sa.String(254))
    reply_to: Mapped[str] = mapped_column(sa.String(254))
    subject: Mapped[str] = mapped_column(sa.String(200))
    body: Mapped[str] = mapped_column(sa.Text)
    account_id: Mapped[int | None]
    """The shop that may read it in the portal."""
    subject_reference: Mapped[str] = mapped_column(sa.String(40), default="")
    """What it is about: an order's or a thread's reference."""
    is_secret: Mapped[bool] = mapped_column(default=False)
    """Carries a password or a private link: its text goes once it is sent or given up."""
    attachments: Mapped[list[Any]] = mapped_column(default=list)
    """[source, key, name] of each file that goes with it (see `outbox.attachments`)."""
    remark: Mapped[str] = mapped_column(sa.Text, default="")
    """What a machine answered to it: out of office, a delay."""
    delivery: Mapped[Delivery] = mapped_column(default=Delivery.NOW)
    created_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    sent_at: Mapped[dt.datetime | None]
