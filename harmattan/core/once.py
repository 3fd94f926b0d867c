"""One effect for a form sent twice: a key drawn with the page, kept with the address of the result.

Orders and quotes need none: there the cart is the key (R42).
"""

import datetime as dt
import secrets

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from harmattan.core import clock
from harmattan.core.extensions import Base, db

KEPT_FOR = dt.timedelta(days=30)
"""Nobody sends a page again after a month."""


class OneTimeKey(Base):
    __tablename__ = "one_time_keys"

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    result_url: Mapped[str] = mapped_column(sa.String(300))
    created_at: Mapped[dt.datetime] = mapped_column(default=clock.now)


class AlreadyDone(Exception):
    """Another sending of the same form got there first; `result_url` is what it made."""

    def __init__(self, result_url: str):
        super().__init__("already done")
        self.result_url = result_url


def new_key() -> str:
    """A key for a form that creates something."""
    return secrets.token_urlsafe(24)


def result_of(key: str) -> str | None:
    """The address of what a form with this key already made, or None."""
    return db.session.scalar(sa.select(OneTimeKey.result_url).where(OneTimeKey.key == key[:64]))


def remember(key: str, result_url: str) -> None:
    """Bind the key to its result, in the transaction that makes it.

    Of two sendings at once the second one is undone here: it raises `AlreadyDone`.
    """
    db.session.add(OneTimeKey(key=key[:64], result_url=result_url))
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        first = result_of(key)
        if first is None:
            raise
        raise AlreadyDone(first) from None


def forget_old() -> None:
    """Drop the keys of pages shown long ago."""
    db.session.execute(sa.delete(OneTimeKey).where(OneTimeKey.created_at < clock.now() - KEPT_FOR))
