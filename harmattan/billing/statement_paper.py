"""The statement as it is printed: the facts of `documents/statement.typ`, in French (domain.md §9)."""

from typing import Any

from harmattan.access.models import Account
from harmattan.billing import bank
from harmattan.billing.ageing import AGES
from harmattan.billing.statements import Entry, Statement
from harmattan.core import clock, documents
from harmattan.core.settings import House, house
from harmattan.core.typography import date_digits, date_long, euros, typo


def pdf(account: Account, told: Statement) -> bytes:
    """The whole statement on A4; raises `DocumentNotMade`."""
    period = f"du {date_long(told.first)} au {date_long(told.last)}"
    opening = _balance("Solde d’ouverture", told.opening_cents)
    closing = _balance("Solde de clôture", told.closing_cents)
    entries = [_entry(entry) for entry in told.entries]
    facts = {
        "heading": "Relevé de compte",
        "under": period,
        "facts": [["Compte client", account.number], ["Arrêté au", date_long(told.last)]],
        "addressee": [account.legal_name, *account.place.lines],
        "opening": opening,
        "entries": entries,
        "closing": closing,
        "longest": [max(column, key=len) for column in zip(opening, closing, *entries, strict=True)],
        "ages": [*AGES, "À déduire", "Solde"],
        "owed": [*map(euros, told.ages), euros(-told.free_cents), euros(told.closing_cents)],
        "payment": _payment(account, told, house()),
        "notes": [typo(note) for note in NOTES],
    }
    return documents.pdf(
        "statement", facts, title=f"Relevé du compte {account.number}, {period}", made_at=clock.now()
    )


NOTES = (
    "FA : facture. AV : avoir. RG : règlement reçu. Une même lettre désigne des pièces qui se soldent entre"
    " elles, parfois avec des pièces d’une autre période.",
    "Ce relevé n’est pas une facture.",
)


def _entry(entry: Entry) -> list[str]:
    return [
        date_digits(entry.on),
        entry.series,
        entry.number,
        entry.order_reference or (entry.label if entry.kind is None else ""),
        date_digits(entry.due_on),
        euros(entry.debit_cents) if entry.debit_cents else "",
        euros(entry.credit_cents) if entry.credit_cents else "",
        euros(entry.balance_cents),
        entry.letter,
    ]


def _balance(said: str, cents: int) -> list[str]:
    return ["", "", said, "", "", "", "", euros(cents), ""]


def _payment(account: Account, told: Statement, our: House) -> dict[str, Any] | None:
    """Our bank details, with the QR code of the transfer where something is left to pay."""
    if not our.iban:
        return None
    return bank.told(our, [told.instruction], f"Compte {account.number}", told.to_pay_cents)
