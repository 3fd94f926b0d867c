"""Requests for access."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from harmattan.access.models import Account, User
from harmattan.core import clock
from harmattan.core.extensions import Base
from harmattan.onboarding.rules import Kind, RequestState


class AccessRequest(Base):
    """Somebody asks for access to an account. The chosen password opens nothing before it is granted (R6)."""

    __tablename__ = "access_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    kind: Mapped[Kind]
    state: Mapped[RequestState]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey(Account.id), index=True)
    email: Mapped[str] = mapped_column(sa.String(254), index=True)
    first_name: Mapped[str] = mapped_column(sa.String(60))
    last_name: Mapped[str] = mapped_column(sa.String(60))
    words: Mapped[str] = mapped_column(sa.Text, default="")
    """What the person wrote to the principal user."""
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    """The candidate; erased when the request ends otherwise than granted. Empty while nobody chose one yet:
    sales prepared the access of a new account, and its link asks for the password (R26)."""
    asked_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[dt.datetime]
    decided_at: Mapped[dt.datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))

    account: Mapped[Account] = relationship()
    decided_by: Mapped[User | None] = relationship()

    @property
    def lacks_password(self) -> bool:
        """Whether the link asks for the password."""
        return self.state is RequestState.AWAITING_ACTIVATION and not self.password_hash

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"
