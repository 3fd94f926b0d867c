"""The scene that the whole-site tests look at."""

from types import SimpleNamespace

import pytest
from flask import Flask

from tests.site.scene import Scene, play


@pytest.fixture
def scene(app: Flask, people: SimpleNamespace) -> Scene:
    app.config["THROTTLE"] = 1000.0
    return play(app, people)
