"""Copies that belong to validated orders: held back from what can be sold until they leave the house.

`Title.stock` is what can still be promised and `Title.reserved` what stands on the shelves for orders; the
warehouse counts both (ADR 9).
"""

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from harmattan.catalogue.models import Title
from harmattan.core import database
from harmattan.core.extensions import db


class SoldMeanwhile(RuntimeError):
    """Copies were taken that are not there: the titles were not locked."""


def locked(title_ids: Collection[int]) -> dict[int, Title]:
    """The titles as they stand now, by id; nobody else can hold their copies until the commit."""
    if not title_ids:
        return {}
    rows = sa.select(Title).where(Title.id.in_(title_ids)).order_by(Title.id).with_for_update()
    found = db.session.scalars(rows, execution_options={"populate_existing": True})
    return {title.id: title for title in found}


def hold(copies: Mapping[int, int]) -> None:
    """Put so many copies of each title (by id) aside; never more than there are."""
    wanted = _rows(copies)
    there_are = Title.stock >= _COPIES
    taking = _TITLE.where(there_are).values(stock=Title.stock - _COPIES, reserved=Title.reserved + _COPIES)
    if wanted and database.changed_rows(taking, wanted) != len(wanted):
        raise SoldMeanwhile


def gone(copies: Mapping[int, int]) -> None:
    """So many copies of each title (by id) have left the house for the orders that held them."""
    if left := _rows(copies):
        database.changed_rows(_TITLE.values(reserved=_less(Title.reserved, _COPIES)), left)


def gone_unheld(copies: Mapping[int, int]) -> None:
    """So many copies of each title (by id) have left the house though nobody had put them aside."""
    if left := _rows(copies):
        database.changed_rows(_TITLE.values(stock=_less(Title.stock, _COPIES)), left)


def counted(copies: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    """What can be promised of so many copies that the warehouse counts on its shelves."""
    return _less(copies, Title.reserved)


_COPIES: sa.ColumnElement[int] = sa.bindparam("copies", type_=sa.Integer)
_TITLE = sa.update(Title.__table__).where(Title.id == sa.bindparam("title_id"))  # type: ignore[arg-type]


def _rows(copies: Mapping[int, int]) -> list[dict[str, int]]:
    return [{"title_id": title_id, "copies": count} for title_id, count in copies.items() if count]


def _less(number: sa.SQLColumnExpression[int], other: sa.SQLColumnExpression[int]) -> sa.ColumnElement[int]:
    """The difference, never below zero."""
    return sa.case((number >= other, number - other), else_=0)
