"""Finding titles: by ISBN, by words; and keeping what search needs in step with imports."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from harmattan.catalogue import search, spelling
from harmattan.catalogue.models import Title
from harmattan.core.extensions import db

PAGE = 20
"""Titles on a page of results."""

LAST_PAGE = search.CANDIDATES // PAGE


def by_isbn(isbns: Collection[str]) -> dict[str, Title]:
    """The titles of these ISBN (13 digits each), by ISBN, in one statement; deleted records are left out."""
    if not isbns:
        return {}
    found = db.session.scalars(sa.select(Title).where(Title.isbn.in_(isbns), Title.deleted_at.is_(None)))
    return {title.isbn: title for title in found}


@dataclass(frozen=True)
class Results:
    """One page of what a search found."""

    titles: Sequence[Any]
    number: int
    total: int
    """Counted up to `search.COUNTED` + 1."""
    shown: int
    """How many the pages show together."""
    corrected: str

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number * PAGE < self.shown

    @property
    def is_uncounted(self) -> bool:
        return self.total > search.COUNTED


def page_of(wish: search.Wish, number: int) -> Results:
    """The titles on one page of a search; a page beyond the last one is the last one."""
    found = search.find(wish)
    last = max(1, -(-len(found.ids) // PAGE))
    number = min(max(number, 1), last)
    ids = found.ids[(number - 1) * PAGE : number * PAGE]
    return Results(_listed(ids), number, found.total, len(found.ids), found.corrected)


_LISTED = (
    Title.id,
    Title.isbn,
    Title.title,
    Title.subtitle,
    Title.authors,
    Title.collection,
    Title.language,
    Title.published_on,
    Title.availability,
    Title.expected_on,
    Title.stock,
    Title.price_cents,
    Title.vat_bp,
)
"""What a list shows of a title: columns, not objects, since lists are long."""


def _listed(ids: Sequence[int]) -> list[Any]:
    found = db.session.execute(sa.select(*_LISTED).where(Title.id.in_(ids)))
    rows: dict[int, Any] = {row.id: row for row in found}
    return [rows[id_] for id_ in ids]


def rebuild_vocabulary() -> None:
    """Learn the catalogue's words again, for the correction of typing errors; once, when an import run ends.

    Nothing else is needed after a bulk write: the database itself keeps the word index in step with the
    folded columns of `titles` (triggers on SQLite, a generated column on PostgreSQL), which every bulk
    writer fills from `rules.search_texts(...)`. Changes the session; the caller commits.
    """
    spelling.learn()
