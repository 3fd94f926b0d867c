"""One line of an order list in whatever form it was typed: its ISBN and its quantity (domain.md §3.4).

Pure, and linear in the length of the line: every pattern has a fixed length.
"""

import csv
import re
import unicodedata
from typing import NamedTuple

from harmattan.core import isbn as isbn_rules
from harmattan.lists.rules import NO_ISBN, QUOTED_CHARACTERS, Row, Source, quoted, with_isbn, with_quantity

_DASH, _SPACE = r"\-‐‑‒–—.", r" \u00a0\u2007\u2009\u202f"
_LOOSE, _SOLID = f"[{_DASH}{_SPACE}]{{0,3}}", f"[{_DASH}]?"
_END = f"(?![0-9]|[{_DASH}][0-9])"


def _patterns(join: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """ISBN-13 and ISBN-10 with this between their digits; a look-ahead, so that every start is tried."""
    thirteen = rf"(?<![0-9])(?=(97[89](?:{join}[0-9]){{10}}){_END})"
    ten = rf"(?<![0-9])(?=([0-9](?:{join}[0-9]){{8}}{join}[0-9Xx]){_END}(?![A-Za-z]))"
    return re.compile(thirteen), re.compile(ten)


_LOOSE_13, _LOOSE_10 = _patterns(_LOOSE)
_SOLID_13, _SOLID_10 = _patterns(_SOLID)
_NEARLY = re.compile(rf"(?<![0-9])([0-9](?:{_SOLID}[0-9]){{7,17}}[Xx]?)(?![0-9])")
_SCIENTIFIC = re.compile(r"(?<![0-9])([0-9](?:[.,][0-9]{1,15})?[eE]\+?1[0-4])(?![0-9])")
_LABEL = re.compile(r"\b(?:isbn|ean|gencod|gtin)(?:[-\s]?1[03])?\s*[:=n°]*", re.IGNORECASE)

_NUMBER = re.compile(
    r"(?P<mark>x|qte|qtes|quantite)?(?P<number>[-−+]?[0-9]+(?:[.,][0-9]+)*(?:e\+?[0-9]+)?)"
    r"(?P<unit>x|ex\.?|exs\.?|exemplaires?|€|eur|euros)?"
)
_RANK = re.compile(r"[0-9]+[.)]")
"""« 1. » before a line numbers it."""
_MARKS = ("x", "qte", "qtes", "quantite", "quantites", "ex", "exs", "exemplaire", "exemplaires")
_CURRENCIES = ("€", "eur", "euro", "euros")
_VOLUMES = ("tome", "t", "vol", "volume", "n", "no", "num", "numero", "livre", "partie", "chapitre")
_WORDS = re.compile(
    "zero|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt"
    "|trente|quarante|cinquante|soixante|cent|mille|dizaine|douzaine|vingtaine"
)


class Columns(NamedTuple):
    """Where a header says that ISBN and quantity stand, and what separates the cells."""

    separator: str
    isbn: int | None
    quantity: int | None


class _Found(NamedTuple):
    start: int
    end: int
    isbn: str
    """13 digits, or empty where it only looks like one."""


class _Amount(NamedTuple):
    text: str
    is_marked: bool
    is_price: bool


def read(number: int, text: str, columns: Columns | None = None) -> Row:
    """The row of this line. A quantity that is not said stays blank: the list decides what that means."""
    row = Row((Source(number, quoted(text)),))
    head = text[:QUOTED_CHARACTERS]
    separator = columns.separator if columns and columns.separator in head else _separator(head)
    if separator:
        cells = cells_of(head, separator)
        return _from_cells(row, cells, columns if columns and columns.separator == separator else None)
    return _from_text(row, head)


def cells_of(text: str, separator: str) -> list[str]:
    """The cells of a line, without the quotes around them."""
    return [cell.strip() for cell in next(csv.reader([text], delimiter=separator), [])]


def separator_of(text: str) -> str:
    """What separates the cells of this line, or nothing; a comma needs to be looked at closer."""
    return next((separator for separator in "\t;|" if separator in text), "")


def fold(text: str) -> str:
    """Small letters without accents or surrounding marks."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).strip(" .:()°'\"")


def _separator(text: str) -> str:
    found = separator_of(text)
    if found or "," not in text:
        return found
    beside_isbn = any(
        text[isbn.end :].lstrip(' "')[:1] == "," or text[: isbn.start].rstrip(' "')[-1:] == ","
        for isbn in _find(text)[:1]
    )
    return "," if beside_isbn else ""


def _from_cells(row: Row, cells: list[str], columns: Columns | None) -> Row:
    wanted = range(len(cells)) if columns is None or columns.isbn is None else (columns.isbn,)
    where, found = next(
        ((i, found) for i in wanted if i < len(cells) and (found := _find(cells[i]))), (-1, [])
    )
    if not found:
        return _from_text(row, " ".join(cells))
    row = _with_found(row, cells[where], found)
    if columns and columns.quantity is not None:
        return _with_amount(row, cells[columns.quantity] if columns.quantity < len(cells) else "")
    others = [cell for i, cell in enumerate(cells) if i != where and not _same_isbn(cell, row.isbn)]
    amounts = [amount for cell in others if (amount := _cell_amount(cell))]
    if not amounts and (word := next((cell for cell in others if _WORDS.fullmatch(fold(cell))), "")):
        return with_quantity(row, word)
    return _with_one_of(row, amounts)


def _from_text(row: Row, text: str) -> Row:
    found = _find(text)
    if not found:
        return row._replace(isbn_problem=NO_ISBN)
    row = _with_found(row, text, found)
    before, after = _tokens(text[: found[0].start]), _tokens(text[found[-1].end :])
    amounts = _amounts(before) + _amounts(after)
    if not amounts:
        word = next((token for token in before + after if _WORDS.fullmatch(fold(token))), "")
        return with_quantity(row, word) if word else row
    return _with_one_of(row, amounts)


def _with_found(row: Row, text: str, found: list[_Found]) -> Row:
    """The row with the ISBN found in this text; several different ones are a question."""
    if len({one.isbn for one in found}) > 1:
        return row._replace(isbn_problem="Plusieurs ISBN sur cette ligne : indiquez celui que vous commandez")
    first = found[0]
    typed = text[first.start : first.end]
    if first.isbn:
        return row._replace(isbn=first.isbn, typed_isbn=typed)
    if _SCIENTIFIC.fullmatch(typed):
        return row._replace(
            isbn_problem="Le tableur a abrégé cet ISBN et ses derniers chiffres sont perdus : "
            "mettez la colonne au format Texte, ou saisissez l’ISBN ici"
        )
    return with_isbn(row, typed)


def _find(text: str) -> list[_Found]:
    """The ISBN in this text: the valid ones, else what looks most like one."""
    text = _LABEL.sub(lambda label: " " * len(label[0]), text)
    for pattern in (_LOOSE_13, _LOOSE_10):
        found = [_Found(*match.span(1), _valid(match[1])) for match in pattern.finditer(text)]
        if valid := [one for one in found if one.isbn]:
            return valid
    for pattern in (_SCIENTIFIC, _SOLID_13, _SOLID_10, _NEARLY, _LOOSE_13):
        if match := pattern.search(text):
            return [_Found(*match.span(1), "")]
    return []


def _valid(text: str) -> str:
    try:
        return isbn_rules.parse(text)
    except isbn_rules.UnreadableIsbn:
        return ""


def _same_isbn(cell: str, isbn: str) -> bool:
    return bool(isbn) and isbn_rules.looks_like_isbn(cell) and _valid(cell) == isbn


def _tokens(text: str) -> list[str]:
    spaced = re.sub(r"[*×]", " x ", _LABEL.sub(" ", text))
    return [
        token for token in re.split(r"[\s:=/\"«»]+|,(?=\s|$)|(?<=\s),", spaced) if fold(token).strip("-–—,")
    ]


def _amounts(tokens: list[str]) -> list[_Amount]:
    """The marked amounts, and the bare ones at an end of the line or beside the ISBN; none of a title."""
    found = [
        (i, amount)
        for i in range(len(tokens))
        if (amount := _amount(tokens[max(i - 1, 0) : i + 2], min(i, 1)))
    ]
    return [amount for i, amount in found if amount.is_marked or i in (0, len(tokens) - 1)]


def _cell_amount(cell: str) -> _Amount | None:
    """The amount of a cell that holds nothing else but a mark or a unit."""
    tokens = _tokens(cell)
    found = [i for i, token in enumerate(tokens) if fold(token) not in _MARKS + _CURRENCIES]
    return _amount(tokens[max(found[0] - 1, 0) :], min(found[0], 1)) if len(found) == 1 else None


def _amount(tokens: list[str], at: int = 0) -> _Amount | None:
    """The amount that stands there, if any: marked by « x » or « ex. », or a price."""
    if at >= len(tokens) or _RANK.fullmatch(tokens[at]):
        return None
    if not (match := _NUMBER.fullmatch(fold(tokens[at]).replace("−", "-"))):
        return None
    before = fold(tokens[at - 1]) if at else ""
    after = fold(tokens[at + 1]) if at + 1 < len(tokens) else ""
    if before in _VOLUMES:
        return None
    unit = match["unit"] or after
    marked = bool(match["mark"]) or before in _MARKS or unit.strip(".") in _MARKS
    priced = unit in _CURRENCIES or bool(re.fullmatch(r"[0-9]+[.,][0-9]{2}", match["number"]))
    return _Amount(match["number"], marked, priced and not marked)


def _with_one_of(row: Row, amounts: list[_Amount]) -> Row:
    counts = [amount for amount in amounts if not amount.is_price]
    texts = list(dict.fromkeys(a.text for a in [a for a in counts if a.is_marked] or counts))
    if len(texts) > 1:
        said = " et ".join(texts[:3])
        return row._replace(
            quantity_problem=f"Plusieurs nombres sur cette ligne ({said}) : indiquez la quantité"
        )
    return with_quantity(row, texts[0]) if texts else row


def _with_amount(row: Row, cell: str) -> Row:
    amount = _cell_amount(cell)
    return with_quantity(row, amount.text if amount else cell)
