"""Single values of ONIX as ours: dates, weights in grams, prices in cents, rates in basis points.

What cannot be read is None, or a `ValueError` whose French message stands in the report.
"""

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from stdnum import ean

from harmattan.core import isbn

EARLIEST, LATEST = dt.date(1400, 1, 1), dt.date(2199, 12, 31)
HEAVIEST_G = 100_000
LARGEST_PRICE_CENTS = 10_000_000
MOST_PAGES = 50_000

_DAY = re.compile(r"(\d{4})(\d{2})?(\d{2})?(?:T\d{4}.*)?", re.ASCII)
_DIGITS_OF_FORMAT = {"": (8, 6, 4), "00": (8,), "01": (6,), "05": (4,), "13": (8,), "14": (8,)}
"""Formats of ONIX list 55 that name one day, month or year: how many digits the date has."""
_GRAMS = {"gr": Decimal(1), "kg": Decimal(1000)}


def date(text: str, form: str = "") -> dt.date | None:
    """A date of format 00, 01 or 05 (or with a time, 13 and 14); a month or a year is its first day."""
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    year, month, day = match.groups()
    if len(year + (month or "") + (day or "")) not in _DIGITS_OF_FORMAT.get(form, ()):
        return None
    try:
        found = dt.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return found if EARLIEST <= found <= LATEST else None


def weight_g(text: str, unit: str) -> int | None:
    """A weight in whole grams, half up; None for another unit or an impossible weight."""
    factor, measured = _GRAMS.get(unit), _decimal(text)
    if factor is None or measured is None or measured * factor > HEAVIEST_G:
        return None
    return int((measured * factor).quantize(Decimal(1), ROUND_HALF_UP)) or None


def price_cents(text: str) -> int:
    """A price in cents, exactly; raises ValueError for what is no price."""
    amount = _decimal(text)
    if amount is None:
        raise ValueError(f"prix illisible : « {text[:20]} »")
    if amount * 100 != int(amount * 100):
        raise ValueError(f"prix à plus de deux décimales : {text[:20]}")
    if amount <= 0:
        raise ValueError("prix nul : un titre sans prix porte UnpricedItemType")
    if amount * 100 > LARGEST_PRICE_CENTS:
        raise ValueError(f"prix invraisemblable : {text[:20]}")
    return int(amount * 100)


def rate_bp(text: str) -> int | None:
    """A VAT rate in basis points: 5.5 is 550."""
    percent = _decimal(text)
    if percent is None or percent > 100 or percent * 100 != int(percent * 100):
        return None
    return int(percent * 100)


def amount(text: str) -> Decimal:
    """A plain amount, 0 where it cannot be read (it only weighs one tax against another)."""
    return _decimal(text) or Decimal(0)


def pages(text: str) -> int | None:
    """A number of pages."""
    if not (text.isascii() and text.isdigit()) or len(text) > 6:
        return None
    return int(text) if 0 < int(text) <= MOST_PAGES else None


def product_number(kind: str, text: str) -> str:
    """The 13 digits of an identifier (list 5: 15 ISBN-13, 03 GTIN-13, 02 ISBN-10); raises ValueError."""
    digits = isbn.compact(text)
    if kind == "03" and len(digits) == 13 and ean.is_valid(digits):
        return digits  # a calendar or a game has no ISBN
    return isbn.parse(digits)


def _decimal(text: str) -> Decimal | None:
    """A number of at least 0, with a point or a comma."""
    if len(text) > 20:
        return None
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() and number >= 0 else None
