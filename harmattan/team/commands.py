"""`flask user add-staff`."""

import click
from flask import Flask

from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.people.commands import user
from harmattan.team import service
from harmattan.team.rules import NewPerson


def init_app(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(user)


@user.command("add-staff")
@click.argument("email")
@click.option("--first-name", required=True)
@click.option("--last-name", required=True)
@click.option("--service", "of", required=True, type=click.Choice([each.value for each in Service]))
def add_staff(email: str, first_name: str, last_name: str, of: str) -> None:
    """Let somebody of a service in: a mail to EMAIL leads to the choice of a password."""
    try:
        added = service.add(NewPerson(first_name, last_name, email), Service(of), by="le portail")
    except service.EmailTaken:
        raise click.ClickException(f"Quelqu’un se connecte déjà avec {email}.") from None
    db.session.commit()
    click.echo(
        f"{added.name}, {added.service.label if added.service else ''} : courriel envoyé à {added.email}"
    )
