"""Copies of the SQLite database, taken and put back while the portal runs."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from harmattan.core.extensions import db


class NotPossible(Exception):
    """The copy cannot be made or put back; the message says in French what to do."""


def backup(target: Path, *, force: bool = False) -> None:
    """Write a checked copy of the database, whole or not at all."""
    if target.exists() and not force:
        raise NotPossible(f"{target} existe déjà : choisissez un autre nom, ou ajoutez --force")
    unfinished = target.with_name(f"{target.name}.part")
    try:
        with closing(sqlite3.connect(_database())) as source, closing(sqlite3.connect(unfinished)) as copy:
            os.chmod(unfinished, 0o600)
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file that stands alone
            _check(copy, unfinished)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def restore(source: Path, *, force: bool = False) -> None:
    """Put a copy back in place of what the database holds now."""
    if not source.is_file():
        raise NotPossible(f"{source} n’existe pas")
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as copy,
        closing(sqlite3.connect(_database())) as target,
    ):
        _check(copy, source)
        if _tables(target) and not force:
            raise NotPossible("La base contient déjà des données : ajoutez --force pour les remplacer")
        copy.backup(target)


def _database() -> str:
    if db.engine.dialect.name != "sqlite":
        raise NotPossible(
            "Cette base est PostgreSQL : « pg_dump --format=custom --file=FICHIER » la copie, "
            "« pg_restore --clean --dbname=BASE FICHIER » la remet"
        )
    return str(db.engine.url.database)


def _check(copy: sqlite3.Connection, file: Path) -> None:
    try:
        sound = copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        ours = "alembic_version" in _tables(copy)
    except sqlite3.DatabaseError:
        sound = ours = False
    if not (sound and ours):
        raise NotPossible(f"{file} n’est pas une copie saine de la base du portail : rien n’a changé")


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
