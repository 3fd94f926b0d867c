"""References that people read aloud, like CMD-2026-000123, counted without gaps."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from harmattan.core import database, references
from harmattan.core.extensions import Base, db


class Counter(Base):
    """The last number given in a series and year."""

    __tablename__ = "counters"

    series: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


def next_reference(series: str, day: dt.date) -> str:
    """The next reference of a series: orders CMD, quotes DEV, messages MSG, imports IMP, invitations INV…

    Its row stays locked until the transaction ends, so a rollback leaves no gap.
    """
    return references.written(series, day.year, _next(series, day.year))


def next_number(series: str, above: int) -> int:
    """The next number of a series without years, and at any rate above this one: account numbers."""
    return _next(series, 0, above)


def upcoming_reference(series: str, day: dt.date) -> str:
    """What `next_reference` will give if nobody takes it before: nothing is written, nothing locked."""
    its = (Counter.series == series, Counter.year == day.year)
    last = db.session.scalar(sa.select(Counter.last).where(*its))
    return references.written(series, day.year, (last or 0) + 1)


def _next(series: str, year: int, above: int = 0) -> int:
    last = sa.case((Counter.last < above, above), else_=Counter.last)
    return db.session.scalars(
        database.insert(Counter)
        .values(series=series, year=year, last=above + 1)
        .on_conflict_do_update(index_elements=["series", "year"], set_={"last": last + 1})
        .returning(Counter.last)
    ).one()
