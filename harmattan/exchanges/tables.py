"""The same facts as tables, and the order as the trade's flat file (domain.md §3.1, §3.4)."""

from harmattan.billing.models import Document
from harmattan.core import clock, csv_export, money
from harmattan.core.settings import house
from harmattan.orders.models import Order
from harmattan.shipments.models import Shipment

_TITLE = ("ISBN", "Quantité", "Titre")


def order(found: Order) -> bytes:
    """Read again as a list it gives the same titles and quantities."""
    header = (*_TITLE, "Votre référence", "Prix public TTC", "Remise (%)", "Expédié", "Reste", "Annulé")
    return csv_export.content(
        header,
        (
            (
                *(line.isbn, line.quantity, line.title, line.own_reference),
                *(csv_export.amount(line.price_cents), csv_export.amount(line.discount_bp)),
                *(line.shipped, line.remaining, line.cancelled),
            )
            for line in found.lines
        ),
    )


def shipment(found: Shipment) -> bytes:
    header = (*_TITLE, "Commande", "Bon de livraison", "Colis", "Transporteur", "Suivi")
    return csv_export.content(
        header,
        (
            (
                *(line.order_line.isbn, line.quantity, line.order_line.title, found.order.reference),
                *(found.reference, parcel.number, parcel.carrier_label, parcel.tracking_number),
            )
            for parcel in found.parcels
            for line in parcel.lines
        ),
    )


def document(found: Document) -> bytes:
    header = (*_TITLE, "Document", "Prix public TTC", "Remise (%)", "Prix net HT", "Total HT", "TVA (%)")
    return csv_export.content(
        header,
        (
            (
                *(line.isbn, line.quantity, line.designation, found.number),
                *(csv_export.amount(line.price_cents), csv_export.amount(line.discount_bp)),
                f"{money.from_micros(line.net_unit_micros):f}".replace(".", ","),
                *(csv_export.amount(line.line_cents), csv_export.amount(line.vat_bp)),
            )
            for line in found.lines
        ),
    )


def flat(found: Order) -> bytes:
    """The trade's flat order file; both sides have a GLN."""
    placed = clock.in_paris(found.placed_at)
    facts = [
        *(("A", house().gln), ("B", found.account.gln), ("C", found.reference), ("D", f"{placed:%Y%m%d}")),
        ("E", "090"),
        *(("L", f"{line.isbn}{line.quantity:06}") for line in found.lines),
        ("Q", ""),
    ]
    return "".join(f"{letter}{at:04}{content}\r\n" for at, (letter, content) in enumerate(facts, 1)).encode()
