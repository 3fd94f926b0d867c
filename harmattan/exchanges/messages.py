"""An order and its answers as EDIFACT messages: ORDERS, ORDRSP, DESADV, INVOIC (EANCOM D.96A).

`RFF+ON` is the shop's own reference where it gave one, `RFF+VN` ours.
"""

import re

from pydifact.segments import Segment

from harmattan.billing.models import Document
from harmattan.billing.rules import Kind
from harmattan.core import clock
from harmattan.core.edifact import plain
from harmattan.core.settings import house
from harmattan.exchanges import segments as of
from harmattan.orders.models import Order, OrderLine
from harmattan.orders.rules import Status
from harmattan.shipments.models import Parcel, Shipment

_EURO = Segment("CUX", ["2", "EUR", "9"])
_SSCC = re.compile(r"[0-9]{18}")


def orders(order: Order) -> list[Segment]:
    """The order as it was placed."""
    found = [Segment("BGM", "220", plain(order.own_reference or order.reference, 35), "9"), *_of_order(order)]
    if order.comment:
        found.append(Segment("FTX", "DEL", "", "", plain(order.comment)))
    for number, line in enumerate(order.lines, 1):
        found += [
            *of.line(number, line.isbn, line.title),
            of.quantity("21", line.quantity),
            *of.prices(line.net_unit_micros, line.price_cents),
            of.reference("LI", line.own_reference or str(number)),
        ]
    return found + of.end(order.lines)


def ordrsp(order: Order) -> list[Segment]:
    """What becomes of each title, as it stands now."""
    answers = [_answer(line) for line in order.lines]
    code = "27" if order.status is Status.CANCELLED else "29" if set(answers) == {"5"} else "4"
    found = [Segment("BGM", "231", order.reference, code), *_of_order(order)]
    for number, (line, answer) in enumerate(zip(order.lines, answers, strict=True), 1):
        counts = (("21", line.quantity), ("12", line.shipped), ("83", line.remaining))
        found += [
            *of.line(number, line.isbn, line.title, answer),
            *(of.quantity(kind, count) for kind, count in counts if count or kind == "21"),
            *of.prices(line.net_unit_micros, line.price_cents),
            of.reference("LI", line.own_reference or str(number)),
        ]
    return found + of.end(order.lines)


def desadv(shipment: Shipment) -> list[Segment]:
    """What left, parcel by parcel."""
    order = shipment.order
    left_on = clock.in_paris(shipment.left_at).date()
    buyer = of.of_account(order.account)
    found = [
        Segment("BGM", "351", shipment.reference, "9"),
        *(of.day("137", left_on), of.day("11", left_on), of.day("17", shipment.delivery_on)),
        *_references(order),
        *(of.party("BY", buyer), of.party("SU", of.us()), of.address("DP", buyer, shipment.address)),
        *(
            Segment("TDT", "20", "", "30", "", ["", "", "", plain(carrier, 35)])
            for carrier in _carriers(shipment)
        ),
        *(Segment("CPS", "1"), Segment("PAC", str(len(shipment.parcels)))),
    ]
    lines: list[Segment] = []
    for parcel in shipment.parcels:
        lines += _parcel(parcel, sum(each.tag == "LIN" for each in lines))
    found += lines
    return [*found, Segment("CNT", ["2", str(sum(each.tag == "LIN" for each in lines))])]


def invoic(document: Document) -> list[Segment]:
    """An invoice or a credit note, to the cent."""
    is_invoice = document.kind is Kind.INVOICE
    found = [
        Segment("BGM", "380" if is_invoice else "381", document.number, "9"),
        of.day("137", document.issued_on),
        *([of.day("35", document.delivered_on)] if document.delivered_on else []),
        *_documents_references(document),
        of.address("BY", of.of_account(document.account), document.billed_to),
        of.party("SU", of.us()),
        *([of.reference("VA", house().vat_number)] if house().vat_number else []),
        _EURO,
        *([Segment("PAT", "1"), of.day("13", document.due_on)] if document.due_on else []),
    ]
    if document.carriage_cents:
        found += [Segment("ALC", "C", "", "", "", "FC"), of.amount("8", document.carriage_cents)]
    for number, line in enumerate(document.lines, 1):
        found += [
            *of.line(number, line.isbn, line.designation),
            *(of.quantity("47", line.quantity), of.amount("203", line.line_cents)),
            *of.prices(line.net_unit_micros, line.price_cents),
            of.tax(line.vat_bp),
            *(Segment("ALC", "A", "", "", "", "DI"), Segment("PCD", ["12", of.rate(line.discount_bp)])),
        ]
    return [*found, *of.end(document.lines), *_sums(document)]


def _of_order(order: Order) -> list[Segment]:
    buyer = of.of_account(order.account)
    dates = (("2", order.deliver_by), ("64", order.not_before))
    return [
        of.day("137", clock.in_paris(order.placed_at).date()),
        *(of.day(code, on) for code, on in dates if on),
        *_references(order),
        *(of.party("BY", buyer), of.party("SU", of.us()), of.address("DP", buyer, order.address), _EURO),
    ]


def _references(order: Order) -> list[Segment]:
    return [of.reference("ON", order.own_reference or order.reference), of.reference("VN", order.reference)]


def _answer(line: OrderLine) -> str:
    """5 accepted, 3 in part, 7 not at all, 24 accepted and noted."""
    if line.cancelled:
        return "7" if line.cancelled == line.quantity else "3"
    return "24" if line.remaining and not line.availability.ships_from_stock else "5"


def _parcel(parcel: Parcel, before: int) -> list[Segment]:
    found = [Segment("CPS", str(parcel.number + 1), "1"), Segment("PAC", "1", "", "CT")]
    if parcel.tracking_number:
        code = "BJ" if _SSCC.fullmatch(parcel.tracking_number) else "BN"
        found += [Segment("PCI", "33E"), Segment("GIN", code, plain(parcel.tracking_number, 35))]
    for number, line in enumerate(parcel.lines, before + 1):
        title = line.order_line
        found += [*of.line(number, title.isbn, title.title), of.quantity("12", line.quantity)]
    return found


def _carriers(shipment: Shipment) -> list[str]:
    return list(dict.fromkeys(parcel.carrier_label for parcel in shipment.parcels))


def _documents_references(document: Document) -> list[Segment]:
    own, ours = document.own_reference, document.order_reference
    ordered = [of.reference("ON", own or ours), of.reference("VN", ours)] if ours else []
    return ordered + [of.reference("IV", citation.invoice.number) for citation in document.cited]


def _sums(document: Document) -> list[Segment]:
    found = [
        of.amount("79", document.goods_cents),
        of.amount("125", document.net_cents),
        of.amount("124", document.total_cents - document.net_cents),
        of.amount("86", document.total_cents),
    ]
    for share in document.vat:
        found += [of.tax(share["rate_bp"]), of.amount("125", share["basis_cents"])]
        found.append(of.amount("124", share["vat_cents"]))
    return found
