"""The database: transactions that never lose an update on SQLite.

SQLite opens a writing transaction with BEGIN IMMEDIATE (two deferred ones that both read, then
write, silently lose one update or fail) and a reading one with a plain BEGIN. A web request that may
not write (GET, HEAD) reads; any other request, the worker and the commands write. After its commit
a request only reads, so that rendering an answer never waits for the lock.
"""

import importlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, cast

import sqlalchemy as sa
from flask import Flask, request
from sqlalchemy import ExceptionContext, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from harmattan.core.extensions import db

log = logging.getLogger(__name__)

BUSY_TIMEOUT_MS = 5_000
_READ_ONLY = "25006"

_writing: ContextVar[bool] = ContextVar("writing", default=True)


def reading() -> None:
    """From here on, transactions of this context only read."""
    _writing.set(False)


def writing() -> None:
    """From here on, transactions of this context may write; a reading one under way ends here."""
    if not _writing.get():
        db.session.commit()
    _writing.set(True)


@contextmanager
def aside() -> Iterator[Session]:
    """A short writing transaction of its own, for what must be kept whatever becomes of the request.

    Nothing may be pending in the request's own session: on SQLite both would want the same lock.
    """
    before = _writing.get()
    if before:
        if db.session.new or db.session.dirty or db.session.deleted:
            raise RuntimeError("commit what is pending before writing aside")
        db.session.commit()
    _writing.set(True)
    try:
        with Session(db.engine) as session, session.begin():
            yield session
    finally:
        _writing.set(before)


@contextmanager
def noting() -> Iterator[Session]:
    """Aside, for what may as well be lost: that somebody looked. No page is refused for want of it (F10)."""
    try:
        with aside() as session:
            yield session
    except OperationalError as fault:
        log.warning("not noted: %s", fault.orig)


@contextmanager
def reading_aside() -> Iterator[Session]:
    """A short reading transaction of its own, for what must not depend on the request's."""
    before = _writing.get()
    _writing.set(False)
    try:
        with Session(db.engine) as session:
            yield session
    finally:
        _writing.set(before)


def insert(table: Any) -> Any:
    """INSERT with ON CONFLICT, in the words of the database at hand; the other's are not even loaded."""
    return importlib.import_module(f"sqlalchemy.dialects.{db.engine.dialect.name}").insert(table)


def changed_rows(
    statement: sa.Insert | sa.Update | sa.Delete, parameters: Sequence[Mapping[str, Any]] = ()
) -> int:
    """How many rows a conditional change found: of many at once the database lets one win.

    With `parameters` it is made once for each. Objects already read are left as they are: refresh those that
    are still needed.
    """
    result = db.session.execute(
        statement, parameters or None, execution_options={"synchronize_session": False}
    )
    return cast("sa.CursorResult[Any]", result).rowcount


def init_app(app: Flask) -> None:
    """Set up the engine's connections, and let each request read or write by its method."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _configure_sqlite)
            event.listen(db.engine, "begin", _begin_sqlite)
        else:
            event.listen(db.engine, "handle_error", _notice_a_standby)
    app.before_request(_choose_transaction)


def _choose_transaction() -> None:
    _writing.set(request.method not in ("GET", "HEAD", "OPTIONS"))


@event.listens_for(db.session, "after_commit")
def _read_after_commit(_session: Session) -> None:
    if request:
        reading()


def _notice_a_standby(context: ExceptionContext) -> None:
    """After a failover PostgreSQL may be read only for a while: as busy as any other database, and the line
    is dropped, for the next one may lead to the new primary (F12).
    """
    if getattr(context.original_exception, "sqlstate", None) == _READ_ONLY:
        context.is_disconnect = True
        raise OperationalError(context.statement, None, context.original_exception, hide_parameters=True)


def _configure_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "cache_size=-2000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")
