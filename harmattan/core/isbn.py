"""ISBN and EAN as booksellers type them: any hyphens, any spaces, ISBN-10 too (domain.md §1)."""

import re
from bisect import bisect_right
from functools import cache
from operator import itemgetter

from stdnum import ean, numdb
from stdnum import isbn as stdnum_isbn

_SEPARATORS = re.compile(r"[\s\-‐‑‒–—.  ]+")
_SHAPE = re.compile(r"[0-9]{9}[0-9Xx]|[0-9]{13}")
_BOOKLAND = ("978", "979")


class UnreadableIsbn(ValueError):
    """The text is not an ISBN. `suggestion` is the ISBN-13 meant when only the check digit is wrong."""

    def __init__(self, message: str, suggestion: str | None = None):
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion


def compact(text: str) -> str:
    """The text without the separators people put into an ISBN."""
    return _SEPARATORS.sub("", text)


def looks_like_isbn(text: str) -> bool:
    """Whether the text has the shape of an ISBN, its check digit right or wrong."""
    return bool(_SHAPE.fullmatch(compact(text)))


def parse(text: str) -> str:
    """The 13 digits of an ISBN typed in any form; raises `UnreadableIsbn` with what to do in French."""
    digits = compact(text).upper()
    if not digits:
        raise UnreadableIsbn("Saisissez un ISBN")
    if not _SHAPE.fullmatch(digits):
        raise _misshapen(digits)
    if len(digits) == 10:
        return _from_isbn10(digits)
    if not digits.startswith(_BOOKLAND):
        raise UnreadableIsbn(f"Vérifiez l’ISBN {digits} : il commence par 978 ou 979")
    if ean.calc_check_digit(digits[:-1]) != digits[-1]:
        meant = digits[:-1] + ean.calc_check_digit(digits[:-1])
        raise UnreadableIsbn(
            f"Vérifiez le dernier chiffre de l’ISBN {digits}, il devrait être {meant[-1]}", meant
        )
    return digits


def _from_isbn10(digits: str) -> str:
    meant = "978" + digits[:9]
    meant += ean.calc_check_digit(meant)
    if not stdnum_isbn.is_valid(digits):
        raise UnreadableIsbn(f"Vérifiez le dernier caractère de l’ISBN {digits}", meant)
    return meant


def _misshapen(digits: str) -> UnreadableIsbn:
    if not digits.isascii() or not digits.isdigit():
        return UnreadableIsbn("Saisissez l’ISBN en chiffres, par exemple 978-2-343-00001-5")
    if len(digits) < 13:
        return UnreadableIsbn(f"L’ISBN compte 13 chiffres : il en manque {13 - len(digits)}")
    return UnreadableIsbn(f"L’ISBN compte 13 chiffres : il y en a {len(digits) - 13} de trop")


def hyphenated(isbn: str) -> str:
    """The ISBN as it is printed: 978-2-343-00001-5. The digits as they are where no range is known."""
    ranges = _ranges()
    first, last, group_end, publisher_end = ranges[bisect_right(ranges, isbn[:12], key=itemgetter(0)) - 1]
    if len(isbn) != 13 or not first <= isbn[:12] <= last:
        return isbn
    parts = (isbn[:3], isbn[3:group_end], isbn[group_end:publisher_end], isbn[publisher_end:12], isbn[12])
    return "-".join(parts)


@cache
def _ranges() -> list[tuple[str, str, int, int]]:
    """(first, last, where the publisher's digits begin, where they end) of every range, in order.

    They are stdnum's, which looks through all of them for each ISBN: too long for an order of 500 titles.
    """
    return sorted(
        (
            *((ean + group + low).ljust(12, "0"), (ean + group + high).ljust(12, "9")),
            *(3 + len(group), 3 + len(group) + length),
        )
        for _, ean, _, _, groups in numdb.get("isbn").prefixes
        for _, group, _, _, publishers in groups
        for length, low, high, _, _ in publishers
    )
