"""Titles as the publisher's ONIX files describe them."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from harmattan.catalogue.rules import Availability, full_title, search_texts
from harmattan.core import clock
from harmattan.core.extensions import Base

Folded = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Text of `rules.fold`: compared and sorted letter by letter on both databases."""


class Title(Base):
    """One product. A deleted record keeps its row: order lines refer to it."""

    __tablename__ = "titles"
    __table_args__ = (
        sa.Index(None, "published_on", "id"),
        sa.Index(None, "folded_collection", "published_on"),
        sa.Index(None, "folded_title"),
        sa.Index(None, "clil"),
        sa.Index(
            "ix_titles_deleted",
            "id",
            sqlite_where=sa.text("deleted_at IS NOT NULL"),
            postgresql_where=sa.text("deleted_at IS NOT NULL"),
        ),
    )

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
    """Copies that can be promised: the warehouse's count less `reserved`."""
    reserved: Mapped[int] = mapped_column(default=0)
    """Copies on the shelves that belong to validated orders; see `catalogue.reservations`."""
    popularity: Mapped[int] = mapped_column(default=0)
    folded_title: Mapped[str] = mapped_column(Folded, default="")
    """Title and subtitle. The four folded columns come from `rules.search_texts`."""
    folded_authors: Mapped[str] = mapped_column(Folded, default="")
    folded_collection: Mapped[str] = mapped_column(Folded, default="")
    folded_other: Mapped[str] = mapped_column(Folded, default="")
    content_hash: Mapped[str] = mapped_column(sa.String(32), default="")
    """Of what its ONIX record said last: an import passes over a record that says the same."""
    updated_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    deleted_at: Mapped[dt.datetime | None]

    @property
    def full_title(self) -> str:
        return full_title(self.title, self.subtitle)

    @hybrid_property
    def is_orderable(self) -> bool:
        """Whether it may stand on an order: known price, orderable, not deleted."""
        return self.availability.is_orderable and self.price_cents is not None and self.deleted_at is None

    @is_orderable.inplace.expression
    @classmethod
    def _is_orderable(cls) -> sa.ColumnElement[bool]:
        """The same, asked of the database."""
        states = [state for state in Availability if state.is_orderable]
        return sa.and_(cls.availability.in_(states), cls.price_cents.is_not(None), cls.deleted_at.is_(None))


@sa.event.listens_for(Title, "before_insert")
@sa.event.listens_for(Title, "before_update")
def _fold(_mapper: object, _connection: object, title: Title) -> None:
    """Keep the searched text of a title that is written as an object; bulk writers do it themselves."""
    texts = search_texts(
        title=title.title,
        subtitle=title.subtitle or "",
        authors=title.authors or "",
        contributors=title.contributors or (),
        imprint=title.imprint or "",
        collection=title.collection or "",
    )
    for column, text in texts.items():
        setattr(title, column, text)


class TitleRelation(Base):
    """Another product that belongs to a title: its other format, what it replaces, what replaces it."""

    __tablename__ = "title_relations"
    __table_args__ = (sa.UniqueConstraint("title_id", "code", "isbn"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title_id: Mapped[int] = mapped_column(sa.ForeignKey(Title.id, ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(sa.String(2))
    """ONIX list 51, said of the title: 03 replaces the other, 05 is replaced by it, 06 another format."""
    isbn: Mapped[str] = mapped_column(sa.String(13))
    """Not a foreign key: the other product may not be in the catalogue (yet)."""


class ComingPrice(Base):
    """A public price TTC that its publisher announces for a later day; on that day the title has it."""

    __tablename__ = "coming_prices"

    title_id: Mapped[int] = mapped_column(sa.ForeignKey(Title.id, ondelete="CASCADE"), primary_key=True)
    valid_from: Mapped[dt.date] = mapped_column(primary_key=True, index=True)
    price_cents: Mapped[int]
    vat_bp: Mapped[int]


class Word(Base):
    """A word of the catalogue, and in how many titles it stands: what a typing error is corrected to."""

    __tablename__ = "words"

    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(Folded, unique=True)
    titles: Mapped[int]


class WordKey(Base):
    """A word, or the word with one letter left out: two words with one slip between them share a key."""

    __tablename__ = "word_keys"

    key: Mapped[str] = mapped_column(Folded, primary_key=True)
    word_id: Mapped[int] = mapped_column(
        sa.ForeignKey(Word.id, ondelete="CASCADE"), primary_key=True, index=True
    )
