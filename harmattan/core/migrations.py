"""`flask db …`: migrations. Alembic is loaded only when they are asked for: it takes 11 MB of a process."""

import importlib

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from harmattan.core.extensions import db


def bind(app: Flask) -> None:
    """Let Flask-Migrate work on this application; its own `flask db` takes the place of ours."""
    importlib.import_module("flask_migrate").Migrate(app, db, render_as_batch=True)


def init_app(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(_migrations)


@click.command("db", context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@with_appcontext
def _migrations(arguments: tuple[str, ...]) -> None:
    """Perform database migrations."""
    bind(current_app)
    current_app.cli.commands["db"].main(arguments, prog_name="flask db")
