"""Documents as they were issued, their bytes, payments, and what was allocated to what."""

import datetime as dt
import enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from harmattan.access.models import Account
from harmattan.access.scope import Owned
from harmattan.billing import rules
from harmattan.billing.rules import Kind
from harmattan.core import clock
from harmattan.core.extensions import Base
from harmattan.core.places import Address
from harmattan.core.terms import PaymentTerm
from harmattan.core.vat import Regime


class Document(Owned):
    """An invoice or a credit note. Never changed once issued, but for what is left of it."""

    __tablename__ = "documents"
    __table_args__ = (
        sa.Index("ix_documents_account_id_issued_on", "account_id", "issued_on", "id"),
        sa.Index("ix_documents_account_id_kind_issued_on", "account_id", "kind", "issued_on", "id"),
        sa.Index("ix_documents_account_id_total_cents", "account_id", "total_cents"),
        sa.Index("ix_documents_kind_issued_on", "kind", "issued_on", "id"),
        sa.Index(
            "ix_documents_open",
            *("account_id", "due_on"),
            sqlite_where=sa.text("open_cents > 0"),
            postgresql_where=sa.text("open_cents > 0"),
        ),
        sa.Index("ix_documents_order_reference", "order_reference"),
        sa.CheckConstraint("open_cents BETWEEN 0 AND total_cents", name="open"),
        sa.CheckConstraint("credited_cents BETWEEN 0 AND net_cents", name="credited"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(20), unique=True)
    kind: Mapped[Kind]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey(Account.id))
    issued_on: Mapped[dt.date]
    issued_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    term: Mapped[PaymentTerm | None]
    due_on: Mapped[dt.date | None]
    billed_to: Mapped[Address]
    delivery_address: Mapped[Address | None]
    order_reference: Mapped[str] = mapped_column(sa.String(20), default="")
    own_reference: Mapped[str] = mapped_column(sa.String(40), default="")
    delivered_on: Mapped[dt.date | None]
    collected_at_counter: Mapped[bool] = mapped_column(default=False)
    """Its books were collected at our counter: they may be paid and brought back there (R79, R95)."""
    reason: Mapped[str] = mapped_column(sa.String(200), default="")
    """Why a credit note was made."""
    regime: Mapped[Regime]
    goods_cents: Mapped[int]
    carriage_cents: Mapped[int]
    net_cents: Mapped[int]
    vat: Mapped[list[Any]]
    """[{"rate_bp": 550, "basis_cents": …, "vat_cents": …}, …]"""
    total_cents: Mapped[int]
    """TTC; positive on a credit note too."""
    open_cents: Mapped[int]
    """What is left to pay of an invoice, to use of a credit note: written by `billing.allocation` alone."""
    credited_cents: Mapped[int] = mapped_column(default=0)
    """HT: how much of an invoice credit notes have corrected."""
    line_count: Mapped[int]
    pdf_octets: Mapped[int]

    account: Mapped[Account] = relationship()
    lines: Mapped[list["DocumentLine"]] = relationship(
        back_populates="document", order_by="DocumentLine.position", foreign_keys="DocumentLine.document_id"
    )
    files: Mapped[list["DocumentFile"]] = relationship(back_populates="document")
    cited: Mapped[list["Citation"]] = relationship(
        back_populates="credit_note", foreign_keys="Citation.credit_note_id", order_by="Citation.invoice_id"
    )

    @property
    def title(self) -> str:
        """« Facture FA-2026-000123 »"""
        return f"{self.kind.label} {self.number}"

    def state(self, today: dt.date) -> rules.State:
        """Where it stands."""
        return rules.state(self.kind, self.total_cents, self.open_cents, self.due_on, today)


class DocumentLine(Base):
    __tablename__ = "document_lines"
    __table_args__ = (
        sa.Index("ix_document_lines_account_id_isbn", "account_id", "isbn"),
        sa.CheckConstraint("credited_quantity BETWEEN 0 AND quantity", name="credited_quantity"),
        sa.CheckConstraint("held_quantity BETWEEN 0 AND quantity - credited_quantity", name="held_quantity"),
        sa.CheckConstraint("credited_cents BETWEEN 0 AND line_cents", name="credited"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey(Document.id), index=True)
    account_id: Mapped[int]
    """The document's, repeated: an account's invoices of an ISBN are one indexed look-up."""
    position: Mapped[int]
    isbn: Mapped[str] = mapped_column(sa.String(13), default="")
    designation: Mapped[str] = mapped_column(sa.String(600))
    quantity: Mapped[int]
    price_cents: Mapped[int]
    """Public price TTC."""
    discount_bp: Mapped[int]
    net_unit_micros: Mapped[int] = mapped_column(sa.BigInteger)
    line_cents: Mapped[int]
    vat_bp: Mapped[int]
    corrects_id: Mapped[int | None] = mapped_column(sa.ForeignKey("document_lines.id"))
    """On a credit note, the invoiced line that it corrects."""
    cites_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Document.id), index=True)
    """On a credit note, the invoice that an amount is for: an amount corrects no line of it."""
    credited_quantity: Mapped[int] = mapped_column(default=0)
    credited_cents: Mapped[int] = mapped_column(default=0)
    held_quantity: Mapped[int] = mapped_column(default=0)
    """Copies that are on their way back: kept for the credit note to come, by `billing.holding` alone."""

    @hybrid_property
    def free_quantity(self) -> int:
        """Copies that are neither credited nor on their way back (R99)."""
        return self.quantity - self.credited_quantity - self.held_quantity

    document: Mapped[Document] = relationship(back_populates="lines", foreign_keys=[document_id])
    corrects: Mapped["DocumentLine | None"] = relationship(remote_side=[id])


