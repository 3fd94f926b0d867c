"""`flask demo load`."""

import sqlalchemy as sa
from flask import Flask

from harmattan.access.models import User
from harmattan.core.extensions import db
from tests import cast
from tests.browser import Browser


def test_it_loads_once_and_a_second_run_changes_nothing(app: Flask) -> None:
    runner = app.test_cli_runner()
    assert "chargée" in runner.invoke(args=["demo", "load"]).output
    before = db.session.scalar(sa.select(sa.func.count()).select_from(User))
    assert "rien n’a changé" in runner.invoke(args=["demo", "load"]).output
    assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == before == 8


def test_it_is_refused_in_production(app: Flask) -> None:
    app.config["ENV_NAME"] = "production"
    result = app.test_cli_runner().invoke(args=["demo", "load"])
    assert result.exit_code == 1
    assert "production" in result.output


def test_the_people_of_the_demonstration_log_in(app: Flask, browser: Browser) -> None:
    app.test_cli_runner().invoke(args=["demo", "load"])
    assert "Bonjour" in browser.log_in("karim@grandlarge.example", cast.PASSWORD).text
