"""The segments that our messages share (EANCOM D.96A, domain.md §3.2)."""

import datetime as dt
from collections.abc import Sequence

from pydifact.segments import Segment

from harmattan.access.models import Account
from harmattan.core import money
from harmattan.core.edifact import Party, plain
from harmattan.core.places import Address
from harmattan.core.settings import house

_HALF = 35


def us() -> Party:
    return Party(house().gln, "HARMATTAN")


def of_account(account: Account) -> Party:
    return Party(account.gln, account.number)


def day(code: str, on: dt.date) -> Segment:
    return Segment("DTM", [code, f"{on:%Y%m%d}", "102"])


def reference(code: str, number: str) -> Segment:
    return Segment("RFF", [code, plain(number, _HALF)])


def party(role: str, who: Party) -> Segment:
    return Segment("NAD", role, who.in_message)


def address(role: str, who: Party, at: Address) -> Segment:
    """A party with the address that counts for this message."""
    return Segment(
        *("NAD", role, who.in_message, ""),
        *(plain(at.recipient, _HALF), plain(at.street, _HALF), plain(at.city, _HALF), ""),
        *(plain(at.postal_code, 9), at.country),
    )


def line(number: int, isbn: str, title: str, action: str = "") -> list[Segment]:
    """A title: its code both as EAN and as ISBN, and its name in two halves."""
    name = plain(title)
    codes = [Segment("LIN", str(number), action, [isbn, "EN"]), Segment("PIA", "5", [isbn, "IB"])]
    coded = codes if isbn else [Segment("LIN", str(number), action)]
    return [*coded, Segment("IMD", "F", "050", ["", "", "", name[:_HALF], name[_HALF:]])]


def quantity(code: str, count: int) -> Segment:
    return Segment("QTY", [code, str(count)])


def amount(code: str, cents: int) -> Segment:
    return Segment("MOA", [code, f"{money.euros(cents):.2f}"])


def prices(net_unit_micros: int, public_cents: int) -> list[Segment]:
    """What a copy costs net HT, to the last decimal, and its public price TTC."""
    net = f"{money.from_micros(net_unit_micros):f}"
    return [
        Segment("PRI", ["AAA", net.rstrip("0").rstrip(".") if "." in net else net]),
        Segment("PRI", ["AAB", f"{money.euros(public_cents):.2f}"]),
    ]


def rate(basis_points: int) -> str:
    """« 5.5 »"""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".")


def tax(basis_points: int) -> Segment:
    return Segment("TAX", "7", "VAT", "", "", ["", "", "", rate(basis_points)])


def end(lines: Sequence[object]) -> list[Segment]:
    return [Segment("UNS", "S"), Segment("CNT", ["2", str(len(lines))])]
