"""An order as an EDIFACT message (ORDERS D.96A, domain.md §3.2), beside the flat file of the trade.

The message becomes a list under review, with the rules of every list. What it says beyond its lines (dates, a
text) is told as notes: the shop puts it into the cart, where both dates are checked.
"""

from collections.abc import Sequence
from typing import NamedTuple

from pydifact.segments import Segment

from harmattan.core import edifact
from harmattan.core.edifact import part
from harmattan.core.typography import date_long
from harmattan.lists.rules import (
    Row,
    Source,
    UnreadableList,
    check_length,
    merge,
    quoted,
    with_isbn,
    with_quantity,
)

_ORDERS = ("220", "224")
_TAKEN = ("", "7", "9")
_REFUSED = {"1": "annule une commande", "4": "modifie une commande", "31": "est une copie"}
_DATES = {
    "2": "Date de livraison impérative",
    "64": "Pas de livraison avant le",
    "63": "Livraison au plus tard",
}
LONGEST_NUMBER = 40


class EdiOrder(NamedTuple):
    """An order message that holds together."""

    orderer_gln: str
    order_number: str
    interchange: str
    """Sender and control reference: known once, it is not taken again."""
    rows: list[Row]
    notes: list[str]


def read(text: str) -> EdiOrder:
    """The order of this interchange; raises `UnreadableList` with what is wrong."""
    try:
        interchange = edifact.read(text)
    except edifact.UnreadableInterchange as fault:
        raise UnreadableList(fault.message) from None
    if [message.kind for message in interchange.messages] != ["ORDERS"]:
        raise UnreadableList("Envoyez un échange qui contient un seul message ORDERS")
    head, lines = _split(interchange.messages[0].segments)
    number = _number(head)
    rows = [_row(position, line) for position, line in enumerate(lines, 1)]
    key = f"{interchange.sender}/{interchange.reference}"[:80]
    return EdiOrder(_orderer(head), number, key, merge(rows), _notes(head))


def _split(segments: Sequence[Segment]) -> tuple[list[Segment], list[list[Segment]]]:
    """What stands before the first line, and the lines; their count must be the one that is told."""
    head: list[Segment] = []
    lines: list[list[Segment]] = []
    here = head
    for segment in segments:
        if segment.tag == "UNS":
            here = []
        elif segment.tag == "LIN":
            here = [segment]
            lines.append(here)
        else:
            here.append(segment)
    check_length(len(lines))
    told = [part(each, 0, 1) for each in segments if each.tag == "CNT" and part(each, 0) == "2"]
    if not lines or any(count.lstrip("0") != str(len(lines)) for count in told):
        raise UnreadableList(
            f"CNT annonce {(told or ['0'])[0][:10]} ligne(s), lu {len(lines)} segment(s) LIN"
        )
    return head, lines


def _number(head: Sequence[Segment]) -> str:
    begin = next((each for each in head if each.tag == "BGM"), None)
    if begin is None or part(begin, 0) not in _ORDERS or not part(begin, 1).strip():
        raise UnreadableList("BGM : attendu 220, puis votre numéro de commande")
    if part(begin, 2) not in _TAKEN:
        what = _REFUSED.get(part(begin, 2), "n’est pas un original")
        raise UnreadableList(f"BGM : ce message {what}. Écrivez au service commercial")
    if len(number := part(begin, 1).strip()) > LONGEST_NUMBER:
        raise UnreadableList(f"BGM : votre numéro de commande, {LONGEST_NUMBER} caractères au plus")
    return number


def _orderer(head: Sequence[Segment]) -> str:
    return next((part(each, 1) for each in head if each.tag == "NAD" and part(each, 0) == "BY"), "")


def _notes(head: Sequence[Segment]) -> list[str]:
    dates = [
        f"{_DATES[part(each, 0)]} : {_day(part(each, 0, 1))}, à indiquer dans le panier."
        for each in head
        if each.tag == "DTM" and part(each, 0) in _DATES
    ]
    texts = [
        f"Texte du message : « {quoted(' '.join(filter(None, (part(each, 3, at) for at in range(5)))))} »."
        for each in head
        if each.tag == "FTX"
    ]
    return dates + texts


def _day(text: str) -> str:
    day = edifact.day(text)
    return date_long(day) if day else quoted(text)


def _row(position: int, line: Sequence[Segment]) -> Row:
    codes = [part(line[0], 2)] + [part(each, 1) for each in line if each.tag == "PIA"]
    asked = next((part(each, 0, 1) for each in line if each.tag == "QTY" and part(each, 0) == "21"), "")
    isbn = next((code for code in codes if code), "")
    text = quoted(f"LIN {part(line[0], 0)} {isbn} QTY {asked}")
    row = with_quantity(with_isbn(Row((Source(position, text),)), isbn), asked)
    return row._replace(sources=(Source(position, text, row.quantity),))
