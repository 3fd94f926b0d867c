"""The file of a remittance as our bank reads it: CFONB 160, table and rules of domain.md §6.

Pure: lines of 160 characters of plain capitals, CRLF behind each, amounts in whole cents.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from harmattan.core import identifiers

WIDTH = 160
END = "\r\n"
COLLECTION = "3"
"""Entry code: to be collected, credited as a whole after the due date, what is unpaid taken back later."""
NOT_ACCEPTED = "0"
EURO = "E"
MOST_CENTS = 10**12 - 1

_LETTERS = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "’": "'"})
_FORBIDDEN = re.compile(r"[^A-Z0-9 '()*+,\-./:?]")


@dataclass(frozen=True)
class Drawer:
    """Who draws the bills: ourselves."""

    issuer_number: str
    name: str
    bank_name: str
    iban: str
    siren: str


@dataclass(frozen=True)
class Bill:
    """One LCR: what one shop's bank is asked to pay."""

    reference: str
    """Ours, ten characters."""
    drawee_reference: str
    name: str
    bank_name: str
    iban: str
    siren: str
    cents: int


def folded(text: str) -> str:
    """The text in plain capitals: accents fall off, what the standard forbids becomes a hyphen."""
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    unaccented = "".join(c for c in plain if not unicodedata.combining(c)).upper()
    return _FORBIDDEN.sub("-", " ".join(unaccented.split()))


def content(
    drawer: Drawer, bills: Sequence[Bill], *, reference: str, made_on: dt.date, due_on: dt.date
) -> str:
    """The whole file: a header, a line for each bill, the total."""
    lines = [
        _header(drawer, reference, made_on),
        *(_detail(number, bill, made_on, due_on) for number, bill in enumerate(bills, 2)),
        _total(len(bills) + 2, sum(bill.cents for bill in bills)),
    ]
    return "".join(line + END for line in lines)


def _header(drawer: Drawer, reference: str, made_on: dt.date) -> str:
    return _line(
        _begins("03", 1),
        _number(drawer.issuer_number, 6),
        _text("", 6),
        _day(made_on),
        _text(drawer.name, 24),
        _text(drawer.bank_name, 24),
        COLLECTION,
        _text("", 1),  # no assignment under the Dailly law
        EURO,
        _account(drawer.iban),
        _text("", 16 + 6 + 10),
        _text(drawer.siren, 15),
        _text(reference, 11),
    )


def _detail(number: int, bill: Bill, made_on: dt.date, due_on: dt.date) -> str:
    return _line(
        _begins("06", number),
        _text("", 8),
        _text(bill.drawee_reference, 10),
        _text(bill.name, 24),
        _text(bill.bank_name, 24),
        NOT_ACCEPTED,
        _text("", 2),
        _account(bill.iban),
        _cents(bill.cents),
        _text("", 4),
        _day(due_on),
        _day(made_on),
        _text("", 4 + 1 + 3 + 3),
        _text(bill.siren, 9),
        _text(bill.reference, 10),
    )


def _total(number: int, cents: int) -> str:
    return _line(_begins("08", number), _text("", 90), _cents(cents), _text("", 46))


def _line(*fields: str) -> str:
    line = "".join(fields)
    if len(line) != WIDTH:
        raise ValueError(f"a line of {len(line)} characters")
    return line


def _begins(kind: str, number: int) -> str:
    return f"{kind}60{number:08}"


def _text(text: str, width: int) -> str:
    return folded(text)[:width].ljust(width)


def _number(digits: str, width: int) -> str:
    return folded(digits)[:width].rjust(width, "0")


def _day(day: dt.date) -> str:
    return f"{day:%d%m%y}"


def _cents(cents: int) -> str:
    if not 0 < cents <= MOST_CENTS:
        raise ValueError("the amount of a bill is more than zero")
    return f"{cents:012}"


def _account(iban: str) -> str:
    """Bank, branch and account of a French IBAN, without its keys."""
    found = identifiers.rib(iban)
    if not found:
        raise ValueError("only French accounts are drawn upon")
    return "".join(found[:3])
