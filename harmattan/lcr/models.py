"""Mandates with their sealed bank details, remittances with their file, bills and what they are for."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from harmattan.access.models import Account
from harmattan.access.scope import Owned
from harmattan.billing.models import Document, Payment
from harmattan.conversations.models import SentFile
from harmattan.core import clock
from harmattan.core.extensions import Base
from harmattan.core.sealed import Sealed
from harmattan.lcr.reasons import reason_of
from harmattan.lcr.rules import LIVE, BillState, MandateState, RemittanceState

_IS_LIVE = sa.text(f"state IN ({', '.join(repr(state.value) for state in LIVE)})")
_IS_PREPARED = sa.text("state = 'prepared'")
_IS_HELD = sa.text("is_held")


class Mandate(Owned):
    """A shop asks to pay by LCR, on which bank account, and what accounting made of it."""

    __tablename__ = "lcr_mandates"
    __table_args__ = (
        sa.Index("ix_lcr_mandates_account_id", "account_id", "id"),
        sa.Index("ix_lcr_mandates_state", "state", "id"),
        sa.Index(
            "uq_lcr_mandates_live",
            "account_id",
            unique=True,
            sqlite_where=_IS_LIVE,
            postgresql_where=_IS_LIVE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey(Account.id))
    state: Mapped[MandateState] = mapped_column(default=MandateState.ASKED)
    """Written by `lcr.service.act` alone."""
    state_since: Mapped[dt.datetime] = mapped_column(default=clock.now)
    asked_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    asked_by: Mapped[str] = mapped_column(sa.String(121))
    accepted_at: Mapped[dt.datetime | None]
    holder: Mapped[str] = mapped_column(sa.String(70))
    iban: Mapped[str | None] = mapped_column(Sealed, deferred=True)
    """Forgotten some time after the mandate is over."""
    masked_iban: Mapped[str] = mapped_column(sa.String(20))
    bank_name: Mapped[str] = mapped_column(sa.String(60))
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    """What accounting said when they refused or suspended it."""

    account: Mapped[Account] = relationship()
    files: Mapped[list["BankDetailsFile"]] = relationship(
        back_populates="mandate", order_by="BankDetailsFile.id"
    )

    @property
    def is_taken_back(self) -> bool:
        """The shop withdrew its request before accounting accepted it: it never paid by LCR."""
        return self.state is MandateState.ENDED and self.accepted_at is None

    @property
    def label(self) -> str:
        """Where it is, for the shop and for accounting."""
        return "Demande retirée" if self.is_taken_back else self.state.label


class BankDetailsFile(SentFile):
    """The RIB that came with a mandate: accounting alone opens it."""

    __tablename__ = "lcr_files"

    mandate_id: Mapped[int] = mapped_column(sa.ForeignKey(Mandate.id), index=True)

    mandate: Mapped[Mandate] = relationship(back_populates="files")


class Remittance(Base):
    """Bills of one due date, handed to our bank as one file."""

    __tablename__ = "lcr_remittances"
    __table_args__ = (
        sa.Index("ix_lcr_remittances_state", "state", "id"),
        sa.Index(
            "uq_lcr_remittances_prepared",
            "due_on",
            unique=True,
            sqlite_where=_IS_PREPARED,
            postgresql_where=_IS_PREPARED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    due_on: Mapped[dt.date]
    state: Mapped[RemittanceState] = mapped_column(default=RemittanceState.PREPARED)
    """Written by `lcr.remitting.act` alone."""
    state_since: Mapped[dt.datetime] = mapped_column(default=clock.now)
    prepared_by: Mapped[str] = mapped_column(sa.String(121))
    created_on: Mapped[dt.date | None]
    total_cents: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    content: Mapped[str | None] = mapped_column(Sealed, deferred=True)
    """The file as it was made: kept, never made again; it holds bank details."""
    sha256: Mapped[str] = mapped_column(sa.String(64), default="")

    items: Mapped[list["Item"]] = relationship(back_populates="remittance", order_by="Item.id")
    bills: Mapped[list["Bill"]] = relationship(back_populates="remittance", order_by="Bill.id")


class Bill(Owned):
    """One LCR: what one shop's bank is asked to pay on the due date."""

    __tablename__ = "lcr_bills"
    __table_args__ = (
        sa.Index("ix_lcr_bills_account_id", "account_id", "id"),
        sa.Index("ix_lcr_bills_state", "state", "id"),
        sa.CheckConstraint("amount_cents > 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(10), unique=True)
    remittance_id: Mapped[int] = mapped_column(sa.ForeignKey(Remittance.id), index=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey(Account.id))
    mandate_id: Mapped[int] = mapped_column(sa.ForeignKey(Mandate.id), index=True)
    amount_cents: Mapped[int]
    state: Mapped[BillState] = mapped_column(default=BillState.PRESENTED)
    """Written by `lcr.collecting` alone."""
    payment_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Payment.id), index=True)
    bank_code: Mapped[str] = mapped_column(sa.String(10), default="")
    """Why it came back, by the code of the bank's notice."""
    rejected_on: Mapped[dt.date | None]

    account: Mapped[Account] = relationship()
    mandate: Mapped[Mandate] = relationship()
    remittance: Mapped[Remittance] = relationship(back_populates="bills")
    payment: Mapped[Payment | None] = relationship()
    items: Mapped[list["Item"]] = relationship(back_populates="bill", order_by="Item.id")

    @property
    def reason(self) -> str:
        """Why it came back, in words."""
        return reason_of(self.bank_code)


class Item(Owned):
    """An invoice that a remittance collects; of one invoice there is one such row at a time that counts."""

    __tablename__ = "lcr_items"
    __table_args__ = (
        sa.Index(
            "uq_lcr_items_held", "invoice_id", unique=True, sqlite_where=_IS_HELD, postgresql_where=_IS_HELD
        ),
        sa.CheckConstraint("amount_cents > 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    remittance_id: Mapped[int] = mapped_column(sa.ForeignKey(Remittance.id), index=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey(Account.id), index=True)
    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey(Document.id), index=True)
    bill_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Bill.id), index=True)
    amount_cents: Mapped[int | None]
    """What the bill takes of the invoice; known once the file is made."""
    is_held: Mapped[bool] = mapped_column(default=True)
    """No other remittance takes it meanwhile."""

    remittance: Mapped[Remittance] = relationship(back_populates="items")
    bill: Mapped[Bill | None] = relationship(back_populates="items")
    invoice: Mapped[Document] = relationship()


class Notice(Base):
    """A file of our bank that says which bills came back, kept as it came."""

    __tablename__ = "lcr_notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    received_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    received_by: Mapped[str] = mapped_column(sa.String(121))
    content: Mapped[str] = mapped_column(Sealed, deferred=True)
    """It holds bank details."""
