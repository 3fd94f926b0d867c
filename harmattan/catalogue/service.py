"""Finding titles: by ISBN, by words; and keeping what search needs in step with imports."""

from collections.abc import Collection

import sqlalchemy as sa

from harmattan.catalogue.models import Title
from harmattan.core.extensions import db


def by_isbn(isbns: Collection[str]) -> dict[str, Title]:
    """The titles of these ISBN (13 digits each), by ISBN, in one statement; deleted records are left out."""
    if not isbns:
        return {}
    found = db.session.scalars(sa.select(Title).where(Title.isbn.in_(isbns), Title.deleted_at.is_(None)))
    return {title.isbn: title for title in found}


def rebuild_vocabulary() -> None:
    """Learn the catalogue's words again, for the correction of typing errors; once, when an import run ends.

    Nothing else is needed after a bulk write: the database itself keeps the word index in step with the
    folded columns of `titles` (triggers on SQLite, a generated column on PostgreSQL), which every bulk
    writer fills from `rules.search_texts(...)`. Changes the session; the caller commits.
    """
