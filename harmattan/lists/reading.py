"""A whole list of free text: header, lines, the scanner rule, duplicates merged (J5).

The scanner rule: where every line that holds an ISBN holds nothing else, and no header announces a
quantity, the list was scanned copy by copy and each line counts one. In any other list a blank
quantity is a question.
"""

import io
from collections.abc import Sequence

from harmattan.cart.rules import MAXIMUM_LIST_LINES
from harmattan.core.edifact import is_interchange
from harmattan.lists import line
from harmattan.lists.rules import ReadList, Row, Source, check_length, merge, quoted, with_quantity

_ISBN_NAMES = ("isbn", "ean", "gencod", "gtin", "code-barres", "code barres", "code barre", "codebarre")
_QUANTITY_NAMES = ("qt", "quant", "nb", "nombre", "ex", "cde", "commande", "a commander")
_HEADER_WITHIN = 10
"""A header stands among the first lines, before any ISBN."""
MOST_LINES = MAXIMUM_LIST_LINES + 1
"""Those that can be taken, and a header."""

_SCANNED = (
    "Aucune ligne n’indique de quantité : chaque ligne compte pour un exemplaire, comme avec une douchette."
)


def numbered(text: str) -> list[tuple[int, str]]:
    """The lines of a text that are not empty, with their numbers; too many are counted, not kept."""
    if is_interchange(text):
        return [(1, text)]  # one thing, however many lines it is set on
    kept: list[tuple[int, str]] = []
    count = 0
    for n, line_text in enumerate(io.StringIO(text, newline=None), 1):
        if line_text.strip():
            count += 1
            if count <= MOST_LINES:
                kept.append((n, line_text.rstrip("\n")))
    if count > MOST_LINES:
        check_length(count)
    return kept


def read(numbered: Sequence[tuple[int, str]]) -> ReadList:
    """The rows of these numbered lines; raises `UnreadableList` when there are too many."""
    header = _header(numbered)
    check_length(len(numbered) - bool(header))
    columns = header and _columns(header[1])
    rows = [line.read(n, text, columns) for n, text in numbered if not header or n != header[0]]
    notes = [f"Ligne {header[0]} lue comme en-tête : « {quoted(header[1])} »."] if header else []
    if _is_scanned(rows, columns):
        rows, notes = [with_quantity(row, "1") for row in rows], [*notes, _SCANNED]
    return ReadList(merge(_sourced(row) for row in map(_asked, rows)), notes)


def _header(numbered: Sequence[tuple[int, str]]) -> tuple[int, str] | None:
    for n, text in numbered[:_HEADER_WITHIN]:
        if any(_is_name(cell, _ISBN_NAMES) for cell in _header_cells(text)):
            return n, text
        if line.read(n, text).isbn:
            return None
    return None


def _header_cells(text: str) -> list[str]:
    """The cells of a line that may be a header: none where it holds a number of some length."""
    if len(text) > 500 or sum(c.isdigit() for c in text) > 8:
        return []
    return [line.fold(cell) for cell in line.cells_of(text, line.separator_of(text) or ",")] + [
        line.fold(word) for word in text.split()[:1]
    ]


def _columns(header: str) -> line.Columns:
    separator = line.separator_of(header) or ("," if "," in header else "")
    cells = [line.fold(cell) for cell in line.cells_of(header, separator)] if separator else []
    isbn = next((i for i, cell in enumerate(cells) if _is_name(cell, _ISBN_NAMES)), None)
    quantity = next((i for i, cell in enumerate(cells) if _is_name(cell, _QUANTITY_NAMES)), None)
    return line.Columns(separator, isbn, quantity)


def _is_name(cell: str, names: tuple[str, ...]) -> bool:
    return cell.startswith(names)


def _is_scanned(rows: list[Row], columns: line.Columns | None) -> bool:
    """Whether no line says a quantity, and every line that holds an ISBN holds it alone."""
    if columns and columns.quantity is not None:
        return False
    with_isbn = [row for row in rows if row.typed_isbn]
    return bool(with_isbn) and all(_is_bare(row) for row in with_isbn)


def _is_bare(row: Row) -> bool:
    said = row.typed_quantity or row.quantity_problem
    return not said and len(row.sources[0].text.strip(" ;,|\t\"'")) <= len(row.typed_isbn) + len("ISBN-13 : ")


def _asked(row: Row) -> Row:
    """A quantity that is still blank is asked for."""
    blank = row.quantity is None and not row.quantity_problem
    return with_quantity(row, row.typed_quantity) if blank else row


def _sourced(row: Row) -> Row:
    (source,) = row.sources
    return row._replace(sources=(Source(source.line, source.text, row.quantity),))
