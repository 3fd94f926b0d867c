"""The bank's CSV, whatever its separator, its encoding and the names of its columns.

A file of another shape is refused whole, each fault with its line and its column: nothing of it is kept.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harmattan.banking.rules import Entry
from harmattan.core import money
from harmattan.lists.line import fold

MOST_LINES = 5_000
MOST_FAULTS = 20
LONGEST_LABEL, LONGEST_REFERENCE = 300, 80
LARGEST_CENTS = 2**31 - 1
_HEADER_WITHIN = 30
"""Banks write the account and its balance above the header."""
_SEPARATORS = (";", "\t", "|", ",")

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "date": ("date operation", "date de l'operation", "date d'operation", "date comptable", "date"),
    "libelle": ("libelle", "intitule", "communication", "designation", "label"),
    "montant": ("montant", "amount"),
    "debit": ("debit",),
    "credit": ("credit",),
    "reference": ("reference", "ref", "numero d'operation", "n operation"),
}
"""How a header may begin, the best name first."""


class UnreadableStatement(ValueError):
    """The file cannot be taken; each message says in French which line and column, and what is expected."""

    def __init__(self, *messages: str):
        super().__init__(messages[0])
        self.messages = messages


class NotRead(ValueError):
    """No day, or no amount."""


@dataclass(frozen=True)
class Columns:
    """Which cell of a row is what."""

    places: Mapping[str, int]
    titles: Sequence[str]

    def cell(self, row: Sequence[str], name: str) -> str:
        place = self.places.get(name)
        return row[place].strip() if place is not None and place < len(row) else ""

    def named(self, name: str) -> str:
        """« colonne 3 (Montant) »"""
        place = self.places[name]
        return f"colonne {place + 1} ({self.titles[place].strip()})"


def read(text: str, today: dt.date) -> list[Entry]:
    """The movements of a statement. Raises `UnreadableStatement`."""
    rows, columns = _table(text)
    entries: list[Entry] = []
    faults: list[str] = []
    for number, row in rows:
        if len(entries) == MOST_LINES:
            raise UnreadableStatement(
                f"Envoyez {MOST_LINES} lignes au plus, ou le relevé en plusieurs fichiers"
            )
        try:
            entries.append(_entry(number, row, columns, today))
        except _Fault as fault:
            faults.append(f"Ligne {number}, {columns.named(fault.column)} : {fault}")
    if faults:
        more = [f"Et {len(faults) - MOST_FAULTS} autres lignes"] if len(faults) > MOST_FAULTS else []
        raise UnreadableStatement(*faults[:MOST_FAULTS], *more)
    if not entries:
        raise UnreadableStatement("Ce fichier n’a aucune ligne sous ses titres de colonnes")
    return entries


class _Fault(ValueError):
    def __init__(self, column: str, message: str):
        super().__init__(message)
        self.column = column


def _table(text: str) -> tuple[list[tuple[int, list[str]]], Columns]:
    """The rows under the header, with the numbers of their lines, and where each column stands."""
    for separator in _SEPARATORS:
        rows = _rows(text, separator)
        for position, (_, row) in enumerate(rows[:_HEADER_WITHIN]):
            if columns := columns_of(row):
                return rows[position + 1 :], columns
    raise UnreadableStatement(
        f"Aucune des {_HEADER_WITHIN} premières lignes n’a les titres de colonnes attendus : « Date »,"
        " « Libellé », « Montant » (ou « Débit » et « Crédit »), et si possible « Référence »"
    )


def _rows(text: str, separator: str) -> list[tuple[int, list[str]]]:
    """Rows that are not empty, with the number of the line on which each begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows, begins = [], 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((begins, row))
            begins = reader.line_num + 1
    except csv.Error:
        raise UnreadableStatement(f"Ligne {begins} : ce texte n’est pas celui d’un fichier CSV") from None
    return rows


def columns_of(row: Sequence[str]) -> Columns | None:
    """Where the columns stand, where this row names a date, a label, and an amount or a credit."""
    cells = [" ".join(fold(cell).replace("’", "'").split()) for cell in row]
    places = {name: place for name, names in _COLUMNS.items() if (place := _place(cells, names)) is not None}
    if {"date", "libelle"} <= places.keys() and places.keys() & {"montant", "credit"}:
        return Columns(places, row)
    return None


