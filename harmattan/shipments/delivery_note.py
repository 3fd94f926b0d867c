"""The delivery note that goes with a shipment: what is in each parcel, what is still to come (R67)."""

from typing import Any

from harmattan.core import clock, documents, isbn
from harmattan.core.typography import date_long, date_weekday, kilograms, number, plural, typo
from harmattan.orders.models import OrderLine
from harmattan.shipments.models import Parcel, ParcelLine, Shipment


def pdf(shipment: Shipment) -> bytes:
    """The note on A4, with boxes to tick off at the counter; raises `DocumentNotMade`."""
    copies = sum(line.quantity for parcel in shipment.parcels for line in parcel.lines)
    day = date_long(clock.in_paris(shipment.left_at).date())
    return documents.pdf(
        "delivery_note",
        {
            "heading": "Bon de livraison",
            "reference": shipment.reference,
            "under": f"{shipment.reference}, {day}",
            "facts": _facts(shipment),
            "addressee": [typo(line) for line in shipment.address.lines],
            "bars": documents.code_128(shipment.reference),
            "parcels": [_parcel(parcel, shipment.remaining) for parcel in shipment.parcels],
            "waiting": _waiting(shipment),
            "total": f"{plural(len(shipment.parcels), 'colis', 'colis')}, {plural(copies, 'exemplaire')}",
        },
        title=f"Bon de livraison {shipment.reference}",
        made_at=shipment.left_at,
    )


def _facts(shipment: Shipment) -> list[list[str]]:
    order = shipment.order
    told = {
        "Compte client": order.account.number,
        "Commande": order.reference,
        "Votre référence": order.own_reference,
        "Envoi": order.mode.label,
        "Au comptoir dès le" if order.mode.is_collected else "Livraison prévue le": date_weekday(
            shipment.delivery_on
        ),
    }
    return [[label, typo(value)] for label, value in told.items() if value]


def _parcel(parcel: Parcel, remaining: dict[str, Any]) -> dict[str, Any]:
    said = [parcel.carrier_label, parcel.tracking_number]
    said.append(kilograms(parcel.weight_g) if parcel.weight_g else "")
    return {
        "heading": f"Colis {parcel.number}",
        "said": ", ".join(part for part in said if part),
        "lines": [_line(line, remaining.get(str(line.order_line_id), 0)) for line in parcel.lines],
    }


def _line(line: ParcelLine, remaining: int) -> dict[str, str]:
    return _title(line.order_line) | {
        "copies": number(line.quantity),
        "remaining": number(remaining) if remaining else "",
    }


def _waiting(shipment: Shipment) -> list[dict[str, str]]:
    """What did not leave at all, and is still to come."""
    sent = {line.order_line_id for parcel in shipment.parcels for line in parcel.lines}
    return [
        _title(line) | {"remaining": number(shipment.remaining[str(line.id)])}
        for line in shipment.order.lines
        if str(line.id) in shipment.remaining and line.id not in sent
    ]


def _title(line: OrderLine) -> dict[str, str]:
    return {
        "title": typo(line.title),
        "isbn": isbn.hyphenated(line.isbn),
        "own_reference": typo(line.own_reference),
    }
