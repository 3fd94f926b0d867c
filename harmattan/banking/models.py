"""Statements of our bank as they were sent, and what became of each of their lines."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from harmattan.access.models import Account
from harmattan.banking.rules import LineState
from harmattan.billing.models import Payment
from harmattan.core import clock
from harmattan.core.extensions import Base


class BankFile(Base):
    """One file of the bank: what it is known by, who sent it, and when."""

    __tablename__ = "bank_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    received_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    received_by: Mapped[str] = mapped_column(sa.String(120))
    first_on: Mapped[dt.date]
    last_on: Mapped[dt.date]
    line_count: Mapped[int]
    """All that were read, those that an earlier file had already among them."""
    known_count: Mapped[int] = mapped_column(default=0)

    lines: Mapped[list["BankLine"]] = relationship(back_populates="file", order_by="BankLine.id")


class BankLine(Base):
    """A movement on our account: its fingerprint is unique, so no file brings it a second time."""

    __tablename__ = "bank_lines"
    __table_args__ = (sa.Index("ix_bank_lines_file_id_state", "file_id", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey(BankFile.id))
    number: Mapped[int]
    """Of the line in its file."""
    fingerprint: Mapped[str] = mapped_column(sa.String(64), unique=True)
    booked_on: Mapped[dt.date]
    label: Mapped[str] = mapped_column(sa.String(300))
    reference: Mapped[str] = mapped_column(sa.String(80), default="")
    amount_cents: Mapped[int]
    state: Mapped[LineState]
    """Written by `banking.service` alone."""
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Account.id))
    """Whose money it is, as accounting said."""
    payment_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Payment.id), unique=True)
    reason: Mapped[str] = mapped_column(sa.String(120), default="")
    """Why it was set aside."""
    decided_by: Mapped[str] = mapped_column(sa.String(120), default="")
    decided_at: Mapped[dt.datetime | None]

    file: Mapped[BankFile] = relationship(back_populates="lines")
    account: Mapped[Account | None] = relationship()
    payment: Mapped[Payment | None] = relationship()

    @property
    def said(self) -> str:
        """All that came with the money."""
        return " ".join(filter(None, (self.label, self.reference)))
