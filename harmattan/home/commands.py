"""`flask docs status-diagrams`: what may become of an order and of a thread, drawn from their tables.

Here, because the home area may know every other one. A test holds the page and the tables together.
"""

import enum
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

from harmattan.conversations import rules as conversations
from harmattan.orders import rules as orders

PAGE = Path(__file__).parents[2] / "docs" / "status-diagrams.md"

Transitions = Mapping[Any, Mapping[Any, enum.StrEnum]]

docs = AppGroup("docs", help="Pages of docs/ that are made from the code.")


def init_app(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(docs)


@docs.command("status-diagrams")
def write_status_diagrams() -> None:
    """Write docs/status-diagrams.md."""
    PAGE.write_text(status_diagrams())
    click.echo(f"{PAGE} written")


def status_diagrams() -> str:
    """The page: one Mermaid diagram a table of transitions."""
    return "\n".join(
        [
            "# What may become of things",
            "",
            "Made by `flask docs status-diagrams` from the tables `TRANSITIONS`; do not edit.",
            "",
            *_section("An order", "harmattan/orders/rules.py", orders.Status.RECORDED, orders.TRANSITIONS),
            *_section(
                "A thread",
                "harmattan/conversations/rules.py",
                conversations.ThreadState.OPEN,
                conversations.TRANSITIONS,
            ),
        ]
    )


def _section(name: str, source: str, first: enum.StrEnum, transitions: Transitions) -> list[str]:
    """One object's diagram; a state that nothing leaves is an end."""
    lines = [f"## {name} (`{source}`)", "", "```mermaid", "stateDiagram-v2", f"    [*] --> {first}"]
    for state, actions in transitions.items():
        lines += [f"    {state} --> {target}: {action}" for action, target in actions.items()]
        if not actions:
            lines.append(f"    {state} --> [*]")
    return [*lines, "```", ""]
