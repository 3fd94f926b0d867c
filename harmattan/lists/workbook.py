"""Run by `files` as a program of its own: a workbook on standard input, its rows as JSON on standard output.

The reader is native code that lays a sheet out as one block: two cells far apart ask for half a
terabyte, and its failure ends the process. So it works here, within limits, and never in the server.
Nothing of the application is imported.
"""

import io
import json
import re
import resource
import sys
from collections.abc import Iterator
from typing import Any

MEMORY = 192 * 1024 * 1024
CPU_SECONDS = 2
PASSWORD, UNREADABLE = 3, 4
LONGEST_ROW = 1_000
_ISBN = re.compile(r"(?<![0-9])(?:97[89])?[0-9]{9}[0-9Xx](?![0-9])|[0-9][.,]?[0-9]*[Ee]\+?1[0-4]")


def main(most: int) -> int:
    """Write the rows that are not empty, with their numbers, `most` at most, and how many there are."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    import python_calamine  # noqa: PLC0415 -- under the limits

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        json.dump(_first_with_isbn(book, most), sys.stdout)
    except python_calamine.PasswordError:
        return PASSWORD
    except (python_calamine.CalamineError, MemoryError, ValueError):
        return UNREADABLE
    return 0


def _first_with_isbn(book: Any, most: int) -> dict[str, Any]:
    """The first sheet in which something looks like an ISBN, else the first that is not empty."""
    fallback: dict[str, Any] = {"rows": [], "count": 0}
    for index in range(len(book.sheet_names)):
        sheet = _read(book.get_sheet_by_index(index), most)
        if any(_ISBN.search(text.replace("-", "").replace(" ", "")) for _, text in sheet["rows"]):
            return sheet
        fallback = fallback if fallback["count"] else sheet
    return fallback


def _read(sheet: Any, most: int) -> dict[str, Any]:
    kept: list[tuple[int, str]] = []
    count = 0
    for numbered in _rows(sheet):
        count += 1
        if len(kept) < most:
            kept.append(numbered)
    return {"rows": kept, "count": count}


def _rows(sheet: Any) -> Iterator[tuple[int, str]]:
    for number, cells in enumerate(sheet.iter_rows(), 1):
        text = "\t".join(map(_text, cells))
        if text.strip():
            yield number, text[:LONGEST_ROW].rstrip("\t")


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return ""
    if isinstance(cell, float):
        return _number(cell)
    return " ".join(str(cell).split())


def _number(value: float) -> str:
    """An ISBN is kept as a floating number by spreadsheets; a price gets its two decimals."""
    if value.is_integer():
        return str(int(value))
    return f"{value:.2f}" if round(value, 2) == value else str(value)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
