"""`flask shipments import`: what the warehouse's file says has left."""

from dataclasses import dataclass
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from harmattan.core.extensions import db
from harmattan.shipments import booking
from harmattan.shipments.warehouse_file import UnreadableFile

shipments = AppGroup("shipments", help="Parcels that leave.")


@dataclass(frozen=True)
class Warehouse:
    """Who signs what a file says."""

    name: str = "l’entrepôt"
    is_staff: bool = True


def init_app(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(shipments)


@shipments.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_file(file: Path) -> None:
    """Book every departure of the warehouse's FILE, or none."""
    try:
        booked, to_recount = booking.book(file.read_bytes(), Warehouse())
    except UnreadableFile as fault:
        db.session.rollback()
        for line, column, message in fault.faults:
            click.echo(f"ligne {line}, {column} : {message}", err=True)
        raise click.ClickException("Rien n’a été enregistré.") from None
    db.session.commit()
    for shipment in booked:
        click.echo(f"{shipment.order.reference} : {shipment.reference}, {len(shipment.parcels)} colis")
    for said in to_recount:
        click.echo(f"À faire recompter, notre stock en comptait moins : {said}", err=True)
