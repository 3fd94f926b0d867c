"""Migrations and models say the same, from empty to head and back, on both databases."""

import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask

import harmattan
from harmattan import create_app
from harmattan.core import migrations
from harmattan.core.extensions import Base, db
from tests.settings import MIGRATIONS, SETTINGS


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application before its first migration."""
    url = (
        f"sqlite:///{tmp_path / 'empty.db'}"
        if request.param == "sqlite"
        else request.getfixturevalue("empty_postgres_url")
    )
    app = create_app(SETTINGS | {"SQLALCHEMY_DATABASE_URI": url}, str(tmp_path))
    migrations.bind(app)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def tables() -> set[str]:
    return set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}


def every_model() -> set[str]:
    """Import every module of the house; gives the names of all tables."""
    for module in pkgutil.walk_packages(harmattan.__path__, "harmattan."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return set(Base.metadata.tables)


def test_an_empty_database_comes_to_what_the_models_say(empty_app: Flask) -> None:
    models = every_model()
    flask_migrate.upgrade(MIGRATIONS)
    assert models <= tables()
    flask_migrate.check(MIGRATIONS)


def test_every_migration_can_be_taken_back_and_made_again(empty_app: Flask) -> None:
    flask_migrate.upgrade(MIGRATIONS)
    before = tables()
    flask_migrate.downgrade(MIGRATIONS, revision="base")
    assert tables() == set()
    flask_migrate.upgrade(MIGRATIONS)
    assert tables() == before


def test_the_application_alone_knows_every_model() -> None:
    """`flask db check` compares what the application imports: a model it does not know is never missed."""
    script = (
        "from harmattan import create_app; from harmattan.core.extensions import Base; "
        "print(*sorted(Base.metadata.tables))"
    )
    known = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert set(known.split()) == every_model()
