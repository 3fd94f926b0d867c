"""The warehouse's despatch advice (DESADV D.96A) as the departures that its CSV file would tell. Pure.

One message for each shipment: `RFF` names our order, `TDT` the carrier, each `CPS` after the first a parcel
with its `GIN` (tracking number) and its titles. Faults are said by message and segment.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

from pydifact.segments import Segment

from harmattan.cart.rules import UnreadableQuantity, parse_quantity
from harmattan.catalogue.rules import fold
from harmattan.core import edifact, isbn
from harmattan.core.edifact import Message, part
from harmattan.core.settings import Carrier
from harmattan.shipments.rules import Unreadable, parse_number
from harmattan.shipments.warehouse_file import Departures, Fault, Parcel, UnreadableFile


def read(text: str, carriers: Mapping[str, Carrier]) -> Departures:
    """The parcels of each order; raises `UnreadableFile` with all its faults."""
    try:
        messages = edifact.read(text).messages
    except edifact.UnreadableInterchange as fault:
        raise UnreadableFile([Fault(1, "échange", fault.message)]) from None
    faults: list[Fault] = []
    found: Departures = {}
    for number, message in enumerate(messages, 1):
        _Advice(number, message, carriers, faults).join(found)
    if faults:
        raise UnreadableFile(faults)
    return found


class _Advice:
    """One message, which leaves its faults with the others."""

    def __init__(self, number: int, message: Message, carriers: Mapping[str, Carrier], faults: list[Fault]):
        self.number, self.message, self.carriers, self.faults = number, message, carriers, faults

    def join(self, found: Departures) -> None:
        """Add its parcels to those of its order."""
        segments = self.message.segments
        order = self._order(segments)
        carrier = self._carrier(next((part(s, 4, 3) for s in segments if s.tag == "TDT"), ""))
        if self.message.kind != "DESADV":
            self._fault("UNH", f"Attendu DESADV, lu {self.message.kind[:6]}")
        elif order and carrier:
            parcels = found.setdefault(order, {})
            for group in _parcels(segments):
                parcels[f"{self.number}/{len(parcels) + 1}"] = self._parcel(
                    group, carrier, _arrival(segments)
                )

    def _order(self, segments: Sequence[Segment]) -> str:
        said = {part(s, 0): part(s, 0, 1) for s in segments if s.tag == "RFF"}
        order = said.get("VN") or said.get("ON", "")
        if not order:
            self._fault("RFF", "Attendu RFF+VN, puis le numéro de la commande")
        return order

    def _carrier(self, said: str) -> str:
        known = {fold(each.label): word for word, each in self.carriers.items()}
        word = known.get(fold(said), said if said in self.carriers else "")
        if not word:
            labels = ", ".join(each.label for each in self.carriers.values())
            self._fault("TDT", f"Transporteur « {said[:40]} » inconnu : {labels}")
        return word

    def _parcel(self, group: Sequence[Segment], carrier: str, arrival: dt.date | None) -> Parcel:
        number = next((part(s, 1) for s in group if s.tag == "GIN"), "")
        try:
            number = parse_number(number, self.carriers[carrier])
        except Unreadable as fault:
            self._fault("GIN", str(fault))
        parcel = Parcel(self.number, carrier, number, None, arrival)
        code = ""
        for segment in group:
            if segment.tag == "LIN":
                code = part(segment, 2)
            elif segment.tag == "QTY" and part(segment, 0) == "12":
                self._put(parcel, code, part(segment, 0, 1))
        return parcel

    def _put(self, parcel: Parcel, code: str, count: str) -> None:
        try:
            title = isbn.parse(code)
            parcel.copies[title] = parcel.copies.get(title, 0) + parse_quantity(count)
        except (isbn.UnreadableIsbn, UnreadableQuantity) as fault:
            self._fault("LIN", f"{code[:20]} × {count[:10]} : {fault}")

    def _fault(self, segment: str, message: str) -> None:
        self.faults.append(Fault(self.number, segment, message))


def _parcels(segments: Sequence[Segment]) -> list[list[Segment]]:
    """The segments of each parcel: those from a CPS below another one to the next."""
    groups: list[list[Segment]] = []
    here: list[Segment] | None = None
    for segment in segments:
        if segment.tag == "CPS":
            here = [] if part(segment, 1) else None
            groups += [here] if here is not None else []
        elif here is not None:
            here.append(segment)
    return groups


def _arrival(segments: Sequence[Segment]) -> dt.date | None:
    """The day announced (DTM+17); the usual one counts where none can be read."""
    said = next((part(s, 0, 1) for s in segments if s.tag == "DTM" and part(s, 0) == "17"), "")
    return edifact.day(said)