class Citation(Base):
    """An invoice that a credit note corrects."""

    __tablename__ = "citations"

    credit_note_id: Mapped[int] = mapped_column(sa.ForeignKey(Document.id), primary_key=True)
    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey(Document.id), primary_key=True, index=True)

    credit_note: Mapped[Document] = relationship(back_populates="cited", foreign_keys=[credit_note_id])
    invoice: Mapped[Document] = relationship(foreign_keys=[invoice_id])


class Form(enum.StrEnum):
    """The forms in which a document was issued."""

    PDF = "pdf"
    """Factur-X: the paper with its XML inside."""
    CII = "cii"
    """That XML by itself."""
    UBL = "ubl"

    @property
    def mimetype(self) -> str:
        return "application/pdf" if self is Form.PDF else "application/xml"

    @property
    def extension(self) -> str:
        """How names of its files end."""
        return {Form.PDF: "pdf", Form.CII: "cii.xml", Form.UBL: "ubl.xml"}[self]


class DocumentFile(Base):
    """Bytes as they were issued: kept, never made again (domain.md §5.3)."""

    __tablename__ = "document_files"

    document_id: Mapped[int] = mapped_column(sa.ForeignKey(Document.id), primary_key=True)
    form: Mapped[Form] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    sha256: Mapped[str] = mapped_column(sa.String(64))

    document: Mapped[Document] = relationship(back_populates="files")


class Means(enum.StrEnum):
    """How a payment reached us (R81)."""

    TRANSFER = "transfer"
    CHEQUE = "cheque"
    ONLINE = "online"
    LCR = "lcr"
    CASH = "cash"
    CARD = "card"
    COUNTER = "counter"
    """Entered before cash and card were told apart; chosen no more."""

    @property
    def label(self) -> str:
        return _MEANS[self]

    @property
    def undone_label(self) -> str:
        """What a statement and the ledger say where such a payment was undone."""
        return f"{self.label}, {'impayé' if self is Means.LCR else 'contrepassé'}"


_MEANS = {
    Means.TRANSFER: "Virement",
    Means.CHEQUE: "Chèque",
    Means.ONLINE: "Paiement en ligne",
    Means.LCR: "LCR",
    Means.CASH: "Espèces au comptoir",
    Means.CARD: "Carte au comptoir",
    Means.COUNTER: "Règlement au comptoir",
}


class Payment(Owned):
    """Money received from an account, whatever it is for."""

    __tablename__ = "payments"
    __table_args__ = (
        sa.Index("ix_payments_account_id_received_on", "account_id", "received_on", "id"),
        sa.Index(
            "ix_payments_open",
            "account_id",
            sqlite_where=sa.text("open_cents > 0"),
            postgresql_where=sa.text("open_cents > 0"),
        ),
        sa.CheckConstraint("amount_cents > 0", name="amount"),
        sa.CheckConstraint("open_cents BETWEEN 0 AND amount_cents", name="open"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey(Account.id))
    received_on: Mapped[dt.date]
    means: Mapped[Means]
    amount_cents: Mapped[int]
    open_cents: Mapped[int]
    """What is not allocated yet: written by `billing.allocation` alone."""
    label: Mapped[str] = mapped_column(sa.String(140), default="")
    """What came with it: a transfer's label."""
    cheque_number: Mapped[str] = mapped_column(sa.String(20), default="")
    cheque_bank: Mapped[str] = mapped_column(sa.String(60), default="")
    """Whose cheque it is drawn on."""
    undone_on: Mapped[dt.date | None]
    """When it was undone: it settles nothing any more; written by `billing.allocation` alone."""
    recorded_at: Mapped[dt.datetime] = mapped_column(default=clock.now)

    account: Mapped[Account] = relationship()

    @property
    def means_told(self) -> str:
        """« Chèque n° 4512007 (Crédit du Port) »"""
        if not self.cheque_number:
            return self.means.label
        return f"{self.means.label} n° {self.cheque_number} ({self.cheque_bank})"


class Allocation(Owned):
    """A part of a payment, or of a credit note, that settles a part of an invoice."""

    __tablename__ = "allocations"
    __table_args__ = (
        sa.CheckConstraint("(payment_id IS NULL) <> (credit_note_id IS NULL)", name="one_source"),
        sa.CheckConstraint("amount_cents > 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey(Account.id), index=True)
    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey(Document.id), index=True)
    payment_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Payment.id), index=True)
    credit_note_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Document.id), index=True)
    amount_cents: Mapped[int]
    at: Mapped[dt.datetime] = mapped_column(default=clock.now)

    invoice: Mapped[Document] = relationship(foreign_keys=[invoice_id])
    payment: Mapped[Payment | None] = relationship()
    credit_note: Mapped[Document | None] = relationship(foreign_keys=[credit_note_id])

    @property
    def source(self) -> Payment | Document:
        """What settles: the payment or the credit note."""
        found = self.payment or self.credit_note
        if found is None:
            raise LookupError("an allocation has one source: its table says so")
        return found
