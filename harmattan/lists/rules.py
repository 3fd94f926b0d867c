"""What an order list is made of: its rows, the corrections made to them, the quantities they may ask for.

A row is what one line of the list asks for, or several lines of the same ISBN. Nothing is ever dropped:
every line that is not empty is a source of exactly one row, or a note (a header).
"""

import enum
import re
from collections.abc import Iterable
from typing import NamedTuple

from harmattan.cart.rules import MAXIMUM_LIST_LINES, UnreadableQuantity, parse_quantity
from harmattan.core import isbn as isbn_rules
from harmattan.core.typography import number

NO_ISBN = "Aucun ISBN n’a été reconnu sur cette ligne"
QUOTED_CHARACTERS = 160
"""How much of a line is quoted and read; an order line is never longer."""

_DECIMAL = re.compile(r"([+−-]?[0-9]+)[.,]([0-9]+)")


class ListKind(enum.StrEnum):
    """How a list came in."""

    PASTED = "pasted"
    TEXT = "text"
    WORKBOOK = "workbook"
    EDIFACT = "edifact"
    AGAIN = "again"
    DILICOM = "dilicom"


class ListState(enum.StrEnum):
    WAITING = "waiting"
    APPLIED = "applied"


class UnreadableList(ValueError):
    """The list as a whole cannot be taken; the message says in French why, and what to send instead."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


class Source(NamedTuple):
    """Where a row comes from: the number of the line, its text as typed, what it asked for."""

    line: int
    text: str
    quantity: int | None = None


class Terms(NamedTuple):
    """What a copy cost in the order that is ordered again: public price TTC and the shop's discount."""

    price_cents: int
    discount_bp: int


class Row(NamedTuple):
    """What one or several lines ask for. Kept as a JSON list, so the order of the fields is binding."""

    sources: tuple[Source, ...]
    isbn: str = ""
    """13 digits, or empty while it is not known."""
    typed_isbn: str = ""
    isbn_problem: str = ""
    suggestion: str = ""
    """The ISBN that was probably meant."""
    quantity: int | None = None
    typed_quantity: str = ""
    quantity_problem: str = ""
    policy: str = ""
    """The choice made for copies that are short (`BackorderPolicy`), or empty."""
    added: bool = False
    """Whether it is in the cart already."""
    terms: Terms | None = None
    """Of the order that is ordered again; None on every other list."""

    @property
    def number(self) -> int:
        """The line it starts at: its name in the form, for as long as the list lives."""
        return self.sources[0].line

    @property
    def is_read(self) -> bool:
        """Whether ISBN and quantity are both known."""
        return bool(self.isbn) and self.quantity is not None


class ReadList(NamedTuple):
    """A list as it was read: its rows in order, and notes about lines that are no order (a header)."""

    rows: list[Row]
    notes: list[str]


def read_quantity(text: str) -> int:
    """The copies asked for, 1 to 9,999; raises `UnreadableQuantity`. A blank is a question, never a 1."""
    typed = "".join(text.split())
    if not typed:
        raise UnreadableQuantity("Indiquez la quantité")
    if decimal := _DECIMAL.fullmatch(typed):
        if decimal[2].strip("0"):
            raise UnreadableQuantity("Saisissez un nombre entier d’exemplaires, sans virgule")
        typed = decimal[1]
    return parse_quantity(typed)


def check_length(lines: int) -> None:
    """Refuse a list of more lines than are taken at once, naming how many there are."""
    if lines > MAXIMUM_LIST_LINES:
        raise UnreadableList(
            f"Envoyez la liste en plusieurs fois : elle compte {number(lines)} lignes, "
            f"la limite est de {number(MAXIMUM_LIST_LINES)}"
        )


def quoted(text: str) -> str:
    """A line as it was typed, cut where nobody would read on."""
    return text if len(text) <= QUOTED_CHARACTERS else text[: QUOTED_CHARACTERS - 1] + "…"


def with_isbn(row: Row, typed: str) -> Row:
    """The row with its ISBN read from this text."""
    typed = typed.strip()[:QUOTED_CHARACTERS]
    try:
        return row._replace(
            isbn=isbn_rules.parse(typed), typed_isbn=typed, isbn_problem="", suggestion="", terms=None
        )
    except isbn_rules.UnreadableIsbn as fault:
        return row._replace(
            isbn="", typed_isbn=typed, isbn_problem=fault.message, suggestion=fault.suggestion or ""
        )


def with_quantity(row: Row, typed: str) -> Row:
    """The row with its quantity read from this text."""
    typed = typed.strip()[:QUOTED_CHARACTERS]
    try:
        return row._replace(quantity=read_quantity(typed), typed_quantity=typed, quantity_problem="")
    except UnreadableQuantity as fault:
        return row._replace(quantity=None, typed_quantity=typed, quantity_problem=fault.message)


def merge(rows: Iterable[Row]) -> list[Row]:
    """One row per ISBN that is read and not yet added: quantities add up, every source stays visible."""
    merged: dict[int | str, Row] = {}
    for row in rows:
        key = row.isbn if row.is_read and not row.added else row.number
        merged[key] = _together(merged[key], row) if key in merged else row
    return list(merged.values())


def _together(first: Row, second: Row) -> Row:
    total = (first.quantity or 0) + (second.quantity or 0)
    sources = (*first.sources, *second.sources)
    both = first._replace(sources=sources, policy=first.policy or second.policy)
    return with_quantity(both, str(total))
