"""The scene that the whole-site tests look at: played once, copied for each test."""

import functools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask

from harmattan.core import clock
from tests import cast
from tests.conftest import application, furnish
from tests.site.corrections import Answer, answers
from tests.site.happenings import Addresses, everything
from tests.site.scene import Asker, Scene, Walk

_UNHURRIED = {"THROTTLE": 1000.0}


class Played(NamedTuple):
    database: Path
    addresses: Addresses


@pytest.fixture(scope="session")
def played(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The database after everything happened."""
    folder = tmp_path_factory.mktemp("played")
    database = Path(shutil.copy(migrated, folder / "harmattan.db"))
    clock.start_at(cast.MONDAY)
    for _ in application({}, folder):
        addresses = everything()
    clock.start_at(None)
    return Played(database, addresses)


@pytest.fixture
def scene_app(played: Played, tmp_path: Path) -> Iterator[Flask]:
    furnish(tmp_path, played.database)
    yield from application(_UNHURRIED, tmp_path)


@pytest.fixture
def scene(scene_app: Flask, played: Played) -> Scene:
    return Scene(scene_app, played.addresses)


@pytest.fixture(scope="session")
def walk(played: Played, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Walk]:
    """The way of each role through a scene of its own, gone once for all that look at its pages."""

    @functools.cache
    def gone(role: str) -> Walk:
        folder = tmp_path_factory.mktemp("walk")
        furnish(folder, played.database)
        (walked,) = [
            Walk(Scene(app, played.addresses), role, folder) for app in application(_UNHURRIED, folder)
        ]
        return walked

    return gone


@pytest.fixture(scope="session")
def answered(walk: Callable[[str], Walk]) -> Callable[[str], list[Answer]]:
    """What the forms of each role's pages are answered, sent once by the browser that went there."""

    @functools.cache
    def sent(role: str) -> list[Answer]:
        walked = walk(role)
        (found,) = [
            answers(Asker(walked.browser(app), walked.instance), walked.pages)
            for app in application(_UNHURRIED, walked.instance)
        ]
        return found

    return sent
