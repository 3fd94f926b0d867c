"""`flask backup`, `flask restore`, and `flask docs status-diagrams`.

The diagrams are drawn here, because the home area may know every other one. A test holds the page and
the tables together.
"""

import enum
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

from harmattan.applications import rules as applications
from harmattan.conversations import rules as conversations
from harmattan.core import backup
from harmattan.details import rules as details
from harmattan.lcr import rules as lcr
from harmattan.onboarding import rules as onboarding
from harmattan.orders import requests
from harmattan.orders import rules as orders
from harmattan.payments import rules as payments
from harmattan.quotes import rules as quotes
from harmattan.returns import rules as returns
from harmattan.settings import rules as settings

PAGE = Path(__file__).parents[2] / "docs" / "status-diagrams.md"

Transitions = Mapping[Any, Mapping[Any, enum.StrEnum]]

TABLES: dict[str, Transitions] = {
    "An order": orders.TRANSITIONS,
    "The urgent date of an order, as long as it is not validated": orders.URGENT_TRANSITIONS,
    "A request to change an order": requests.TRANSITIONS,
    "A quote": quotes.TRANSITIONS,
    "A thread": conversations.TRANSITIONS,
    "An order of payment": payments.TRANSITIONS,
    "A mandate to pay by LCR": lcr.TRANSITIONS,
    "A remittance of LCR": lcr.REMITTANCE_TRANSITIONS,
    "An LCR at the bank": lcr.BILL_TRANSITIONS,
    "A return": returns.TRANSITIONS,
    "An application for an account": applications.TRANSITIONS,
    "A change of details": details.TRANSITIONS,
    "A change of settings": settings.TRANSITIONS,
    "A request for access, from the address on file": onboarding.TRANSITIONS,
}
"""What the diagrams show: each table begins with the state in which the thing is made."""

docs = AppGroup("docs", help="Pages of docs/ that are made from the code.")


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(docs)
    app.cli.command("backup")(write_backup)
    app.cli.command("restore")(restore_backup)


@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace an existing file.")
def write_backup(file: Path, force: bool) -> None:
    """Copy the database into FILE while the portal runs, and check the copy."""
    try:
        backup.backup(file, force=force)
    except backup.NotPossible as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"Base copiée et vérifiée : {file} ({file.stat().st_size >> 10} ko)")


@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace what the database holds.")
def restore_backup(file: Path, force: bool) -> None:
    """Put FILE, made by `flask backup`, in place of the database."""
    try:
        backup.restore(file, force=force)
    except backup.NotPossible as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo("Base remise en place. Si le portail est plus récent qu’elle, lancez `flask db upgrade`.")


@docs.command("status-diagrams")
def write_status_diagrams() -> None:
    """Write docs/status-diagrams.md."""
    PAGE.write_text(status_diagrams())
    click.echo(f"{PAGE} written")


def status_diagrams() -> str:
    """The page: one Mermaid diagram a table of transitions."""
    head = [
        "# What may become of things",
        "",
        "Made by `flask docs status-diagrams` from the tables `TRANSITIONS`; do not edit.",
        "",
    ]
    return "\n".join([*head, *(line for name, table in TABLES.items() for line in _section(name, table))])


def _section(name: str, transitions: Transitions) -> list[str]:
    """One object's diagram, from the first state of its table; a state that nothing leaves is an end."""
    first = next(iter(transitions))
    source = type(first).__module__.replace(".", "/")
    lines = [f"## {name} (`{source}.py`)", "", "```mermaid", "stateDiagram-v2", f"    [*] --> {first}"]
    for state, actions in transitions.items():
        lines += [f"    {state} --> {target}: {action}" for action, target in actions.items()]
        if not actions:
            lines.append(f"    {state} --> [*]")
    return [*lines, "```", ""]
