"""What people type to find an order, and what it can mean. Pure."""

import datetime as dt
from dataclasses import dataclass

from harmattan.catalogue.rules import fold
from harmattan.core import isbn, references


@dataclass(frozen=True)
class Sought:
    """What a search among one's orders can mean; each is one look-up in an index."""

    references: tuple[str, ...] = ()
    invoices: tuple[str, ...] = ()
    isbn: str = ""
    own_reference: str = ""
    """The folded beginning of the shop's own reference."""


def sought(text: str, today: dt.date) -> Sought:
    """Read a number (CMD-2026-000123, 2026-123, 123), an invoice's (FA-2026-000045), an ISBN in any form,
    or an own reference.
    """
    try:
        return Sought(isbn=isbn.parse(text))
    except isbn.UnreadableIsbn:
        pass
    invoices = references.meant(text, ("FA",), today) if "FA" in text.upper() else ()
    return Sought(references.meant(text, ("CMD",), today), invoices, own_reference=fold(text))
