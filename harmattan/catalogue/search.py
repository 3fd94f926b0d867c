"""Search: what is asked for, and the titles found, best first, the same on both databases (stack.md §4).

The database finds at most `CANDIDATES` titles by its word index; they are ranked here. So the cost of
a search does not grow with what a common word would find, and no page lies further than that.
"""

import enum
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from harmattan.catalogue import spelling
from harmattan.catalogue.adapters import adapter
from harmattan.catalogue.codes import SUBJECTS
from harmattan.catalogue.rules import Availability, query_words
from harmattan.core import clock
from harmattan.core.extensions import db

CANDIDATES = 300
COUNTED = 1_000
"""Beyond this a count only says « plus de »."""


class Order(enum.StrEnum):
    """In which order titles are shown; the values stand in addresses."""

    RELEVANCE = "pertinence"
    NEWEST = "parution"
    TITLE = "titre"


@dataclass(frozen=True)
class Wish:
    """What is looked for."""

    text: str = ""
    availabilities: frozenset[Availability] = frozenset()
    collection: str = ""
    """Folded; the beginning of the collection's name."""
    subject: str = ""
    """A key of `rules.SUBJECTS`, or a CLIL code."""
    since: int | None = None
    """Year of publication."""
    order: Order = Order.RELEVANCE
    exact: bool = False
    """Do not correct the words."""


@dataclass(frozen=True)
class Found:
    """The ids of at most `CANDIDATES` titles, in the order asked for."""

    ids: Sequence[int]
    total: int
    """How many there are, counted up to `COUNTED` + 1."""
    corrected: str = ""
    """The words that were looked for instead of those asked for, which find nothing."""


def find(wish: Wish) -> Found:
    """The titles that have all the words, the last of them as a beginning, and pass the filters."""
    words = query_words(wish.text)
    if not words:
        return _browse(wish)
    found = _look_up(words, wish)
    if found.ids or wish.exact:
        return found
    corrected = spelling.correct(words)
    if corrected == words:
        return found
    second = _look_up(corrected, wish)
    return replace(second, corrected=" ".join(corrected)) if second.ids else found


_COLUMNS = "t.id, t.folded_title, t.folded_authors, t.popularity, t.published_on"
_NEWEST = "published_on DESC NULLS LAST, id DESC"
_OUT_FIRST = (
    "CASE WHEN published_on <= :today THEN 0 WHEN published_on > :today THEN 1 ELSE 2 END, "
    f"CASE WHEN published_on > :today THEN published_on END, {_NEWEST}"
)
_SORTS = {Order.RELEVANCE: _OUT_FIRST, Order.NEWEST: _NEWEST, Order.TITLE: "folded_title, id"}
_WALKS = {
    Order.RELEVANCE: (
        "t.published_on <= :today ORDER BY t.published_on DESC, t.id DESC",
        "t.published_on > :today ORDER BY t.published_on, t.id DESC",
        "t.published_on IS NULL ORDER BY t.id DESC",
    ),
    Order.NEWEST: (
        "t.published_on IS NOT NULL ORDER BY t.published_on DESC, t.id DESC",
        "t.published_on IS NULL ORDER BY t.id DESC",
    ),
    Order.TITLE: ("TRUE ORDER BY t.folded_title, t.id",),
}
"""Without words: the same orders in parts that each walk an index from its beginning."""


def _look_up(words: Sequence[str], wish: Wish) -> Found:
    where, filters = _conditions(wish, adapter().condition)
    source = f"FROM {adapter().source} WHERE {where}"
    counted = f"FROM {adapter().undeleted}" if adapter().undeleted and not filters else source
    parameters = filters | {"match": adapter().match(words, as_prefix=True)}
    if wish.order is Order.RELEVANCE:
        ids = _most_relevant(words, source, parameters)
    else:
        rows = f"WITH m AS MATERIALIZED (SELECT {_COLUMNS} {source}) SELECT id FROM m"  # noqa: S608
        ids = _ids(f"{rows} ORDER BY {_SORTS[wish.order]} LIMIT {CANDIDATES}", parameters)
    return Found(ids, _total(ids, counted, parameters))


def _most_relevant(words: Sequence[str], source: str, parameters: dict[str, Any]) -> list[int]:
    """Titles that have the last word whole come in before those that have it as a beginning."""
    candidates: list[sa.Row[Any]] = []
    for match in (adapter().match(words, as_prefix=False), adapter().match_beginning(words)):
        if room := CANDIDATES - len(candidates):
            found = f"SELECT {_COLUMNS} {source} LIMIT :room"
            candidates += _run(found, parameters | {"match": match, "room": room})
    ranked = sorted(candidates, key=lambda row: rank(words, row), reverse=True)
    return [row.id for row in ranked]


