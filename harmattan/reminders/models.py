"""Reminders that were sent, and invoices that a dispute keeps out of them."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from harmattan.access.models import Account
from harmattan.access.scope import Owned
from harmattan.billing.models import Document
from harmattan.core import clock
from harmattan.reminders.rules import Level


class Reminder(Owned):
    """What an account was reminded of, how firmly, by whom. Its mail is the outbox's, under its reference."""

    __tablename__ = "reminders"
    __table_args__ = (sa.UniqueConstraint("account_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey(Account.id))
    place: Mapped[int]
    """The account's first, second… one: of two who send at once, one has it."""
    level: Mapped[Level]
    sent_on: Mapped[dt.date]
    sent_by: Mapped[str] = mapped_column(sa.String(120))
    recipient: Mapped[str] = mapped_column(sa.String(254))
    documents: Mapped[list[Any]]
    """Numbers of the invoices that it lists."""
    to_pay_cents: Mapped[int]


class Dispute(Owned):
    """An invoice that is not claimed for some time, and why."""

    __tablename__ = "disputes"

    document_id: Mapped[int] = mapped_column(sa.ForeignKey(Document.id), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey(Account.id), index=True)
    reason: Mapped[str] = mapped_column(sa.String(200))
    until: Mapped[dt.date]
    """The last day."""
    set_by: Mapped[str] = mapped_column(sa.String(120))
    set_at: Mapped[dt.datetime] = mapped_column(default=clock.now)

    document: Mapped[Document] = relationship()
