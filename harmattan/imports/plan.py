"""What becomes of each record of a batch: pure decisions, in the order of the file (domain.md §2.2)."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from harmattan.catalogue.rules import Availability, search_texts
from harmattan.imports import rules
from harmattan.imports.record import Columns, Record, Rejection
from harmattan.imports.supply import ComingPrice

Relations = tuple[tuple[str, str], ...]
Coming = tuple[ComingPrice, ...]


@dataclass
class Known:
    """What the catalogue holds under a record reference."""

    isbn: str
    content_hash: str
    is_deleted: bool
    coming: Coming = ()
    columns: Columns | None = None
    """Read only for records that a block update touches."""
    relations: Relations = ()


@dataclass
class Remark:
    """Something to tell about a record."""

    position: int
    record_reference: str
    isbn: str
    reason: str
    is_warning: bool = False


@dataclass
class Plan:
    """What to write for a batch, and what to count and tell."""

    rows: dict[str, Columns] = field(default_factory=dict)
    """Titles to insert or update, by record reference."""
    relations: dict[str, Relations] = field(default_factory=dict)
    coming: dict[str, Coming] = field(default_factory=dict)
    """Prices to come of titles whose announcements change."""
    deleted: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    remarks: list[Remark] = field(default_factory=list)


class NotNow(ValueError):
    """The record is sound, but not beside what the catalogue holds; the message says why."""


def decide(
    batch: Iterable[Record | Rejection], known: dict[str, Known], holders: dict[str, str], now: dt.datetime
) -> Plan:
    """Plan a batch over what is known of its references, and over who holds its ISBN.

    Both are kept up with each record, so that one that comes twice meets what the first one did.
    """
    plan = Plan()
    for item in batch:
        if isinstance(item, Rejection):
            _reject(plan, item, item.reason)
            continue
        try:
            plan.counts[_place(plan, item, known, holders, now)] += 1
        except NotNow as reason:
            _reject(plan, item, str(reason))
        for warning in item.warnings:
            _warn(plan, item, warning)
    return plan


def _place(
    plan: Plan, record: Record, known: dict[str, Known], holders: dict[str, str], now: dt.datetime
) -> str:
    """Plan one record; returns the name of the count it belongs to."""
    if record.notification in rules.TEST_RECORD:
        return "ignored"
    held = known.get(record.reference)
    if record.notification == rules.DELETION:
        return _delete(plan, record, held)
    isbn, columns, relations, coming = _whole(record, held)
    holder = holders.setdefault(isbn, record.reference)
    if holder != record.reference:
        raise NotNow(f"l’ISBN est déjà celui de la notice {holder}")
    content = _hash(isbn, columns, relations, coming)
    if held and held.content_hash == content and not held.is_deleted:
        return "unchanged"
    if held and held.isbn != isbn:
        holders.pop(held.isbn, None)
    plan.rows[record.reference] = _row(record.reference, isbn, columns, content, now)
    if record.relations is not None:
        plan.relations[record.reference] = record.relations
    if coming != (held.coming if held else ()):
        plan.coming[record.reference] = coming
        plan.counts["coming_prices"] += len(coming)
    plan.deleted.discard(record.reference)
    known[record.reference] = Known(isbn, content, False, coming, columns, relations)
    return "updated" if held else "created"


def _whole(record: Record, held: Known | None) -> tuple[str, Columns, Relations, Coming]:
    """ISBN, columns, relations and prices to come of the title as they will be."""
    if record.notification != rules.BLOCK_UPDATE or (held is None and record.is_complete):
        columns = _EMPTY_BLOCKS | record.columns
        return record.isbn, _with_expected_day(columns, None), record.relations or (), record.coming or ()
    if held is None:
        raise NotNow("mise à jour partielle d’une notice inconnue")
    if held.is_deleted or held.columns is None:
        raise NotNow("mise à jour partielle d’une notice supprimée")
    columns = _with_expected_day(held.columns | record.columns, held.columns["published_on"])
    relations = held.relations if record.relations is None else record.relations
    coming = held.coming if record.coming is None else record.coming
    return record.isbn or held.isbn, columns, relations, coming


_EMPTY_BLOCKS: Columns = {"description": "", "imprint": "", "published_on": None}
"""What a complete block update may leave out of a new title."""


def _with_expected_day(columns: Columns, published_before: dt.date | None) -> Columns:
    """A forthcoming title without a date of its own is expected on its publication day, which may move."""
    if columns["availability"] is Availability.FORTHCOMING and columns["expected_on"] in (
        None,
        published_before,
    ):
        return columns | {"expected_on": columns["published_on"]}
    return columns


def _delete(plan: Plan, record: Record, held: Known | None) -> str:
    if held is None:
        _warn(plan, record, "suppression d’une notice inconnue")
        return "unchanged"
    if held.is_deleted:
        return "unchanged"
    held.is_deleted = True
    plan.deleted.add(record.reference)
    return "deleted"


def _row(reference: str, isbn: str, columns: Columns, content: str, now: dt.datetime) -> Columns:
    texts = {name: columns[name] for name in _SEARCHED}
    return {
        "record_reference": reference,
        "isbn": isbn,
        **columns,
        **search_texts(**texts),
        "content_hash": content,
        "updated_at": now,
        "deleted_at": None,
    }


_SEARCHED = ("title", "subtitle", "authors", "contributors", "imprint", "collection")


def _hash(isbn: str, columns: Columns, relations: Relations, coming: Coming) -> str:
    said: Any = (isbn, sorted(columns.items()), sorted(relations), *map(tuple, coming))
    return hashlib.blake2b(repr(said).encode("utf-8", "replace"), digest_size=16).hexdigest()


def _reject(plan: Plan, item: Record | Rejection, reason: str) -> None:
    plan.counts["rejected"] += 1
    plan.remarks.append(Remark(item.position, item.reference, item.isbn, reason[:300]))


def _warn(plan: Plan, record: Record, reason: str) -> None:
    plan.counts["warnings"] += 1
    plan.remarks.append(Remark(record.position, record.reference, record.isbn, reason[:300], True))
