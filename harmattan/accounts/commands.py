"""`flask user invite`."""

import click
import sqlalchemy as sa
from flask import Flask

from harmattan.access.models import Account
from harmattan.accounts import service
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.people.commands import user


def init_app(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(user)


@user.command("invite")
@click.argument("accounts", nargs=-1, required=True)
def invite(accounts: tuple[str, ...]) -> None:
    """Invite ACCOUNTS, by their numbers: a mail to each address on file leads to the form for access."""
    for number in accounts:
        click.echo(f"{number} : {_invited(number)}")
    db.session.commit()


def _invited(number: str) -> str:
    account = db.session.scalar(sa.select(Account).where(Account.number == number))
    if account is None:
        return "aucun compte de ce numéro"
    try:
        return f"invitation envoyée à {service.invite(account, 'le portail').sent_to}"
    except Refusal as refusal:
        return f"{refusal.title}. {refusal.message}"
