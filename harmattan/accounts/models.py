"""Invitations sent to accounts, alone or by the list."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from harmattan.access.models import Account
from harmattan.core import clock
from harmattan.core.extensions import Base


class InvitationList(Base):
    """Account numbers that were sent or pasted: read once more before anybody is invited."""

    __tablename__ = "invitation_lists"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    source_name: Mapped[str] = mapped_column(sa.String(120))
    """The file's name; empty where the list was pasted."""
    numbers: Mapped[list[Any]]
    unread: Mapped[list[Any]]
    again: Mapped[bool] = mapped_column(default=False)
    """Whether accounts that were invited before are invited once more."""
    made_by: Mapped[str] = mapped_column(sa.String(120))
    made_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    sent_at: Mapped[dt.datetime | None]
    finished_at: Mapped[dt.datetime | None]


class Invitation(Base):
    """One mail to the address on file, that leads to the form for access (R1)."""

    __tablename__ = "invitations"
    __table_args__ = (sa.UniqueConstraint("list_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey(Account.id), index=True)
    sent_to: Mapped[str] = mapped_column(sa.String(254))
    sent_by: Mapped[str] = mapped_column(sa.String(120))
    sent_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    list_id: Mapped[int | None] = mapped_column(sa.ForeignKey(InvitationList.id))
