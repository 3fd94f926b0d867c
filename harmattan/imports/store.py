"""A planned batch, read from and written to the catalogue with few statements on either database."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from harmattan.catalogue import adapters
from harmattan.catalogue.models import ComingPrice, Title, TitleRelation
from harmattan.core import database
from harmattan.core.extensions import db
from harmattan.imports import rules
from harmattan.imports.models import CatalogueImport, ImportRemark
from harmattan.imports.plan import Coming, Known, Plan, Relations
from harmattan.imports.record import Record, Rejection
from harmattan.imports.supply import ComingPrice as Announced

_TITLES: Any = Title.__table__
_RELATIONS: Any = TitleRelation.__table__
_COMING: Any = ComingPrice.__table__
_REMARKS: Any = ImportRemark.__table__
_BLOCKS = (
    *(Title.title, Title.subtitle, Title.authors, Title.contributors, Title.collection, Title.form),
    *(Title.pages, Title.language, Title.clil, Title.weight_g),
    Title.description,
    *(Title.imprint, Title.published_on),
    *(Title.availability, Title.expected_on, Title.price_cents, Title.vat_bp),
)
"""What ONIX blocks 1, 2, 4 and 6 fill."""


def known(batch: Sequence[Record | Rejection]) -> tuple[dict[str, Known], dict[str, str]]:
    """What the catalogue holds under the batch's references, and which reference holds each of its ISBN."""
    records = [item for item in batch if isinstance(item, Record)]
    references = [record.reference for record in records]
    facts = sa.select(Title.record_reference, Title.isbn, Title.content_hash, Title.deleted_at)
    rows = db.session.execute(facts.where(Title.record_reference.in_(references))).all()
    found = {
        row.record_reference: Known(row.isbn, row.content_hash, row.deleted_at is not None) for row in rows
    }
    for reference, coming in _coming(references).items():
        found[reference].coming = coming
    partial = [record.reference for record in records if record.notification == rules.BLOCK_UPDATE]
    if partial:
        _read_blocks(found, partial)
    isbns = [record.isbn for record in records if record.isbn]
    holders = db.session.execute(sa.select(Title.isbn, Title.record_reference).where(Title.isbn.in_(isbns)))
    return found, {row.isbn: row.record_reference for row in holders} | {
        held.isbn: reference for reference, held in found.items()
    }


def _read_blocks(found: dict[str, Known], references: list[str]) -> None:
    statement = sa.select(Title.record_reference, *_BLOCKS).where(Title.record_reference.in_(references))
    for row in db.session.execute(statement):
        facts = dict(row._mapping)
        found[facts.pop("record_reference")].columns = facts
    for reference, relations in _relations(references).items():
        found[reference].relations = relations


def _relations(references: list[str]) -> dict[str, Relations]:
    found: dict[str, Relations] = {}
    statement = (
        sa.select(Title.record_reference, TitleRelation.code, TitleRelation.isbn)
        .join(TitleRelation, TitleRelation.title_id == Title.id)
        .where(Title.record_reference.in_(references))
        .order_by(TitleRelation.id)
    )
    for reference, code, isbn in db.session.execute(statement):
        found[reference] = (*found.get(reference, ()), (code, isbn))
    return found


def _coming(references: list[str]) -> dict[str, Coming]:
    found: dict[str, Coming] = {}
    statement = (
        sa.select(Title.record_reference, ComingPrice.valid_from, ComingPrice.price_cents, ComingPrice.vat_bp)
        .join(ComingPrice, ComingPrice.title_id == Title.id)
        .where(Title.record_reference.in_(references))
        .order_by(ComingPrice.title_id, ComingPrice.valid_from)
    )
    for reference, valid_from, price_cents, vat_bp in db.session.execute(statement):
        announced = Announced(valid_from, price_cents, vat_bp)
        found[reference] = (*found.get(reference, ()), announced)
    return found


def write(plan: Plan, now: dt.datetime) -> None:
    """Upsert the titles, replace their relations and prices to come, mark the deleted ones."""
    if plan.rows:
        with adapters.writing_many(plan.rows):
            db.session.execute(_upsert(next(iter(plan.rows.values()))), list(plan.rows.values()))
    if plan.relations:
        _write_relations(plan.relations)
    if plan.coming:
        _write_coming(plan.coming)
    if plan.deleted:
        db.session.execute(
            sa.update(Title)
            .where(Title.record_reference.in_(plan.deleted))
            .values(deleted_at=now, updated_at=now),
            execution_options={"synchronize_session": False},
        )


def _upsert(row: dict[str, Any]) -> Any:
    statement = database.insert(_TITLES)
    return statement.on_conflict_do_update(
        index_elements=["record_reference"],
        set_={name: statement.excluded[name] for name in row if name != "record_reference"},
    )


def _write_relations(relations: dict[str, Relations]) -> None:
    ids = _ids(relations)
    db.session.execute(sa.delete(TitleRelation).where(TitleRelation.title_id.in_(ids.values())))
    rows = [
        {"title_id": ids[reference], "code": code, "isbn": isbn}
        for reference, related in relations.items()
        for code, isbn in related
    ]
    if rows:
        db.session.execute(sa.insert(_RELATIONS), rows)


def _write_coming(coming: dict[str, Coming]) -> None:
    ids = _ids(coming)
    db.session.execute(sa.delete(ComingPrice).where(ComingPrice.title_id.in_(ids.values())))
    rows = [
        {"title_id": ids[reference], **price._asdict()}
        for reference, announced in coming.items()
        for price in announced
    ]
    if rows:
        db.session.execute(sa.insert(_COMING), rows)


def _ids(references: Iterable[str]) -> dict[str, int]:
    found = sa.select(Title.record_reference, Title.id).where(Title.record_reference.in_(references))
    return {row.record_reference: row.id for row in db.session.execute(found)}


def report(run: CatalogueImport, plan: Plan, read: int) -> None:
    """Add the batch to the run's counts and remarks."""
    run.read += read
    for name, count in plan.counts.items():
        setattr(run, name, getattr(run, name) + count)
    if plan.remarks:
        rows: Iterable[dict[str, Any]] = (asdict(remark) | {"import_id": run.id} for remark in plan.remarks)
        db.session.execute(sa.insert(_REMARKS), list(rows))