def rank(words: Sequence[str], row: Any) -> tuple[float, str, int]:
    """What is most relevant: whole words over beginnings, title and author over the rest; then the newest."""
    title, authors = row.folded_title, row.folded_authors
    in_title, in_authors = title.split(), authors.split()
    score = 0.3 * math.log1p(max(row.popularity, 0))
    for word in words:
        if word in in_title:
            score += 3
        elif f" {word}" in f" {title}":
            score += 2
        if word in in_authors:
            score += 2.5
        elif f" {word}" in f" {authors}":
            score += 1
    if title.startswith(words[0]):
        score += 1.5
    if len(words) > 1 and " ".join(words) in title:
        score += 2
    return score, str(row.published_on or ""), row.id


def _browse(wish: Wish) -> Found:
    """Without words: what came out last, then what comes out next; or by day, or by title."""
    where, parameters = _conditions(wish)
    parameters["today"] = clock.today().isoformat()
    source = f"FROM titles t WHERE {where}"
    if wish.subject and (few := _few(source, wish.order, parameters)) is not None:
        return few
    ids: list[int] = []
    for walk in _WALKS[wish.order]:
        if len(ids) < CANDIDATES:
            ids += _ids(f"SELECT t.id {source} AND {walk} LIMIT {CANDIDATES}", parameters)
    return Found(ids[:CANDIDATES], _total(ids, source, parameters))


def _few(source: str, order: Order, parameters: dict[str, Any]) -> Found | None:
    """All titles of a rare subject, found by its own index, then sorted; None of a frequent one.

    Along the index of days or of titles they would come in late, after many others.
    """
    rows = f"SELECT t.id, t.folded_title, t.published_on {source} LIMIT {COUNTED + 1}"
    ids = _ids(f"WITH m AS MATERIALIZED ({rows}) SELECT id FROM m ORDER BY {_SORTS[order]}", parameters)  # noqa: S608
    return Found(ids[:CANDIDATES], len(ids)) if len(ids) <= COUNTED else None


def _conditions(wish: Wish, *first: str) -> tuple[str, dict[str, Any]]:
    """The filters as SQL on `t`, and their parameters."""
    conditions = [*first, "t.deleted_at IS NULL"]
    parameters: dict[str, Any] = {}
    if wish.availabilities:
        conditions.append("t.availability IN :availabilities")
        parameters["availabilities"] = sorted(wish.availabilities)
    if wish.collection:
        conditions.append("t.folded_collection >= :collection AND t.folded_collection < :collection_end")
        parameters |= {"collection": wish.collection, "collection_end": wish.collection + "\U0010ffff"}
    if wish.subject:
        ranges = SUBJECTS[wish.subject].ranges if wish.subject in SUBJECTS else ((wish.subject,) * 2,)
        conditions.append("(" + " OR ".join(_between(n) for n in range(len(ranges))) + ")")
        for n, (first_code, last_code) in enumerate(ranges):
            parameters |= {f"clil_{n}": first_code, f"clil_{n}_end": last_code}
    if wish.since:
        conditions.append("t.published_on >= :since")
        parameters["since"] = f"{wish.since:04}-01-01"
    return " AND ".join(conditions), parameters


def _between(n: int) -> str:
    return f"t.clil BETWEEN :clil_{n} AND :clil_{n}_end"


def _total(ids: Sequence[int], source: str, parameters: dict[str, Any]) -> int:
    """How many there are; only asked when there are more than can be shown."""
    if len(ids) < CANDIDATES:
        return len(ids)
    counted = f"SELECT count(*) FROM (SELECT 1 {source} LIMIT {COUNTED + 1}) AS counted"  # noqa: S608
    return int(_run(counted, parameters)[0][0])


def _ids(sql: str, parameters: dict[str, Any]) -> list[int]:
    return [row[0] for row in _run(sql, parameters)]


def _run(sql: str, parameters: dict[str, Any]) -> Sequence[sa.Row[Any]]:
    """Run SQL whose text is ours; all that people typed goes in as parameters."""
    return db.session.execute(_statement(sql), parameters).all()


@lru_cache(maxsize=500)
def _statement(sql: str) -> sa.TextClause:
    """Prepared once: there are as many as combinations of filters."""
    statement = sa.text(sql)
    if ":availabilities" not in sql:
        return statement
    return statement.bindparams(sa.bindparam("availabilities", expanding=True))
