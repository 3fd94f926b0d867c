"""References that people read aloud and type again: CMD-2026-000123, FA-2026-000045."""

import datetime as dt
import re
from collections.abc import Sequence

_TYPED = re.compile(r"(?:([a-z]{2,4})\s*-?\s*)?(?:(20\d\d)\s*[-/ ]\s*)?(\d{1,6})", re.IGNORECASE)
_YEARS_BACK = 3


def written(series: str, year: int, number: int) -> str:
    """CMD-2026-000123"""
    return f"{series}-{year}-{number:06}"


def meant(text: str, series: Sequence[str], today: dt.date) -> tuple[str, ...]:
    """The references of these series that somebody may mean, the likeliest first.

    « FA-2026-000045 », « fa 2026-45 », « 2026-45 » or « 45 »: without a year it is one of the last three,
    without letters one of any series; letters of another series mean none.
    """
    match = _TYPED.fullmatch(text.strip())
    if match is None or (match[1] and match[1].upper() not in series):
        return ()
    years = [int(match[2])] if match[2] else range(today.year, today.year - _YEARS_BACK, -1)
    letters = [match[1].upper()] if match[1] else series
    return tuple(written(each, year, int(match[3])) for year in years for each in letters)
