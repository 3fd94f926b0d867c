"""Pages of a long list whose length is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa

from harmattan.core.extensions import db

Row = TypeVar("Row")


@dataclass(frozen=True)
class Sheet:
    """One page of so many."""

    number: int
    last: int
    length: int
    """Lines a page."""

    @classmethod
    def of(cls, wished: int, line_count: int, length: int) -> "Sheet":
        """The page asked for, or the nearest one there is."""
        last = max(-(-line_count // length), 1)
        return cls(min(max(wished, 1), last), last, length)

    @property
    def offset(self) -> int:
        """How many lines stand on the pages before."""
        return (self.number - 1) * self.length

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.last


def page_of(rows: sa.Select[Row], page: int, length: int) -> tuple[Sequence[Row], Sheet]:
    """The rows of the page asked for, in their order, and where it stands among all of them."""
    counted = rows.with_only_columns(sa.func.count(), maintain_column_froms=True).order_by(None)
    sheet = Sheet.of(page, db.session.scalar(counted) or 0, length)
    return db.session.scalars(rows.offset(sheet.offset).limit(sheet.length)).all(), sheet
