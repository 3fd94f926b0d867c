"""Tables as CSV files that spreadsheets open as text and never as formulas (ASVS 1.2.10)."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from flask import Response

from harmattan.core import money

_NUMBER = re.compile(r"-?\d+(,\d+)?")
_FORMULA_STARTS = "=+-@\t\r\n＝＋－＠"


def download(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A CSV file with this name, to be saved."""
    response = Response(content(header, rows), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def content(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The bytes of such a file: semicolons and a byte order mark, as French spreadsheets expect."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return ("\ufeff" + text.getvalue()).encode()


def amount(cents: int | None) -> str:
    """« 1234,56 »: euros that a French spreadsheet adds up; nothing for an amount that is not known."""
    return "" if cents is None else f"{money.euros(cents):.2f}".replace(".", ",")


def _harmless(cell: object) -> str:
    """The cell as text; what a spreadsheet would calculate begins with an apostrophe, save numbers."""
    text = "" if cell is None else str(cell)
    if _NUMBER.fullmatch(text):
        return text
    return f"'{text}" if text.lstrip(" \u00a0")[:1] in tuple(_FORMULA_STARTS) else text