def _place(cells: Sequence[str], names: Sequence[str]) -> int | None:
    """The first cell that is one of these names, the best name first; else the first that begins so."""
    for name in names:
        if name in cells:
            return cells.index(name)
    begun = [place for place, cell in enumerate(cells) if cell.startswith(tuple(names))]
    return begun[0] if begun else None


def _entry(number: int, row: Sequence[str], columns: Columns, today: dt.date) -> Entry:
    booked_on = _day(columns.cell(row, "date"), today)
    label = " ".join(columns.cell(row, "libelle").split())
    if not label:
        raise _Fault("libelle", "le libellé manque")
    reference = " ".join(columns.cell(row, "reference").split())
    return Entry(
        number,
        booked_on,
        label[:LONGEST_LABEL],
        _amount(row, columns),
        reference[:LONGEST_REFERENCE],
    )


_ISO = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})")
_FRENCH = re.compile(r"([0-9]{1,2})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{4}|[0-9]{2})")


def _day(text: str, today: dt.date) -> dt.date:
    try:
        day = parse_day(text)
    except NotRead:
        raise _Fault("date", f"« {text[:30]} » n’est pas une date : écrivez jj/mm/aaaa") from None
    if day > today:
        raise _Fault("date", f"« {text[:30]} » est une date à venir")
    return day


def parse_day(text: str) -> dt.date:
    """24/11/2026, 24.11.26, 2026-11-24 or 20261124; raises `NotRead` for anything else."""
    if found := _ISO.fullmatch(text):
        return _existing(int(found[1]), int(found[2]), int(found[3]))
    if found := _FRENCH.fullmatch(text):
        year = int(found[3])
        return _existing(year + 2000 if year < 100 else year, int(found[2]), int(found[1]))
    raise NotRead(text)


def _existing(year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise NotRead(f"{day}/{month}/{year}") from None


def _amount(row: Sequence[str], columns: Columns) -> int:
    """Of the column of amounts, or of the two of debits and credits, whatever sign a debit bears."""
    if "montant" in columns.places:
        return _cents(columns, row, "montant")
    sides = [name for name in ("debit", "credit") if columns.cell(row, name).strip()]
    cents = {name: _cents(columns, row, name) for name in sides}
    filled = {name: value for name, value in cents.items() if value}
    if len(filled) != 1:
        fault = "écrivez un débit ou un crédit, pas les deux" if filled else "le montant manque"
        raise _Fault("credit" if "credit" in columns.places else "debit", fault)
    ((name, value),) = filled.items()
    return -abs(value) if name == "debit" else value


def _cents(columns: Columns, row: Sequence[str], name: str) -> int:
    text = columns.cell(row, name)
    try:
        cents = parse_amount(text)
    except NotRead:
        raise _Fault(name, f"« {text[:30]} » n’est pas un montant : écrivez par exemple 1 234,56") from None
    if abs(cents) > LARGEST_CENTS:
        raise _Fault(name, f"« {text[:30]} » dépasse ce que le portail peut compter")
    if name == "montant" and not cents:
        raise _Fault(name, "le montant est nul")
    return cents


_AMOUNT = re.compile(
    r"(?P<sign>[+-]?)(?:(?P<plain>[0-9]{1,10})"
    r"|(?P<grouped>[0-9]{1,3}(?P<mark>[.,' ])[0-9]{3}(?:(?P=mark)[0-9]{3})*))"
    r"(?:(?P<point>[.,])(?P<decimals>[0-9]{1,2}))?(?P<after>-?)"
)


def parse_amount(text: str) -> int:
    """Cents of « 1 234,56 », « 1.234,56 », « -12,5 € », « 1234.56 » or « 12,00- »; raises `NotRead`.

    « 1.234 » alone is refused: a thousand to one, one euro and more to another.
    """
    plain = re.sub("[\u00a0\u202f\u2007\u2009\t]", " ", text).replace("−", "-").replace("’", "'")
    plain = re.sub(r"\s*(?:€|eur|euros?)\s*", "", plain.strip(), flags=re.IGNORECASE).strip()
    plain = re.sub(r"^([+-])\s+", r"\1", plain)
    found = _AMOUNT.fullmatch(plain)
    if found is None or (found["sign"] and found["after"]):
        raise NotRead(text)
    mark, point = found["mark"], found["point"]
    if mark and mark in ".," and (point is None or point == mark):
        raise NotRead(text)
    whole = found["plain"] or found["grouped"].replace(mark, "")
    cents = money.hundredths(whole, found["decimals"])
    return -cents if "-" in (found["sign"], found["after"]) else cents
