"""The warehouse's file of departures, as it is read: one line for each title in each parcel. Pure.

`commande;colis;transporteur;suivi;poids;isbn;quantité;livraison`: the columns are found by their names, in
any order; weight and day of delivery may be left out. What cannot be read is said by line and column.
"""

import csv
import datetime as dt
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from harmattan.cart.rules import UnreadableQuantity, parse_quantity
from harmattan.catalogue.rules import fold
from harmattan.core import dates, isbn
from harmattan.core.settings import Carrier
from harmattan.shipments.rules import Unreadable, parse_number, parse_weight

MOST_LINES = 5_000
MOST_FAULTS = 50

REQUIRED = ("commande", "colis", "transporteur", "suivi", "isbn", "quantite")
OPTIONAL = ("poids", "livraison")
_OF_PARCEL = ("transporteur", "suivi", "poids", "livraison")
_NAMES = {"qte": "quantite", "ean": "isbn", "numero de suivi": "suivi", "no de suivi": "suivi"}


class Fault(NamedTuple):
    """What is wrong, and where."""

    line: int
    column: str
    message: str


class UnreadableFile(ValueError):
    """Nothing of the file is taken; says where and why."""

    def __init__(self, faults: Sequence[Fault]):
        super().__init__("\n".join(f"ligne {line}, {column} : {text}" for line, column, text in faults))
        self.faults = list(faults)[:MOST_FAULTS]


@dataclass
class Parcel:
    """A parcel of the file: copies by ISBN."""

    line: int
    carrier: str
    tracking_number: str
    weight_g: int | None
    delivery_on: dt.date | None
    copies: dict[str, int] = field(default_factory=dict)


Departures = dict[str, dict[str, Parcel]]
"""Parcels by the reference of their order and by their name in the file."""


def read(text: str, carriers: Mapping[str, Carrier], today: dt.date) -> Departures:
    """The parcels of each order; raises `UnreadableFile` with all its faults."""
    rows = _rows(text)
    faults: list[Fault] = []
    found: Departures = {}
    for number, row in rows:
        _Line(number, row, carriers, today, faults).join(found)
    if faults:
        raise UnreadableFile(faults)
    return found


def _rows(text: str) -> list[tuple[int, dict[str, str]]]:
    """The lines below the header, each by the names of its columns."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(";,\t", key=header.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows = [(lines.line_num, cells) for cells in lines if any(cell.strip() for cell in cells)]
    if len(rows) < 2:
        raise UnreadableFile([Fault(1, "fichier", "Il faut une ligne de titres et au moins un colis")])
    if len(rows) > MOST_LINES + 1:
        raise UnreadableFile([Fault(MOST_LINES + 2, "fichier", "Envoyez 5 000 lignes au plus à la fois")])
    names = [_name(cell) for cell in rows[0][1]]
    if missing := [name for name in REQUIRED if name not in names]:
        raise UnreadableFile([Fault(rows[0][0], name, "Cette colonne manque") for name in missing])
    return [(number, dict(zip(names, cells, strict=False))) for number, cells in rows[1:]]


def _name(cell: str) -> str:
    folded = fold(cell)
    return _NAMES.get(folded, folded)


T = TypeVar("T")


@dataclass
class _Line:
    """One line of the file, its faults noted as it is read."""

    number: int
    row: Mapping[str, str]
    carriers: Mapping[str, Carrier]
    today: dt.date
    faults: list[Fault]

    def join(self, found: Departures) -> None:
        """Add its copies to its parcel, which the first line of it describes."""
        before = len(self.faults)
        order, name = self._said("commande").upper(), self._said("colis")
        title = self._read("isbn", isbn.parse)
        copies = self._read("quantite", parse_quantity)
        parcel = self._parcel(found.get(order, {}).get(name))
        if len(self.faults) > before or parcel is None or title is None or copies is None:
            return
        found.setdefault(order, {})[name] = parcel
        parcel.copies[title] = parcel.copies.get(title, 0) + copies

    def _parcel(self, known: Parcel | None) -> Parcel | None:
        carrier = self._read("transporteur", self._carrier)
        number = self._read(
            "suivi", lambda text: parse_number(text, self.carriers[carrier or ""]) if carrier else ""
        )
        weight = self._read("poids", parse_weight)
        day = self._read("livraison", self._day)
        if carrier is None or number is None:
            return None
        said = Parcel(self.number, carrier, number, weight, day)
        if known is None:
            return said
        for column, name in zip(
            _OF_PARCEL, ("carrier", "tracking_number", "weight_g", "delivery_on"), strict=True
        ):
            if self.row.get(column, "").strip() and getattr(said, name) != getattr(known, name):
                self._fault(column, f"Ce colis a une autre valeur à la ligne {known.line}")
        return known

    def _said(self, column: str) -> str:
        text = self.row.get(column, "").strip()
        if not text:
            self._fault(column, "Cette case est vide")
        return text

    def _read(self, column: str, parse: Callable[[str], T]) -> T | None:
        try:
            return parse(self.row.get(column, "").strip())
        except (Unreadable, UnreadableQuantity, isbn.UnreadableIsbn, dates.UnreadableDate) as fault:
            self._fault(column, str(fault))
            return None

    def _carrier(self, text: str) -> str:
        words = {fold(each.label): word for word, each in self.carriers.items()} | {
            word: word for word in self.carriers
        }
        if fold(text) not in words:
            known = ", ".join(carrier.label for carrier in self.carriers.values())
            raise Unreadable(f"Transporteur « {text[:40]} » inconnu : {known}")
        return words[fold(text)]

    def _day(self, text: str) -> dt.date | None:
        return dates.parse_date(text, self.today) if text else None

    def _fault(self, column: str, message: str) -> None:
        self.faults.append(Fault(self.number, column, message))
