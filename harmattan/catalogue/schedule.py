"""Prices announced for later: kept beside their title, and given to it on their day (domain.md §2.2).

Each process looks before the first request of a day that may show a price, so that prices are right from
midnight on; the worker looks in the morning, an import when it ends.
"""

import datetime as dt
import logging
from collections.abc import Sequence

import sqlalchemy as sa
from flask import Flask, current_app, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from harmattan.catalogue.models import ComingPrice, Title
from harmattan.core import clock, database, security
from harmattan.core.extensions import db

log = logging.getLogger(__name__)

JOB = "catalogue.begin_prices"
_LOOKED_ON = "prices_looked_on"
_ADVISORY_LOCK = 7_105_2026

_DUE = ComingPrice.valid_from <= sa.bindparam("today", type_=sa.Date)
_ANY_DUE = sa.select(sa.select(ComingPrice.title_id).where(_DUE).exists())
_LOCKED = (
    sa.select(Title.id)
    .where(Title.id.in_(sa.select(ComingPrice.title_id).where(_DUE)))
    .order_by(Title.id)
    .with_for_update()
)
"""In the order of `reservations.locked`, so that nobody waits for the other."""
_NEWEST = (
    sa.select(ComingPrice.title_id, sa.func.max(ComingPrice.valid_from).label("valid_from"))
    .where(_DUE)
    .group_by(ComingPrice.title_id)
    .subquery()
)
_BEGIN = (
    sa.update(Title)
    .where(Title.id == ComingPrice.title_id)
    .where(ComingPrice.title_id == _NEWEST.c.title_id, ComingPrice.valid_from == _NEWEST.c.valid_from)
    .values(price_cents=ComingPrice.price_cents, vat_bp=ComingPrice.vat_bp, updated_at=sa.bindparam("now"))
)
_OF_TITLE = (
    sa.select(ComingPrice)
    .where(ComingPrice.title_id == sa.bindparam("title_id"))
    .order_by(ComingPrice.valid_from)
)


def init_app(app: Flask) -> None:
    """Look before requests; registered ahead of the gate, while the request has read nothing yet."""
    app.extensions[_LOOKED_ON] = None
    app.before_request(_look_before)


def _look_before() -> None:
    """An address that leads to no page shows no price, a foreign name least of all."""
    if request.endpoint is not None and not security.asks_publicly():
        look()


def look() -> None:
    """Give titles the prices of today, unless this process has looked today."""
    today = clock.today()
    if current_app.extensions[_LOOKED_ON] == today:
        return
    with database.reading_aside() as session:
        any_due = session.scalar(_ANY_DUE, {"today": today})
    if any_due and not _begun_aside(today):
        return
    current_app.extensions[_LOOKED_ON] = today


def _begun_aside(today: dt.date) -> bool:
    """A database that takes no writing closes no page (F10): the next request tries again."""
    try:
        with database.aside() as session:
            begin(session, today)
    except OperationalError as fault:
        log.warning("prices of %s not begun yet: %s", today, fault.orig)
        return False
    return True


def begin_today() -> None:
    """The work of each day: prices whose day has come are those of their titles."""
    begin(db.session(), clock.today())


def begin(session: Session, today: dt.date) -> int:
    """Give titles the prices announced for this day or before; returns how many changed.

    Harmless when done again: of several processes one changes, the others find nothing left.
    """
    only_writer(session)
    due = {"today": today}
    titles = session.scalar(sa.select(sa.func.count()).select_from(_LOCKED.subquery()), due) or 0
    if titles:
        unread = {"synchronize_session": False}
        session.execute(_BEGIN, due | {"now": clock.now()}, execution_options=unread)
        session.execute(sa.delete(ComingPrice).where(_DUE), due, execution_options=unread)
    return titles


def only_writer(session: Session) -> None:
    """Until the commit nobody else writes prices: SQLite's lock says so already, PostgreSQL is told."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_ADVISORY_LOCK)))


def coming(title: Title) -> Sequence[ComingPrice]:
    """The prices announced for the title, in the order of their days."""
    return db.session.scalars(_OF_TITLE, {"title_id": title.id}).all()
