"""The layout of the fichier des écritures comptables (LPF art. A47 A-1, arrêté du 29 juillet 2013). Pure.

Eighteen fields, in this order and under these names, separated by a tabulation; ISO 8859-15, which is one of
the three sets of characters that the article names; days AAAAMMJJ, amounts with a comma.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from harmattan.bookkeeping.rules import Entry, Posting
from harmattan.core.csv_export import amount

FIELDS = (
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib"),
    *("CompAuxNum", "CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit"),
    *("EcritureLet", "DateLet", "ValidDate", "Montantdevise", "Idevise"),
)
SEPARATOR = "\t"
ENCODING = "iso8859-15"
_NOT_PRINTED = re.compile(r"[\s\x00-\x1f\x7f-\x9f|]+")
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."})


def file_name(siren: str, last: dt.date) -> str:
    """« 732829320FEC20261231.txt »: whose entries they are, and the last day they cover."""
    return f"{siren}FEC{_day(last)}.txt"


def content(entries: Iterable[Entry]) -> bytes:
    """The bytes of the file, its names of fields first."""
    rows = (FIELDS, *(row for entry in entries for row in _rows(entry)))
    return "".join(SEPARATOR.join(map(clean, row)) + "\r\n" for row in rows).encode(ENCODING)


def _rows(entry: Entry) -> Iterator[tuple[str, ...]]:
    for posting in entry.postings:
        yield (
            *(entry.journal, entry.journal.label, entry.number, _day(entry.on)),
            *_account(posting),
            *(entry.number, _day(entry.on), posting.text),
            *(amount(max(posting.cents, 0)), amount(max(-posting.cents, 0))),
            *_lettering(posting),
            *(_day(entry.validated_on), "", ""),
        )


def _account(posting: Posting) -> tuple[str, ...]:
    customer = posting.customer
    auxiliary = (customer.number, customer.name) if customer else ("", "")
    return posting.account, posting.name, *auxiliary


def _lettering(posting: Posting) -> tuple[str, ...]:
    return (posting.lettering.letter, _day(posting.lettering.on)) if posting.lettering else ("", "")


def _day(day: dt.date) -> str:
    return day.isoformat().replace("-", "")


@lru_cache(maxsize=4_000)  # accounts, customers and days come again and again
def clean(text: str) -> str:
    """One field: no separator, no line break, only characters of the set; what it lacks loses its accents."""
    plain = text.translate(_PLAIN)
    try:
        plain.encode(ENCODING)
    except UnicodeEncodeError:
        plain = "".join(each if each.encode(ENCODING, "ignore") else _nearest(each) for each in plain)
    return _NOT_PRINTED.sub(" ", plain).strip()


def _nearest(character: str) -> str:
    return unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode() or "?"
