"""Dossiers that were asked for, and their files for as long as they are kept."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from harmattan.access.models import Account, User
from harmattan.access.scope import Owned
from harmattan.core import clock
from harmattan.core.extensions import Base
from harmattan.dossiers.rules import Contents

KEPT_FOR = dt.timedelta(days=7)


class Dossier(Owned):
    """Made outside the request; whoever asked may leave and find it again."""

    __tablename__ = "dossiers"
    __table_args__ = (sa.Index("ix_dossiers_account_id", "account_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey(Account.id))
    contents: Mapped[Contents]
    first: Mapped[dt.date]
    last: Mapped[dt.date]
    numbers: Mapped[list[Any]] = mapped_column(default=list)
    """The documents that were chosen one by one."""
    asked_by: Mapped[str] = mapped_column(sa.String(120))
    asked_at: Mapped[dt.datetime] = mapped_column(default=clock.now, index=True)
    document_count: Mapped[int]
    done_count: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[dt.datetime | None]
    failure: Mapped[str] = mapped_column(sa.String(400), default="")
    """Why it could not be made."""

    account: Mapped[Account] = relationship()
    files: Mapped[list["DossierFile"]] = relationship(order_by="DossierFile.position")

    @property
    def title(self) -> str:
        return self.contents.heading(self.first, self.last)

    @property
    def kept_until(self) -> dt.date:
        """The last day on which it is surely there."""
        return clock.in_paris(self.asked_at + KEPT_FOR).date() - dt.timedelta(days=1)


class DossierAsker(Base):
    """Whoever asked for a dossier while it was being made: one is made, each is told."""

    __tablename__ = "dossier_askers"

    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey(Dossier.id), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id), primary_key=True)
    asked_at: Mapped[dt.datetime] = mapped_column(default=clock.now)

    user: Mapped[User] = relationship()


class DossierFile(Base):
    __tablename__ = "dossier_files"

    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey(Dossier.id), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    position: Mapped[int]
    label: Mapped[str] = mapped_column(sa.String(120))
    octets: Mapped[int]
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
