"""`flask mail receive`: one mail on standard input, for the pipe of any mail server."""

import os
import sys

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError

from harmattan.core import throttle
from harmattan.mails import receiving, rules

mail = AppGroup("mail", help="Mail that comes in.")


def init_app(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(mail)


@mail.command("receive")
def receive() -> None:
    """Take the mail on standard input; exit codes as mail servers read them (sysexits.h).

    0: taken, or taken before. 65: too heavy, the sender is to be told. 75: come again later.
    """
    octets = sys.stdin.buffer.read(rules.MOST_OCTETS + 1)
    try:
        receiving.receive(octets)
    except (throttle.TooMany, OperationalError) as fault:
        click.echo(f"Réessayez plus tard : {fault}", err=True)
        sys.exit(os.EX_TEMPFAIL)
    if len(octets) > rules.MOST_OCTETS:
        click.echo("Courriel trop lourd : envoyez vos fichiers par l’espace libraires.", err=True)
        sys.exit(os.EX_DATAERR)
