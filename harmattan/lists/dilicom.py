"""The flat order file of the trade (« texte plat », domain.md §3.1), recognised by its first line A0001.

Each line is a letter, its running number on four digits, and what the letter announces. A file that
does not hold together is refused whole: a line lost on the way would be a book not ordered.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

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

_FOLLOWS = {"": "A", "A": "B", "B": "C", "C": "D", "D": "E", "E": "GL", "G": "GL", "L": "LQ", "Q": ""}
_CONTENT = {
    "A": (r"[0-9]{13}", "le GLN du destinataire, 13 chiffres"),
    "B": (r"[0-9]{13}", "votre GLN, 13 chiffres"),
    "C": (r"\S(?:.{0,38}\S)?", "votre numéro de commande, 40 caractères au plus"),
    "D": (r"20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])", "la date sous la forme AAAAMMJJ"),
    "E": (r"[0-9]{3}.*", "le mode de livraison et de notation, 3 chiffres"),
    "G": (r".*", "un type de commande ou une référence"),
    "L": (r"[0-9]{19}", "l’EAN sur 13 chiffres et la quantité sur 6, soit 24 caractères en tout"),
    "Q": (r"", "rien d’autre"),
}


class DilicomOrder(NamedTuple):
    """An order file that holds together."""

    orderer_gln: str
    order_number: str
    rows: list[Row]


def is_order(numbered: Sequence[tuple[int, str]]) -> bool:
    """Whether these lines begin as an order file does."""
    return bool(numbered) and re.match(r"A0001[0-9]", numbered[0][1]) is not None


def read(numbered: Sequence[tuple[int, str]]) -> DilicomOrder:
    """The order of these lines; raises `UnreadableList` with the line and what is expected there."""
    facts: dict[str, str] = {}
    rows: list[Row] = []
    previous = ""
    check_length(sum(text.startswith("L") for _, text in numbered))
    for position, (n, text) in enumerate(numbered, 1):
        letter, content = _parts(n, position, text.rstrip(" \x1a"), _FOLLOWS[previous])
        if letter == "L":
            rows.append(_row(n, text, content))
        facts[letter], previous = content, letter
    if previous != "Q":
        raise UnreadableList(
            f"Le fichier est incomplet : attendu Q{len(numbered) + 1:04} à la fin, qui compte les lignes"
        )
    return DilicomOrder(facts["B"], facts["C"].strip(), merge(rows))


def _parts(n: int, position: int, text: str, letters: str) -> tuple[str, str]:
    if not letters:
        raise UnreadableList(f"Ligne {n} : rien n’est attendu après la ligne Q, lu « {quoted(text)} »")
    letter, content = text[:1], text[5:]
    expected = letter if letter in letters else letters[0]
    pattern, meaning = _CONTENT[expected]
    if text[:5] != f"{expected}{position:04}" or not re.fullmatch(pattern, content):
        choices = " ou ".join(f"{one}{position:04}" for one in (letters if letter not in letters else letter))
        raise UnreadableList(f"Ligne {n} : attendu {choices} puis {meaning}, lu « {quoted(text)} »")
    return letter, content


def _row(n: int, text: str, content: str) -> Row:
    row = with_quantity(with_isbn(Row((Source(n, quoted(text)),)), content[:13]), content[13:])
    return row._replace(sources=(Source(n, quoted(text), row.quantity),))
