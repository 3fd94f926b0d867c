"""`flask demo load`."""

import importlib

import click
from flask import Flask
from flask.cli import AppGroup

from harmattan.core import settings
from harmattan.demo import house

demo = AppGroup("demo", help="The demonstration.")


def init_app(app: Flask) -> None:
    """Add the command, and invent the facts of the house that only its owner knows."""
    if app.config["DEMO"]:
        app.config["HOUSE"] = house.LEGAL_FACTS | app.config.get("HOUSE", {})
        settings.init_app(app)
    app.cli.add_command(demo)


@demo.command("load")
def load() -> None:
    """Fill an empty instance with the demonstration; a second run changes nothing."""
    loading = importlib.import_module("harmattan.demo.load")  # no process of the portal needs it
    try:
        loaded = loading.load()
    except loading.NotInProduction:
        raise click.ClickException("La démonstration ne se charge pas en production.") from None
    click.echo("Démonstration chargée." if loaded else "Cette instance a déjà des comptes : rien n’a changé.")
