"""Invoices and credit notes for a spreadsheet, as bookkeepers enter them."""

from collections.abc import Iterable

from harmattan.billing.models import Document
from harmattan.core import csv_export
from harmattan.core.csv_export import amount
from harmattan.core.typography import date_digits

HEADER = (
    *("Date", "Type", "Numéro", "Commande", "Votre référence", "Échéance"),
    *("Total HT", "TVA", "Total TTC", "Reste"),
)


def content(documents: Iterable[Document]) -> bytes:
    """One row a document as CSV, amounts in euros; those of a credit note are negative."""
    return csv_export.content(HEADER, map(_row, documents))


def _row(document: Document) -> tuple[str, ...]:
    vat_cents = document.total_cents - document.net_cents
    cents = (document.net_cents, vat_cents, document.total_cents, document.open_cents)
    return (
        *(date_digits(document.issued_on), document.kind.series, document.number),
        *(document.order_reference, document.own_reference, date_digits(document.due_on)),
        *(amount(document.kind.sign * each) for each in cents),
    )
