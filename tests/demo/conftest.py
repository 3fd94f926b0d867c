"""The demonstration loaded once for all tests of this folder, with a small catalogue."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from harmattan import create_app
from harmattan.core import clock, database
from harmattan.core.extensions import db
from harmattan.demo import load
from tests import cast
from tests.conftest import SETTINGS, SeparateClient

TITLES = 60


@pytest.fixture(scope="session")
def loaded_folder(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demonstration")
    shutil.copy(migrated, folder / "harmattan.db")
    app = create_app(SETTINGS, str(folder))
    clock.start_at(cast.MONDAY)
    database.writing()
    with app.app_context():
        assert load.load(TITLES)
        db.session.remove()
        db.engine.dispose()
    return folder


@pytest.fixture
def loaded(loaded_folder: Path, tmp_path: Path) -> Iterator[Flask]:
    """An application on a copy of the loaded demonstration."""
    shutil.copytree(loaded_folder, tmp_path, dirs_exist_ok=True)
    app = create_app(SETTINGS, str(tmp_path))
    app.test_client_class = SeparateClient
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
