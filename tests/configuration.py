"""What every test application is configured with."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask

from harmattan.core import settings
from harmattan.demo.house import LEGAL_FACTS

MIGRATIONS = str(Path(__file__).parents[1] / "migrations")
SETTINGS = {
    "TESTING": True,
    "HOUSE": LEGAL_FACTS,
    "HOUSE_REFRESH_SECONDS": 3_600,  # no statement of its own while a test counts them
    "SECRET_KEY": "tests only, tests only, tests only, tests only",
    "ARGON2_TIME_COST": 1,
    "ARGON2_MEMORY_KIB": 64,
}


def say_otherwise(app: Flask, **facts: Any) -> None:
    """Facts of the house that the configuration has otherwise."""
    app.config["HOUSE"] = app.config["HOUSE"] | facts
    settings.init_app(app)


def answer_otherwise(app: Flask, name: str, provider: Callable[..., Any]) -> None:
    """What another area says when it is asked by this name."""
    app.extensions["registry"][name] = [provider]
