"""Working days, and dates as booksellers type them (R25, R64, R108; domain.md §7)."""

import datetime as dt
import re
import unicodedata
from collections.abc import Collection
from functools import cache

import holidays

_MONTHS = ("janv", "fevr", "mars", "avr", "mai", "juin", "juil", "aout", "sept", "oct", "nov", "dec")
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_NUMERIC = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})(?:[/.\- ](\d{4}|\d{2}))?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WORDS = re.compile(r"(?:[a-z]+ )?(\d{1,2})(?:er)? ([a-z]+)\.?(?: (\d{4}))?")


class UnreadableDate(ValueError):
    """The text is no date; the message says in French what to type."""


@cache
def public_holidays(year: int) -> frozenset[dt.date]:
    """The eleven public holidays of metropolitan France."""
    return frozenset(holidays.country_holidays("FR", years=year))


def is_working_day(day: dt.date, closed: Collection[dt.date] = ()) -> bool:
    """Monday to Friday, neither a public holiday nor one of our own closing days."""
    return day.weekday() < 5 and day not in public_holidays(day.year) and day not in closed


def next_working_day(day: dt.date, closed: Collection[dt.date] = ()) -> dt.date:
    """The day itself when it is a working day, else the first one after it."""
    while not is_working_day(day, closed):
        day += dt.timedelta(days=1)
    return day


def previous_working_day(day: dt.date, closed: Collection[dt.date] = ()) -> dt.date:
    """The day itself when it is a working day, else the last one before it."""
    while not is_working_day(day, closed):
        day -= dt.timedelta(days=1)
    return day


def add_working_days(day: dt.date, count: int, closed: Collection[dt.date] = ()) -> dt.date:
    """The working day `count` working days after `day`; the day after it counts as the first (R25)."""
    for _ in range(count):
        day = next_working_day(day + dt.timedelta(days=1), closed)
    return day


def working_days_between(first: dt.date, last: dt.date, closed: Collection[dt.date] = ()) -> int:
    """How many working days lie from `first` to `last`, both counted."""
    span = (last - first).days + 1
    return sum(is_working_day(first + dt.timedelta(days=offset), closed) for offset in range(span))


def parse_date(text: str, today: dt.date) -> dt.date:
    """A date typed as 2026-12-04, 04/12/2026, 4-12-26, « 4 déc. », « demain » or « lundi » (R108).

    Without a year it is the next such day from `today` on. Raises `UnreadableDate`.
    """
    plain = _plain(text)
    if relative := _relative(plain, today):
        return relative
    for pattern, reader in ((_ISO, _iso), (_NUMERIC, _numeric), (_WORDS, _worded)):
        if match := pattern.fullmatch(plain):
            return _existing(reader(match), text, today)
    raise UnreadableDate("Saisissez la date sous la forme jj/mm/aaaa, par exemple 04/12/2026")


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def _relative(plain: str, today: dt.date) -> dt.date | None:
    if plain in ("aujourd'hui", "aujourd’hui"):
        return today
    if plain in ("demain", "apres-demain", "apres demain"):
        return today + dt.timedelta(days=1 if plain == "demain" else 2)
    if plain in WEEKDAYS:
        ahead = (WEEKDAYS.index(plain) - today.weekday() - 1) % 7 + 1
        return today + dt.timedelta(days=ahead)
    return None


_Parts = tuple[int | None, int, int]


def _iso(match: re.Match[str]) -> _Parts:
    year, month, day = (int(part) for part in match.groups())
    return year, month, day


def _numeric(match: re.Match[str]) -> _Parts:
    day, month, year = match.groups()
    if year is None:
        return None, int(month), int(day)
    return int(year) + (2000 if len(year) == 2 else 0), int(month), int(day)


def _worded(match: re.Match[str]) -> _Parts:
    day, name, year = match.groups()
    meant = [i for i, month in enumerate(_MONTHS, 1) if len(name) >= 3 and _same_month(name, month)]
    return int(year) if year else None, meant[0] if len(meant) == 1 else 0, int(day)


def _same_month(name: str, month: str) -> bool:
    return name.startswith(month) or month.startswith(name)


def _existing(parts: _Parts, text: str, today: dt.date) -> dt.date:
    year, month, day = parts
    try:
        if year is not None:
            return dt.date(year, month, day)
        this_year = dt.date(today.year, month, day)
        return this_year if this_year >= today else this_year.replace(year=today.year + 1)
    except ValueError:
        raise UnreadableDate(f"Vérifiez la date « {text.strip()[:40]} » : ce jour n’existe pas") from None
