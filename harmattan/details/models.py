"""Changes of details that shops asked for."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from harmattan.access.models import Account
from harmattan.access.scope import Owned
from harmattan.conversations.models import Thread
from harmattan.core import clock
from harmattan.details.rules import ChangeState, Difference


class DetailsChange(Owned):
    """One request: the message that carries it, and each value, old and new."""

    __tablename__ = "details_changes"
    __table_args__ = (
        sa.Index("ix_details_changes_account_id_asked_at", "account_id", "asked_at"),
        sa.Index("ix_details_changes_state_asked_at", "state", "asked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey(Account.id))
    thread_id: Mapped[int] = mapped_column(sa.ForeignKey(Thread.id), unique=True)
    """Its reference is the request's word in addresses."""
    state: Mapped[ChangeState] = mapped_column(default=ChangeState.WAITING)
    """Written by `details.service` alone."""
    asked_by: Mapped[str] = mapped_column(sa.String(121))
    asked_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    wished: Mapped[list[Any]]
    """[[column, old, new], …]"""
    decided_by: Mapped[str] = mapped_column(sa.String(121), default="")
    decided_at: Mapped[dt.datetime | None]
    words: Mapped[str] = mapped_column(sa.Text, default="")
    """What sales said with their decision."""

    account: Mapped[Account] = relationship()
    thread: Mapped[Thread] = relationship()

    @property
    def reference(self) -> str:
        return self.thread.reference

    @property
    def differences(self) -> tuple[Difference, ...]:
        return tuple(Difference(*each) for each in self.wished)

    @property
    def changes_email(self) -> bool:
        """The address on file opens first accesses (R5): sales make sure who asks."""
        return any(each.field == "email" for each in self.differences)

    @property
    def matter(self) -> Thread:
        """The thread in which it is answered, should its message have been put together with another."""
        return self.thread.merged_into or self.thread
