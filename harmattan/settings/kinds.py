"""How a setting is typed, read, kept and shown: one `Kind` for each shape that a fact of the house has."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from harmattan.core import identifiers, typography
from harmattan.core.forms import basis_points, rate_text
from harmattan.core.identifiers import Misread
from harmattan.core.services import ANSWERING, Service
from harmattan.core.settings import PostalAddress

_TIME = re.compile(r"([01]?[0-9]|2[0-3])\s*(?:h|:|\.)\s*([0-5][0-9])?")


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Kind:
    """`read` takes what was typed, `write` gives it back as one would type it.

    `read` raises a `ValueError` that says what to type. `keep` and `take` lead to JSON and back, where the
    value itself is none.
    """

    read: Callable[[str], Any]
    write: Callable[[Any], str] = str
    keep: Callable[[Any], Any] = _same
    take: Callable[[Any], Any] = _same
    tell: Callable[[Any], str] | None = None
    """As one reads it, where that is not as one types it."""
    rows: int = 1
    """More than one: a text of several lines."""
    choices: tuple[tuple[str, str], ...] = ()
    """(value, label) where one is chosen."""
    mask: Callable[[str], str] = _same
    """How it stands in journals."""

    def show(self, value: Any) -> str:
        """As a reader sees it: a choice by its label."""
        written = (self.tell or self.write)(value)
        return dict(self.choices).get(written, written)

    def or_nothing(self) -> "Kind":
        """The same, where a fact may be left out."""
        return replace(self, read=lambda typed: self.read(typed) if typed.strip() else "")


def _text(longest: int) -> Callable[[str], str]:
    def read(typed: str) -> str:
        text = " ".join(typed.split())
        if not text:
            raise Misread("Remplissez ce champ : il est imprimé ou affiché partout")
        if len(text) > longest:
            raise Misread(f"Raccourcissez ce texte : {longest} caractères au plus")
        return text

    return read


def text(longest: int = 120) -> Kind:
    """One line."""
    return Kind(_text(longest))


def long_text(longest: int = 600) -> Kind:
    """A paragraph."""
    return Kind(_text(longest), rows=4)


def _phone(typed: str) -> str:
    digits = re.sub(r"[\s.()-]", "", typed).replace("+33", "0", 1)
    if not re.fullmatch(r"0[1-9][0-9]{8}", digits):
        raise Misread("Saisissez les 10 chiffres du téléphone, par exemple 01 40 46 79 13")
    return " ".join(re.findall("..", digits))


def _time(typed: str) -> dt.time:
    read = _TIME.fullmatch(typed.strip().lower())
    if read is None:
        raise Misread("Saisissez l’heure sous la forme 9 h ou 17 h 30")
    return dt.time(int(read[1]), int(read[2] or 0))


def _days(typed: str) -> frozenset[dt.date]:
    days = set()
    for line in filter(str.strip, typed.splitlines()):
        written = re.fullmatch(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*", line)
        try:
            if written is None:
                raise ValueError
            days.add(dt.date(int(written[3]), int(written[2]), int(written[1])))
        except ValueError:
            raise Misread(
                f"Vérifiez « {line.strip()[:40]} » : un jour par ligne, sous la forme 24/12/2026"
            ) from None
    return frozenset(days)


def _days_text(days: frozenset[dt.date]) -> str:
    return "\n".join(typography.date_digits(day) for day in sorted(days))


def count(fewest: int, most: int) -> Kind:
    """A whole number between two others, both allowed."""

    def read(typed: str) -> int:
        number = int(typed) if re.fullmatch(r"\s*[0-9]{1,4}\s*", typed) else -1
        if not fewest <= number <= most:
            raise Misread(f"Saisissez un nombre entier, de {fewest} à {most}")
        return number

    return Kind(read)


def _address(typed: str) -> PostalAddress:
    lines = tuple(" ".join(line.split()) for line in typed.splitlines() if line.strip())
    if not 2 <= len(lines) <= 6 or any(len(line) > 60 for line in lines):
        raise Misread("Écrivez l’adresse comme sur une enveloppe : de 2 à 6 lignes, 60 caractères au plus")
    return PostalAddress(lines)


def _issuer_number(typed: str) -> str:
    digits = identifiers.compact(typed)
    if not re.fullmatch("[0-9]{6}", digits):
        raise Misread("Saisissez les 6 chiffres du numéro national d’émetteur que notre banque a donné")
    return digits


def _gln(typed: str) -> str:
    if doubt := identifiers.gln_doubt(typed):
        raise Misread(f"Vérifiez le GLN : {doubt}")
    return identifiers.compact(typed)


def _ledger_account(typed: str) -> str:
    number = identifiers.compact(typed)
    if not re.fullmatch(r"[1-9][0-9]{2}[0-9A-Z]{0,9}", number):
        raise Misread("Saisissez un compte du plan comptable, par exemple 701000 : trois chiffres au moins")
    return number


def _service(typed: str) -> str:
    if typed not in (service.value for service in ANSWERING):
        raise Misread("Choisissez le service qui répond")
    return typed


def _time_text(time: dt.time) -> str:
    return f"{time.hour} h {time.minute:02}" if time.minute else f"{time.hour} h"


PHONE = Kind(_phone)
TIME = Kind(_time, _time_text, keep=dt.time.isoformat, take=dt.time.fromisoformat)
DAYS = Kind(
    _days,
    _days_text,
    keep=lambda days: sorted(day.isoformat() for day in days),
    take=lambda kept: frozenset(dt.date.fromisoformat(day) for day in kept),
    rows=5,
)
RATE = Kind(basis_points, rate_text)
"""Typed in per cent, kept in basis points."""
ADDRESS = Kind(
    _address,
    lambda address: "\n".join(address.lines),
    keep=lambda address: list(address.lines),
    take=lambda kept: PostalAddress(tuple(kept)),
    rows=5,
)
SIREN = Kind(identifiers.siren)
VAT_NUMBER = Kind(identifiers.vat_number)
GLN = Kind(_gln)
IBAN = Kind(identifiers.iban, mask=identifiers.masked_iban)
BIC = Kind(identifiers.bic)
LEDGER_ACCOUNT = Kind(_ledger_account)
ISSUER_NUMBER = Kind(_issuer_number)
SERVICE = Kind(_service, choices=tuple((each.value, Service(each).label) for each in ANSWERING))
