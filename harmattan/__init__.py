"""The booksellers' portal of Éditions L'Harmattan."""

from typing import Any

from flask import Flask

from harmattan import wiring
from harmattan.access import browsers, gate, passwords
from harmattan.catalogue import schedule
from harmattan.core import (
    answers,
    config,
    database,
    errors,
    extensions,
    jobs,
    links,
    logs,
    migrations,
    registry,
    security,
    settings,
    static_files,
    templates,
    typography,
)


def create_app(overrides: dict[str, Any] | None = None, instance_path: str | None = None) -> Flask:
    """The application; `overrides` wins over every other configuration (tests)."""
    app = Flask(__name__, static_folder=None, instance_path=instance_path or config.instance_path())
    config.load(app, overrides)
    for part in (
        logs,
        links,
        settings,
        registry,
        jobs,
        security,
        static_files,
        templates,
        typography,
        answers,
    ):
        part.init_app(app)
    extensions.init_app(app)
    for part in (database, migrations, errors, passwords, browsers, schedule, gate, wiring):
        part.init_app(app)
    return app
