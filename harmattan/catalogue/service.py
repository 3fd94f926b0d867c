"""Finding titles: by ISBN, by words; and keeping what search needs in step with imports."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from harmattan.catalogue import search, spelling
from harmattan.catalogue.codes import RELATIONS
from harmattan.catalogue.models import Title, TitleRelation
from harmattan.core import isbn
from harmattan.core.extensions import db

PAGE = 20
"""Titles on a page of results."""


# Statements are written once: making them anew would cost more than running them.
_BY_ISBN = sa.select(Title).where(
    Title.isbn.in_(sa.bindparam("isbns", expanding=True)), Title.deleted_at.is_(None)
)


def by_isbn(isbns: Collection[str]) -> dict[str, Title]:
    """The titles of these ISBN (13 digits each), by ISBN, in one statement; deleted records are left out."""
    if not isbns:
        return {}
    found = db.session.scalars(_BY_ISBN, {"isbns": list(isbns)})
    return {title.isbn: title for title in found}


@dataclass(frozen=True)
class Sought:
    """An ISBN typed where words are looked for."""

    typed: str
    isbn: str = ""
    """The 13 digits; with a wrong check digit those that were meant. Empty when they cannot be told."""
    fault: str = ""
    title: Title | None = None


def sought_isbn(text: str) -> Sought | None:
    """The ISBN that the text is, known to us or not; None when it is words, or an ISBN being typed (R98)."""
    typed = isbn.compact(text)
    if not isbn.looks_like_isbn(typed):
        return None
    try:
        sought = Sought(typed, isbn.parse(typed))
    except isbn.UnreadableIsbn as unreadable:
        sought = Sought(typed, unreadable.suggestion or "", unreadable.message)
    found = replace(sought, title=by_isbn([sought.isbn]).get(sought.isbn) if sought.isbn else None)
    unfinished = len(typed) == len("9782343000") and typed.startswith(("978", "979"))
    return None if unfinished and (found.fault or not found.title) else found


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
    Title.form,
    Title.language,
    Title.published_on,
    Title.availability,
    Title.expected_on,
    Title.stock,
    Title.price_cents,
    Title.vat_bp,
)
"""What a list shows of a title: columns, not objects, since lists are long."""


_BY_ID = sa.select(*_LISTED).where(Title.id.in_(sa.bindparam("ids", expanding=True)))


def _listed(ids: Sequence[int]) -> list[Any]:
    found = db.session.execute(_BY_ID, {"ids": list(ids)})
    rows: dict[int, Any] = {row.id: row for row in found}
    return [rows[id_] for id_ in ids]


_RELATED = (
    sa.select(TitleRelation.code, TitleRelation.isbn.label("other"), *_LISTED)
    .outerjoin(Title, sa.and_(Title.isbn == TitleRelation.isbn, Title.deleted_at.is_(None)))
    .where(TitleRelation.title_id == sa.bindparam("title_id"), TitleRelation.code.in_(RELATIONS))
)


def related(title: Title) -> list[tuple[str, str, Any]]:
    """(what it is to the title, its ISBN, its columns where we have it) of the title's other editions."""
    found = db.session.execute(_RELATED, {"title_id": title.id}).all()
    order = list(RELATIONS)
    ranked = sorted(found, key=lambda row: (order.index(row.code), row.other))
    return [(RELATIONS[row.code], row.other, row if row.isbn else None) for row in ranked]


NEIGHBOURS = 5
_NEIGHBOURS = (
    sa.select(*_LISTED)
    .where(Title.folded_collection == sa.bindparam("collection"), Title.deleted_at.is_(None))
    .where(Title.id != sa.bindparam("title_id"), Title.published_on.is_not(None))
    .order_by(Title.published_on.desc())
    .limit(NEIGHBOURS)
)


def neighbours(title: Title) -> list[Any]:
    """The newest other titles of the same collection."""
    if not title.folded_collection:
        return []
    its = {"collection": title.folded_collection, "title_id": title.id}
    return list(db.session.execute(_NEIGHBOURS, its))


def rebuild_vocabulary() -> None:
    """Learn the catalogue's words again, for the correction of typing errors; once, when an import run ends.

    The word index itself is kept in step with the folded columns of `titles` by the database (triggers on
    SQLite, a generated column on PostgreSQL) and by `adapters.writing_many`; every bulk writer fills those
    columns from `rules.search_texts(...)`. Changes the session; the caller commits.
    """
    spelling.learn()
