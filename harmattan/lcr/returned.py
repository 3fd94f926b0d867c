"""The bank's file of what came back: records of 240 characters, as the CFONB lays them out. Pure.

Of an LCR (operation 61) a record 34 says the day of the notice, our own number of the bill, its due date, the
code of the reason and the amount. Records of other operations are left alone. A file of another shape is
refused whole, each fault by its line and its positions.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WIDTH = 240
MOST_FAULTS = 20
HEADER, RECORD, TOTAL = "31", "34", "39"
OF_LCR, EURO = "61", "E"


class UnreadableNotice(ValueError):
    """The file cannot be taken; each message says in French which line, where, and what is expected."""

    def __init__(self, *messages: str):
        super().__init__(messages[0])
        self.messages = messages


@dataclass(frozen=True)
class Returned:
    """A bill that came back."""

    line: int
    bill: str
    """Our number of it."""
    drawee: str
    cents: int
    bank_code: str
    on: dt.date
    """The day of the notice."""


@dataclass(frozen=True)
class _Field:
    """Where a fact stands in a record, counted from one as the standard does."""

    first: int
    last: int
    pattern: str
    expected: str

    def of(self, record: str) -> str:
        return record[self.first - 1 : self.last]


_KIND = _Field(1, 2, f"{HEADER}|{RECORD}|{TOTAL}", f"{HEADER}, {RECORD} ou {TOTAL}")
_OPERATION = _Field(9, 10, r"[0-9A-Z ]{2}", "le code de l’opération")
_DAY = _Field(11, 16, r"\d{6}", "une date, JJMMAA")
_CURRENCY = _Field(17, 17, EURO, f"{EURO}, pour l’euro")
_DRAWEE = _Field(99, 122, r".{24}", "le nom du tiré")
_BILL = _Field(139, 148, r"[0-9A-Z ]{10}", "notre numéro de LCR")
_REASON = _Field(227, 228, r"\d{2}", "le code du motif, deux chiffres")
_CENTS = _Field(229, 240, r"\d{12}", "un montant en centimes, douze chiffres")
_OF_A_RECORD = (_DAY, _CURRENCY, _BILL, _REASON, _CENTS)


def read(text: str) -> list[Returned]:
    """The bills of a file that came back. Raises `UnreadableNotice`."""
    records = list(_records(text))
    faults = [fault for number, record in records for fault in _faults(number, record)]
    if faults:
        more = [f"Et {len(faults) - MOST_FAULTS} autres fautes"] if len(faults) > MOST_FAULTS else []
        raise UnreadableNotice(*faults[:MOST_FAULTS], *more)
    found = [_returned(number, record) for number, record in records if _is_lcr(record)]
    if not found:
        raise UnreadableNotice("Ce fichier ne dit aucune LCR impayée : envoyez celui des impayés de LCR")
    _refuse_another_total(records, found)
    return found


def _records(text: str) -> Iterator[tuple[int, str]]:
    """Its lines: some banks send them in one piece; the blanks behind a header are cut on some ways."""
    lines: Sequence[str] = text.splitlines()
    if len(lines) == 1 and lines[0] and len(lines[0]) % WIDTH == 0:
        lines = re.findall(f".{{{WIDTH}}}", lines[0])
    for number, line in enumerate(lines, 1):
        if line.strip("\x1a "):
            yield number, line.ljust(WIDTH) if line.startswith(HEADER) else line


def _faults(number: int, record: str) -> Iterator[str]:
    if len(record) != WIDTH:
        yield f"Ligne {number} : {len(record)} caractères, au lieu de {WIDTH}"
        return
    for field in (_KIND, _OPERATION, *_facts_of(record)):
        if not re.fullmatch(field.pattern, field.of(record)):
            yield _said(number, field, record)
    if _is_lcr(record) and _DAY.of(record).isdecimal() and _day(record) is None:
        yield _said(number, _DAY, record)


def _facts_of(record: str) -> Sequence[_Field]:
    """What is read of a record, and must be readable."""
    if _OPERATION.of(record) != OF_LCR:
        return ()
    return {RECORD: _OF_A_RECORD, TOTAL: (_CENTS,)}.get(_KIND.of(record), ())


def _said(number: int, field: _Field, record: str) -> str:
    where = (
        f"position {field.first}" if field.first == field.last else f"positions {field.first} à {field.last}"
    )
    return f"Ligne {number}, {where} : « {field.of(record).strip()} » ; attendu : {field.expected}"


def _is_lcr(record: str) -> bool:
    return _KIND.of(record) == RECORD and _OPERATION.of(record) == OF_LCR


def _returned(number: int, record: str) -> Returned:
    day = _day(record)
    if day is None:
        raise ValueError("ask only of a record that was checked")
    return Returned(
        line=number,
        bill=_BILL.of(record).strip(),
        drawee=" ".join(_DRAWEE.of(record).split()),
        cents=int(_CENTS.of(record)),
        bank_code=_REASON.of(record),
        on=day,
    )


def _day(record: str) -> dt.date | None:
    try:
        return dt.datetime.strptime(_DAY.of(record), "%d%m%y").date()  # noqa: DTZ007
    except ValueError:
        return None


def _refuse_another_total(records: Sequence[tuple[int, str]], found: Sequence[Returned]) -> None:
    """What is missing at the end of a file is seen by its total."""
    totals = [each for _, each in records if _KIND.of(each) == TOTAL and _OPERATION.of(each) == OF_LCR]
    if not totals:
        raise UnreadableNotice("Ce fichier n’a pas de total (39) pour les LCR : il n’est pas entier")
    told, are = sum(int(_CENTS.of(each)) for each in totals), sum(each.cents for each in found)
    if told != are:
        raise UnreadableNotice("Le total du fichier n’est pas la somme de ses lignes : il n’est pas entier")
