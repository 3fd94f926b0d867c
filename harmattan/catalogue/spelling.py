"""Typing errors: what the catalogue's own words make of a word that finds nothing (stack.md §4).

Two words with one slip between them have a key in common: the word itself, or the word with one
letter left out. So one look into an index finds every word that may have been meant.
"""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from harmattan.catalogue.adapters import adapter
from harmattan.catalogue.models import Word, WordKey
from harmattan.core.extensions import db

SHORTEST, LONGEST = 4, 20
"""Letters of a word that is learnt, or corrected."""
LEAST_TITLES = 2
"""A word of a single title may itself be a typing error."""
SHORT = 6
"""Words shorter than this may have one slip, longer ones two."""

_LEARN = (
    f"DELETE FROM word_counts WHERE titles < {LEAST_TITLES}"  # noqa: S608 -- numbers of ours
    f" OR length(word) NOT BETWEEN {SHORTEST} AND {LONGEST}",
    "CREATE UNIQUE INDEX counted_word ON word_counts (word)",
    "DELETE FROM words WHERE word NOT IN (SELECT word FROM word_counts)",
    "UPDATE words SET titles = counted.titles FROM word_counts AS counted"
    " WHERE counted.word = words.word AND counted.titles <> words.titles",
    "INSERT INTO words (word, titles) SELECT word, titles FROM word_counts"
    " WHERE word NOT IN (SELECT word FROM words)",
    f"""INSERT INTO word_keys (key, word_id)
        WITH RECURSIVE places (place) AS (
            SELECT 1 UNION ALL SELECT place + 1 FROM places WHERE place < {LONGEST}),
        fresh AS (SELECT id, word FROM words WHERE id NOT IN (SELECT word_id FROM word_keys))
        SELECT word, id FROM fresh
        UNION SELECT substr(word, 1, place - 1) || substr(word, place + 1), id
        FROM fresh JOIN places ON place <= length(word)""",  # noqa: S608
    "DROP TABLE word_counts",
)


def learn() -> None:
    """Bring the known words in step with the catalogue: only what changed is written."""
    for statement in (*adapter().word_counts, *_LEARN):
        db.session.execute(sa.text(statement))


def correct(words: Sequence[str]) -> list[str]:
    """The words, each that the catalogue does not know replaced by the known one meant most likely."""
    wanted = {key for word in words if SHORTEST <= len(word) <= LONGEST for key in keys(word)}
    if not wanted:
        return list(words)
    known = db.session.execute(
        sa.select(Word.word, Word.titles).join(WordKey).where(WordKey.key.in_(wanted)).distinct()
    ).all()
    return [_meant(word, known) for word in words]


def keys(word: str) -> set[str]:
    """The word, and the word with each one of its letters left out."""
    return {word} | {word[:place] + word[place + 1 :] for place in range(len(word))}


def _meant(word: str, known: Iterable[sa.Row[str, int]]) -> str:
    if not SHORTEST <= len(word) <= LONGEST:
        return word
    allowed = 1 if len(word) < SHORT else 2
    ranked = ((slips(word, row.word), -row.titles, row.word) for row in known)
    return min((found for found in ranked if found[0] <= allowed), default=(0, 0, word))[2]


def slips(typed: str, meant: str) -> int:
    """How many letters were left out, added, replaced or swapped with their neighbour."""
    above: list[int] = []
    row = list(range(len(meant) + 1))
    for i, letter in enumerate(typed):
        before, above, row = above, row, [i + 1]
        for j, other in enumerate(meant):
            cost = min(above[j + 1] + 1, row[j] + 1, above[j] + (letter != other))
            if i and j and letter == meant[j - 1] and typed[i - 1] == other:
                cost = min(cost, before[j - 1] + 1)
            row.append(cost)
    return row[-1]
