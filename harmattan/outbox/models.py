"""Messages to be sent, and those that were (R107)."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from harmattan.core import clock
from harmattan.core.extensions import Base
from harmattan.core.jobs import Claimable
from harmattan.core.services import Service


class OutboxMessage(Claimable, Base):
    """One message to one recipient, rendered when the fact happened."""

    __tablename__ = "outbox_messages"
    __table_args__ = (
        sa.Index("ix_outbox_messages_state_run_at", "state", "run_at"),
        sa.Index("ix_outbox_messages_account_id_created_at", "account_id", "created_at"),
        sa.Index("ix_outbox_messages_subject_reference", "subject_reference"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
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
    created_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    sent_at: Mapped[dt.datetime | None]

    @property
    def key(self) -> str:
        """Its word in addresses and file names."""
        return self.message_id.strip("<>").partition("@")[0]
