"""What differs between the two databases when words are looked for: SQL and nothing else (stack.md §4).

The word index itself is made by the migration and kept in step by the database.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa

from harmattan.core.extensions import db


@dataclass(frozen=True)
class Adapter:
    """How one database finds titles (`t`) by words, and counts in how many titles a word stands."""

    source: str
    """FROM"""
    condition: str
    """WHERE; its parameter `match` is what `match()` wrote."""
    joint: str
    term: str
    prefix: str
    without: str
    word_counts: tuple[str, ...]
    """Statements that leave a temporary table `word_counts (word, titles)`."""
    undeleted: str = ""
    """FROM and WHERE of all titles that have the words, where that counts them faster than `source` does."""
    before_bulk: tuple[str, ...] = ()
    after_bulk: tuple[str, ...] = ()
    """Around a bulk write of the titles `:references`, where the index does not follow it cheaply."""

    def match(self, words: Sequence[str], *, as_prefix: bool) -> str:
        """The query for titles that have all these words, the last one whole or as a beginning.

        Words are letters and digits alone (`rules.fold`), so that nothing needs escaping.
        """
        terms = [self.term.format(word) for word in words]
        return self.joint.join(terms) + (self.prefix if as_prefix else "")

    def match_beginning(self, words: Sequence[str]) -> str:
        """The query for titles that have the last word as a beginning alone, not whole."""
        return self.match(words, as_prefix=True) + self.without + self.term.format(words[-1])


_INDEXED = "folded_title, folded_authors, folded_collection, folded_other"
_BULK = f"{_INDEXED} FROM titles WHERE record_reference IN :references ORDER BY id"

SQLITE = Adapter(
    source="title_words CROSS JOIN titles t ON t.id = title_words.rowid",  # CROSS keeps the index in front
    condition="title_words MATCH :match",
    undeleted="title_words WHERE title_words MATCH :match"  # reads no title: they are wide
    " AND rowid NOT IN (SELECT id FROM titles WHERE deleted_at IS NOT NULL)",
    joint=" ",
    term='"{}"',
    prefix="*",
    without=" NOT ",
    word_counts=(
        "CREATE VIRTUAL TABLE temp.indexed_words USING fts5vocab('main', 'title_words', 'row')",
        "CREATE TEMPORARY TABLE word_counts AS SELECT term AS word, doc AS titles FROM temp.indexed_words",
        "DROP TABLE temp.indexed_words",
    ),
    before_bulk=(
        "INSERT INTO title_words_paused VALUES (1)",  # the triggers look there
        f"INSERT INTO title_words (title_words, rowid, {_INDEXED}) SELECT 'delete', id, {_BULK}",
    ),
    after_bulk=(
        f"INSERT INTO title_words (rowid, {_INDEXED}) SELECT id, {_BULK}",
        "DELETE FROM title_words_paused",
    ),
)

POSTGRESQL = Adapter(
    source="titles t",
    condition="t.words @@ CAST(:match AS tsquery)",
    joint=" & ",
    term="'{}'",
    prefix=":*",
    without=" & !",
    word_counts=(
        "CREATE TEMPORARY TABLE word_counts AS"
        " SELECT word, ndoc AS titles FROM ts_stat('SELECT words FROM titles')",
    ),
)


def adapter() -> Adapter:
    """That of the database in use."""
    return SQLITE if db.engine.dialect.name == "sqlite" else POSTGRESQL


@contextmanager
def writing_many(references: Collection[str]) -> Iterator[None]:
    """Around the bulk write of the titles of these records, inside one transaction.

    SQLite's triggers index one title after another, and FTS5 writes what it has gathered each time a trigger
    runs: as two statements the index takes 15 µs a title instead of 100, half of what writing one took.
    """
    _run(adapter().before_bulk, references)
    yield
    _run(adapter().after_bulk, references)


def _run(statements: Sequence[str], references: Collection[str]) -> None:
    for text in statements:
        statement = sa.text(text)
        if ":references" in text:
            statement = statement.bindparams(
                sa.bindparam("references", list(references), sa.String, expanding=True)
            )
        db.session.execute(statement)
