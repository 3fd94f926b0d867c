"""Sales for a spreadsheet: a row for each document and VAT rate, as bookkeepers check a VAT return."""

from collections.abc import Iterable, Iterator

from harmattan.bookkeeping.rules import Sale
from harmattan.core import csv_export
from harmattan.core.csv_export import amount
from harmattan.core.typography import date_digits

HEADER = (
    *("Date", "Type", "Numéro", "Compte", "Client", "Commande", "Échéance"),
    *("Taux de TVA", "Ventes HT", "Port HT", "Base HT", "TVA", "TTC"),
)


def content(sales: Iterable[Sale]) -> bytes:
    """CSV, amounts in euros; those of a credit note are negative."""
    return csv_export.content(HEADER, (row for sale in sales for row in _rows(sale)))


def _rows(sale: Sale) -> Iterator[tuple[str, ...]]:
    for share in sale.shares:
        net_cents = share.net_cents
        cents = (share.goods_cents, share.carriage_cents, net_cents, share.vat_cents)
        yield (
            *(date_digits(sale.issued_on), sale.label, sale.number, sale.customer.number),
            *(sale.customer.name, sale.order_reference, date_digits(sale.due_on)),
            amount(share.rate_bp),
            *(amount(sale.sign * each) for each in (*cents, net_cents + share.vat_cents)),
        )
