"""The warehouse's file: `ISBN;quantity`, one title a line, counts the copies on its shelves (journeys.md).

Those that belong to validated orders are among them: what can be promised is the rest (ADR 9).
"""

import itertools
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa

from harmattan.catalogue import reservations
from harmattan.catalogue.models import Title
from harmattan.core import isbn, registry
from harmattan.core.extensions import db
from harmattan.imports import rules

LARGEST_STOCK = 9_999_999
_HEADINGS = ("isbn", "ean", "ean13", "gtin")


@dataclass
class StockReport:
    """How many titles were set, and which lines were not understood: (line number, what is wrong)."""

    updated: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Line:
    number: int
    isbn: str
    quantity: int


def update(lines: Iterable[str]) -> StockReport:
    """Set the stock of the titles named; the others keep theirs. Commits a batch at a time."""
    report = StockReport()
    understood = _understood(lines, report)
    while batch := list(itertools.islice(understood, rules.BATCH)):
        arrived = _write(batch, report)
        registry.ask_all("stock.arrived", arrived)
        db.session.commit()
    report.faults.sort()
    return report


def _understood(lines: Iterable[str], report: StockReport) -> Iterator[_Line]:
    for number, text in enumerate(lines, 1):
        if not text.strip() or (number == 1 and text.partition(";")[0].strip(' "').lower() in _HEADINGS):
            continue
        try:
            yield _parse(number, text)
        except ValueError as fault:
            report.faults.append((number, str(fault)))


def _parse(number: int, text: str) -> _Line:
    first, separator, second = text.strip().partition(";")
    quantity = second.strip().strip('"').strip()
    if not separator or not (quantity.isascii() and quantity.isdigit()):
        raise ValueError("la ligne n’a pas la forme ISBN;quantité")
    if len(quantity) > len(str(LARGEST_STOCK)) or int(quantity) > LARGEST_STOCK:
        raise ValueError(f"quantité invraisemblable : {quantity[:20]}")
    return _Line(number, isbn.parse(first.strip('"')), int(quantity))


def _write(batch: list[_Line], report: StockReport) -> Collection[str]:
    """Set what the batch counts; returns its ISBN. Locked in one order, as validations lock them."""
    numbers = {line.isbn for line in batch}
    locking = sa.select(Title.isbn).where(Title.isbn.in_(numbers)).order_by(Title.id).with_for_update()
    known = set(db.session.scalars(locking))
    report.faults += [
        (line.number, f"ISBN {line.isbn} inconnu au catalogue") for line in batch if line.isbn not in known
    ]
    rows = {line.isbn: {"key": line.isbn, "value": line.quantity} for line in batch if line.isbn in known}
    if rows:
        titles = sa.update(Title.__table__).where(Title.isbn == sa.bindparam("key"))  # type: ignore[arg-type]
        left = reservations.counted(sa.bindparam("value", type_=sa.Integer))
        db.session.execute(titles.values(stock=left), list(rows.values()))
    report.updated += len(rows)
    return rows
