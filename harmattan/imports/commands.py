"""`flask catalogue import` and `flask catalogue stock`: the catalogue kept from the command line."""

import gc
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from harmattan.core.extensions import db
from harmattan.imports import files, onix, rules, running, service, stock
from harmattan.imports.models import CatalogueImport
from harmattan.imports.rules import RunState

catalogue = AppGroup("catalogue", help="The catalogue: ONIX files and stock.")

_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_SHOWN_EVERY = 20
"""Batches between two lines of progress."""
_COUNTS = (
    ("lues", "read"),
    ("créés", "created"),
    ("mis à jour", "updated"),
    ("inchangés", "unchanged"),
    ("supprimés", "deleted"),
    ("prix à venir notés", "coming_prices"),
    ("notices de test ignorées", "ignored"),
    ("rejetées", "rejected"),
    ("avertissements", "warnings"),
)


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(catalogue)


@catalogue.command("import")
@_FILE
@click.option("--dry-run", is_flag=True, help="Count and report; change nothing.")
@click.option("--force", is_flag=True, help="Import a message older than the last one applied.")
def import_file(file: Path, dry_run: bool, force: bool) -> None:
    """Import an ONIX 3 FILE; run it again to resume one that was cut."""
    try:
        with file.open("rb") as stream:
            header = onix.read_header(stream)
        run = service.receive(files.at(file), header, by=None, dry_run=dry_run, forced=force)
    except onix.UnreadableFile as fault:
        raise click.ClickException(str(fault)) from None
    except service.OlderMessage as fault:
        raise click.ClickException(f"{fault.message} (--force)") from None
    db.session.commit()
    gc.freeze()  # the program stays: the collector looked through it again and again, a tenth of an import
    running.carry_out(run, _show_progress)
    _show_end(run)


def _show_progress(run: CatalogueImport) -> None:
    if run.read % (_SHOWN_EVERY * rules.BATCH) == 0 or run.read == run.total:
        click.echo(f"{run.reference} : {run.read} notices sur {run.total} ({run.percent} %)")


def _show_end(run: CatalogueImport) -> None:
    for remark in service.all_remarks(run):
        click.echo(f"{remark.position};{remark.record_reference};{remark.isbn};{remark.kind};{remark.reason}")
    click.echo(", ".join(f"{getattr(run, name)} {label}" for label, name in _COUNTS))
    if run.state is RunState.FAILED:
        raise click.ClickException(run.message)


@catalogue.command("stock")
@_FILE
def set_stock(file: Path) -> None:
    """Set the copies on hand from the warehouse's FILE (ISBN;quantity)."""
    try:
        with file.open(encoding="utf-8-sig", newline=None) as lines:
            report = stock.update(lines)
    except UnicodeDecodeError:
        raise click.ClickException("Le fichier n’est pas un texte en UTF-8") from None
    for number, fault in report.faults:
        click.echo(f"ligne {number} : {fault}", err=True)
    click.echo(f"{report.updated} titres mis à jour, {len(report.faults)} lignes laissées de côté")
