"""The statement for a spreadsheet (R70)."""

import datetime as dt

from harmattan.billing.statements import Entry, Statement
from harmattan.core import csv_export
from harmattan.core.csv_export import amount
from harmattan.core.typography import date_digits

HEADER = (
    *("Date", "Type", "Numéro", "Libellé", "Commande", "Échéance"),
    *("Débit", "Crédit", "Solde", "Lettrage"),
)


def content(told: Statement) -> bytes:
    """The whole statement as CSV, amounts in euros."""
    opening = _balance(told.first, "Solde d’ouverture", told.opening_cents)
    closing = _balance(told.last, "Solde de clôture", told.closing_cents)
    return csv_export.content(HEADER, [opening, *map(_row, told.entries), closing])


def _row(entry: Entry) -> tuple[str, ...]:
    return (
        *(date_digits(entry.on), entry.series, entry.number, entry.label, entry.order_reference),
        date_digits(entry.due_on),
        *(amount(cents) if cents else "" for cents in (entry.debit_cents, entry.credit_cents)),
        amount(entry.balance_cents),
        entry.letter,
    )


def _balance(on: dt.date, label: str, cents: int) -> tuple[str, ...]:
    return (date_digits(on), "", "", label, "", "", "", "", amount(cents), "")
