"""The invented catalogue, imported through the ONIX reader and the warehouse's stock file."""

from pathlib import Path

from flask import current_app

from harmattan.core import clock, database
from harmattan.core.extensions import db
from harmattan.demo import books, onix_file
from harmattan.demo.books import Book
from harmattan.imports import files, onix, running, service, stock


def add(count: int = books.COUNT) -> list[Book]:
    """Import the journeys' titles and so many invented ones; the two files stay in the instance's folder."""
    folder = Path(current_app.instance_path, "demo")
    folder.mkdir(exist_ok=True)
    message, warehouse = folder / "catalogue.xml", folder / "stock.csv"
    catalogue = books.everything(clock.today(), count)
    onix_file.write(catalogue, message, clock.now())
    onix_file.write_stock(catalogue, warehouse)
    _import(message)
    with warehouse.open(encoding="utf-8") as lines:
        stock.update(lines)
    database.writing()
    return catalogue


def _import(message: Path) -> None:
    with message.open("rb") as stream:
        header = onix.read_header(stream)
    run = service.receive(files.at(message), header, by=None, dry_run=False)
    db.session.commit()
    running.carry_out(run)
