"""What differs between the two databases when words are looked for: SQL and nothing else (stack.md §4).

The word index itself is made by the migration and kept in step by the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass

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
    word_counts: tuple[str, ...]
    """Statements that leave a temporary table `word_counts (word, titles)`."""

    def match(self, words: Sequence[str], *, as_prefix: bool) -> str:
        """The query for titles that have all these words, the last one whole or as a beginning.

        Words are letters and digits alone (`rules.fold`), so that nothing needs escaping.
        """
        terms = [self.term.format(word) for word in words]
        return self.joint.join(terms) + (self.prefix if as_prefix else "")


SQLITE = Adapter(
    source="title_words CROSS JOIN titles t ON t.id = title_words.rowid",  # CROSS keeps the index in front
    condition="title_words MATCH :match",
    joint=" ",
    term='"{}"',
    prefix="*",
    word_counts=(
        "CREATE VIRTUAL TABLE temp.indexed_words USING fts5vocab('main', 'title_words', 'row')",
        "CREATE TEMPORARY TABLE word_counts AS SELECT term AS word, doc AS titles FROM temp.indexed_words",
        "DROP TABLE temp.indexed_words",
    ),
)

POSTGRESQL = Adapter(
    source="titles t",
    condition="t.words @@ CAST(:match AS tsquery)",
    joint=" & ",
    term="'{}'",
    prefix=":*",
    word_counts=(
        "CREATE TEMPORARY TABLE word_counts AS"
        " SELECT word, ndoc AS titles FROM ts_stat('SELECT words FROM titles')",
    ),
)


def adapter() -> Adapter:
    """That of the database in use."""
    return SQLITE if db.engine.dialect.name == "sqlite" else POSTGRESQL
