"""An application of its own for each test: a copy of one migrated database, a clock that starts on Monday."""

import contextvars
import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import flask_migrate
import hypothesis
import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from harmattan import create_app
from harmattan.catalogue import schedule
from harmattan.core import clock, database, migrations, settings
from harmattan.core.extensions import db
from tests import cast, made_once
from tests.browser import Browser
from tests.configuration import MIGRATIONS, SETTINGS

pytest_plugins = ["tests.real_parts"]

gc.disable()  # until all tests are collected

hypothesis.settings.register_profile("harmattan", deadline=None)  # no test is a clock
hypothesis.settings.load_profile("harmattan")

if Path("/dev/shm").is_dir():
    # Thousands of small databases, each commit synced: in memory that costs nothing.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", "/dev/shm")


class SeparateClient(FlaskClient):
    """A client whose requests share nothing with the test but the database, as real ones do."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if not has_app_context():  # following a redirect, already apart
            return super().open(*args, **kwargs)
        db.session.commit()
        response = contextvars.Context().run(super().open, *args, **kwargs)
        db.session.expire_all()
        return response


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: one of them always waits, for Chromium, lynx or PostgreSQL."""
    return len(os.sched_getaffinity(0)) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long tests first, so that at the end no worker is waited for."""
    items.sort(
        key=lambda item: not (item.get_closest_marker("browser") or item.get_closest_marker("textbrowser"))
    )


def pytest_collection_finish() -> None:
    """Programs and tests stay: the collector need not look through them again and again."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 10)
    gc.enable()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database at the head of the migrations, made once."""
    folder = tmp_path_factory.mktemp("migrated")
    app = create_app(SETTINGS, str(folder))
    with app.app_context():
        migrations.bind(app)
        flask_migrate.upgrade(MIGRATIONS)
        db.session.remove()
        db.engine.dispose()
    return folder / "harmattan.db"


@pytest.fixture(autouse=True)
def on_monday() -> Iterator[None]:
    """The journeys' clock: Monday 23 November 2026, 10:00 in Paris."""
    clock.start_at(cast.MONDAY)
    yield
    clock.start_at(None)


@pytest.fixture
def app(migrated: Path, tmp_path: Path) -> Iterator[Flask]:
    furnish(tmp_path, migrated)
    yield from application({}, tmp_path)


def furnish(instance: Path, database: Path) -> None:
    """What an instance folder begins with: a copy of a database, and the static files once published."""
    shutil.copytree(database.parent / "static", instance / "static")
    shutil.copy(database, instance / "harmattan.db")


def application(configuration: dict[str, Any], instance: Path) -> Iterator[Flask]:
    """The application of one test, its database in the instance folder unless the settings say otherwise."""
    app = create_app(SETTINGS | configuration, str(instance))
    app.test_client_class = SeparateClient
    made_once.share(app)
    with app.app_context():
        database.writing()
        settings.house(), schedule.look()  # beforehand: the tests that count statements count their own
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)],
)
def any_app(request: pytest.FixtureRequest) -> Flask:
    """The application on each of the two databases."""
    chosen: Flask = request.getfixturevalue("app" if request.param == "sqlite" else "postgres_app")
    return chosen


@pytest.fixture
def postgres_app(postgres_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on PostgreSQL."""
    yield from application({"SQLALCHEMY_DATABASE_URI": postgres_url}, tmp_path)


@pytest.fixture
def people(app: Flask) -> SimpleNamespace:
    """Everybody of the journeys."""
    return cast.everybody()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(params=["plain", "htmx"])
def browser(request: pytest.FixtureRequest, app: Flask) -> Browser:
    """One browser; every test that uses it runs without JavaScript and with HTMX."""
    return Browser(app.test_client(), htmx=request.param == "htmx")


@pytest.fixture
def new_browser(app: Flask) -> Callable[..., Browser]:
    """As many browsers as a test needs."""

    def open_one(htmx: bool = False) -> Browser:
        return Browser(app.test_client(), htmx=htmx)

    return open_one
