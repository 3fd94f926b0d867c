"""How Alembic meets the application: its engine, its models, one transaction a step."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import context
from flask import current_app
from sqlalchemy import Connection

from harmattan.core import database
from harmattan.core.extensions import Base

FULL_TEXT_TABLES = ("title_words",)
"""The catalogue's FTS5 table and its shadows, made by SQL in their migration."""
FULL_TEXT_PARTS = (("column", "words"), ("index", "ix_titles_words"))
"""What takes its place on PostgreSQL."""


def _is_ours(_object: object, name: str | None, kind: str, reflected: bool, _other: object) -> bool:
    if reflected and (kind, name) in FULL_TEXT_PARTS:
        return False
    return kind != "table" or not (name or "").startswith(FULL_TEXT_TABLES)


def _written(kind: str, thing: object, _context: object) -> str | bool:
    """Migrations must not change with our code: they name plain types only."""
    if kind == "type" and isinstance(thing, sa.TypeDecorator):
        return f"sa.{thing.impl!r}"
    return False


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=_is_ours,
        render_as_batch=True,
        render_item=_written,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


@contextmanager
def _tables_may_be_rebuilt(connection: Connection) -> Iterator[None]:
    """SQLite alters a table by making it anew: the old one must go without a refusal, and take no row along.

    The switch works between transactions only, so it is set before the first one begins.
    """
    driver = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite" or driver is None:
        yield
        return
    driver.cursor().execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        if broken := driver.cursor().execute("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError(f"rows that refer to nothing: {broken}")
    finally:
        driver.cursor().execute("PRAGMA foreign_keys=ON")


database.writing()
with current_app.extensions["migrate"].db.engine.connect() as connection, _tables_may_be_rebuilt(connection):
    _migrate(connection)
    connection.commit()
