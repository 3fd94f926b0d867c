"""Titles as the publisher's ONIX files describe them."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from harmattan.catalogue.rules import Availability
from harmattan.core import clock
from harmattan.core.extensions import Base


class Title(Base):
    """One product. A deleted record keeps its row: order lines refer to it."""

    __tablename__ = "titles"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_reference: Mapped[str] = mapped_column(sa.String(100), unique=True)
    """ONIX a001: the key of updates, not the ISBN."""
    isbn: Mapped[str] = mapped_column(sa.String(13), unique=True)
    title: Mapped[str] = mapped_column(sa.String(300))
    subtitle: Mapped[str] = mapped_column(sa.String(300), default="")
    authors: Mapped[str] = mapped_column(sa.String(300), default="")
    """As displayed: « Cléo Almeida, Paul Vernier »."""
    contributors: Mapped[list[Any]] = mapped_column(default=list)
    """[{"role": "A01", "name": "…"}, …]"""
    imprint: Mapped[str] = mapped_column(sa.String(120), default="")
    collection: Mapped[str] = mapped_column(sa.String(200), default="")
    form: Mapped[str] = mapped_column(sa.String(4), default="")
    """ONIX product form, list 150."""
    pages: Mapped[int | None]
    language: Mapped[str] = mapped_column(sa.String(3), default="fre")
    clil: Mapped[str] = mapped_column(sa.String(4), default="")
    """Main CLIL subject."""
    description: Mapped[str] = mapped_column(sa.Text, default="")
    """Plain text, cleaned of any markup."""
    published_on: Mapped[dt.date | None]
    availability: Mapped[Availability]
    expected_on: Mapped[dt.date | None]
    """When a title that cannot ship now is expected."""
    price_cents: Mapped[int | None]
    """Public price TTC, fixed by the publisher; None where the record is unpriced."""
    vat_bp: Mapped[int] = mapped_column(default=550)
    weight_g: Mapped[int | None]
    stock: Mapped[int] = mapped_column(default=0)
    """Copies on hand, from the warehouse's file, less those reserved by validated orders."""
    popularity: Mapped[int] = mapped_column(default=0)
    folded_title: Mapped[str] = mapped_column(sa.Text, default="")
    folded_authors: Mapped[str] = mapped_column(sa.Text, default="")
    folded_other: Mapped[str] = mapped_column(sa.Text, default="")
    updated_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    deleted_at: Mapped[dt.datetime | None]

    @property
    def full_title(self) -> str:
        return f"{self.title}. {self.subtitle}" if self.subtitle else self.title

    @property
    def is_orderable(self) -> bool:
        """Whether it may stand on an order: known price, orderable, not deleted."""
        return self.availability.is_orderable and self.price_cents is not None and self.deleted_at is None
