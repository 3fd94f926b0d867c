"""Rows belong to accounts: the only way pages reach them. Another account's row does not exist (R72)."""

from typing import Any, TypeVar

import sqlalchemy as sa
from flask import abort
from flask_login import current_user
from sqlalchemy.orm import Mapped

from harmattan.access.models import Account
from harmattan.core.extensions import Base, db


class Owned(Base):
    """A row of one account."""

    __abstract__ = True

    account_id: Mapped[int]


Row = TypeVar("Row", bound=Owned)


def visible(model: type[Row]) -> sa.Select[Row]:
    """The rows that the person logged in may see: the own account's, or all of them for staff."""
    rows = sa.select(model)
    if current_user.is_staff:
        return rows
    return rows.where(model.account_id == current_user.account_id)


def visible_or_404(model: type[Row], *options: Any, **criteria: Any) -> Row:
    """The one row with these values, or the same 404 whether it is another's or nobody's."""
    rows = db.session.scalars(visible(model).filter_by(**criteria).options(*options))
    row: Row | None = rows.unique().first()
    return row if row is not None else abort(404)


def account_or_404(number: str) -> Account:
    """The account with this number, for our services: they look after all of them."""
    return db.one_or_404(sa.select(Account).filter_by(number=number))
