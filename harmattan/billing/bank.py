"""Our bank details, and the QR code that fills in a transfer (R74, R75; EPC069-12, domain.md §6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from harmattan.core import identifiers, money, qr
from harmattan.core.settings import House
from harmattan.core.typography import euros, typo

LONGEST_NAME, LONGEST_TEXT = 70, 140
LEAST_CENTS, MOST_CENTS = 1, 99_999_999_999


def details(house: House, label: str) -> list[list[str]]:
    """The RIB, line by line, with the label of the transfer."""
    pairs = [
        ["Titulaire", typo(house.name)],
        ["IBAN", identifiers.grouped_iban(house.iban)],
        ["BIC", house.bic],
        ["Banque", typo(house.bank_name)],
        *([["RIB", " ".join(rib)]] if (rib := identifiers.rib(house.iban)) else []),
    ]
    return [*pairs, ["Libellé", label]] if label else pairs


def epc(house: House, label: str, amount_cents: int) -> str:
    """The text of the QR code of a transfer in euros."""
    amount = f"EUR{money.euros(amount_cents):.2f}"
    iban = identifiers.compact(house.iban)
    lines = ("BCD", "002", "1", "SCT", house.bic, house.name[:LONGEST_NAME], iban, amount, "", "")
    return "\n".join((*lines, label[:LONGEST_TEXT]))


def can_be_transferred(amount_cents: int) -> bool:
    """Whether a transfer of this amount exists."""
    return LEAST_CENTS <= amount_cents <= MOST_CENTS


def told(house: House, sentences: Sequence[str], label: str, amount_cents: int) -> dict[str, Any]:
    """The block « Règlement » of a document (`bank` in layout.typ)."""
    drawn = qr.for_paper(epc(house, label, amount_cents)) if can_be_transferred(amount_cents) else None
    return {
        "heading": "Règlement",
        "sentences": [typo(sentence) for sentence in sentences],
        "details": details(house, label),
        "qr": drawn,
        "qr_words": qr_words(house, label, amount_cents),
    }


def qr_words(house: House, label: str, amount_cents: int) -> str:
    """What the QR code says, for whom it cannot be seen."""
    return typo(f"QR code de virement : {euros(amount_cents)} à {house.name}, libellé {label}")


@dataclass(frozen=True)
class Transfer:
    """A transfer to us as a page tells it: our RIB, its label, its QR code where there is an amount."""

    details: list[list[str]]
    epc: str
    """The text of the QR code; empty where nothing is to be transferred."""
    words: str


def transfer(house: House, account_number: str, amount_cents: int) -> Transfer | None:
    """How an account settles this amount; None where we have no bank details yet."""
    if not house.iban:
        return None
    label = f"Compte {account_number}"
    is_due = can_be_transferred(amount_cents)
    text = epc(house, label, amount_cents) if is_due else ""
    return Transfer(details(house, label), text, qr_words(house, label, amount_cents) if is_due else "")
