"""Return slips: what a shop announces, where it came from, what was received of it."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from harmattan.access.models import Account, User
from harmattan.access.scope import Owned
from harmattan.billing.models import Document, DocumentLine
from harmattan.conversations.models import SentFile
from harmattan.core import clock
from harmattan.core.extensions import Base
from harmattan.returns.rules import Action, Refused, Route, Status

_IS_DRAFT = sa.text("status = 'draft'")


class ReturnSlip(Owned):
    """One return: a draft that the shop fills (one an account), then a numbered slip."""

    __tablename__ = "return_slips"
    __table_args__ = (
        sa.Index("ix_return_slips_account_id_issued_at", "account_id", "issued_at", "id"),
        sa.Index("ix_return_slips_status_issued_at", "status", "issued_at"),
        sa.Index(
            "uq_return_slips_draft",
            "account_id",
            unique=True,
            sqlite_where=_IS_DRAFT,
            postgresql_where=_IS_DRAFT,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str | None] = mapped_column(sa.String(20), unique=True)
    """RET-2026-000012, once it is issued."""
    account_id: Mapped[int] = mapped_column(sa.ForeignKey(Account.id))
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id))
    status: Mapped[Status] = mapped_column(default=Status.DRAFT)
    """Written by `returns.service.act` alone."""
    status_since: Mapped[dt.datetime] = mapped_column(default=clock.now)
    issued_at: Mapped[dt.datetime | None]
    """The day of the slip decides whether an invoice is still in time (R89)."""
    route: Mapped[Route] = mapped_column(default=Route.PRISME)
    parcel_count: Mapped[int] = mapped_column(default=1)
    own_reference: Mapped[str] = mapped_column(sa.String(40), default="")

    account: Mapped[Account] = relationship()
    created_by: Mapped[User] = relationship()
    wishes: Mapped[list["ReturnWish"]] = relationship(order_by="ReturnWish.id")
    lines: Mapped[list["ReturnLine"]] = relationship(back_populates="slip", order_by="ReturnLine.id")
    events: Mapped[list["ReturnEvent"]] = relationship(order_by="ReturnEvent.id")

    @property
    def copy_count(self) -> int:
        return sum(line.quantity for line in self.lines)


class ReturnWish(Base):
    """What a draft asks to send back, whatever its verdict: nothing scanned is lost."""

    __tablename__ = "return_wishes"
    __table_args__ = (
        sa.UniqueConstraint("slip_id", "isbn"),
        sa.CheckConstraint("quantity > 0", name="quantity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slip_id: Mapped[int] = mapped_column(sa.ForeignKey(ReturnSlip.id))
    isbn: Mapped[str] = mapped_column(sa.String(13))
    quantity: Mapped[int]


class ReturnLine(Base):
    """Copies of one title from one invoice, at the price and VAT rate invoiced."""

    __tablename__ = "return_lines"
    __table_args__ = (
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.CheckConstraint("accepted BETWEEN 0 AND received", name="accepted"),
        sa.CheckConstraint("received BETWEEN 0 AND quantity", name="received"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slip_id: Mapped[int] = mapped_column(sa.ForeignKey(ReturnSlip.id), index=True)
    invoice_line_id: Mapped[int] = mapped_column(sa.ForeignKey(DocumentLine.id), index=True)
    invoice_number: Mapped[str] = mapped_column(sa.String(20))
    invoiced_on: Mapped[dt.date]
    isbn: Mapped[str] = mapped_column(sa.String(13))
    title: Mapped[str] = mapped_column(sa.String(600))
    quantity: Mapped[int]
    net_unit_micros: Mapped[int] = mapped_column(sa.BigInteger)
    vat_bp: Mapped[int]
    received: Mapped[int | None]
    accepted: Mapped[int | None]
    refused: Mapped[Refused | None]
    """Why those received and not accepted are refused."""
    remark: Mapped[str] = mapped_column(sa.String(200), default="")
    credit_note_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Document.id), index=True)

    slip: Mapped[ReturnSlip] = relationship(back_populates="lines")
    invoice_line: Mapped[DocumentLine] = relationship()
    credit_note: Mapped[Document | None] = relationship()
    photos: Mapped[list["ReturnPhoto"]] = relationship(back_populates="line", order_by="ReturnPhoto.id")


class ReturnPhoto(SentFile):
    """What a refused copy looked like."""

    __tablename__ = "return_photos"

    line_id: Mapped[int] = mapped_column(sa.ForeignKey(ReturnLine.id), index=True)

    line: Mapped[ReturnLine] = relationship(back_populates="photos")


class ReturnEvent(Base):
    """What happened to a return, dated and signed (R106)."""

    __tablename__ = "return_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    slip_id: Mapped[int] = mapped_column(sa.ForeignKey(ReturnSlip.id), index=True)
    at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    actor: Mapped[str] = mapped_column(sa.String(120))
    action: Mapped[Action]
    status: Mapped[Status]
    text: Mapped[str] = mapped_column(sa.Text, default="")
