"""Book what a file of the warehouse says: every shipment of it, or none (R63)."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from harmattan.core import clock, edifact
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.settings import house
from harmattan.deliveries import rules as delivery_rules
from harmattan.deliveries import service as deliveries
from harmattan.lists import files
from harmattan.lists.rules import UnreadableList
from harmattan.orders import progress
from harmattan.orders.models import Order, OrderLine
from harmattan.orders.service import Actor
from harmattan.shipments import counted, service, warehouse_file, warehouse_message
from harmattan.shipments.models import Shipment
from harmattan.shipments.rules import NewParcel
from harmattan.shipments.warehouse_file import Departures, Fault, Parcel, UnreadableFile


class Booked(NamedTuple):
    """What was made of a file."""

    shipments: list[Shipment]
    to_recount: list[str]
    """Of which more left than our stock counted (`counted`)."""


def book(content: bytes, by: Actor) -> Booked:
    """One shipment for each order of the file; raises `UnreadableFile` with every fault, and books nothing.

    Nothing is committed here: the caller rolls back after a fault.
    """
    departures = _departures(_text(content))
    booked = Booked([], [])
    faults: list[Fault] = []
    for reference, parcels in departures.items():
        try:
            with db.session.begin_nested():
                _leave(reference, list(parcels.values()), by, booked)
        except UnreadableFile as fault:
            faults += fault.faults
        except Refusal as refused:
            first = next(iter(parcels.values()))
            faults.append(Fault(first.line, "commande", f"{reference} : {refused.message}"))
    if faults:
        raise UnreadableFile(faults)
    return booked


def _departures(text: str) -> Departures:
    if edifact.is_interchange(text):
        return warehouse_message.read(text, house().carriers)
    return warehouse_file.read(text, house().carriers, clock.today())


def _text(content: bytes) -> str:
    try:
        return files.text_of(content)
    except UnreadableList:
        said = "Envoyez un fichier texte (CSV) : le contenu de celui-ci est d’une autre sorte"
        raise UnreadableFile([Fault(1, "fichier", said)]) from None


def _leave(reference: str, parcels: Sequence[Parcel], by: Actor, booked: Booked) -> None:
    order = db.session.scalar(sa.select(Order).where(Order.reference == reference))
    if order is None:
        raise UnreadableFile([Fault(parcels[0].line, "commande", f"Aucune commande {reference[:20]}")])
    lines = progress.hold(order)
    left = {line.id: line.remaining for line in order.lines}
    new = [
        NewParcel(each.carrier, each.tracking_number, each.weight_g, _copies(each, order.lines, left))
        for each in parcels
    ]
    days = [each.delivery_on for each in parcels if each.delivery_on]
    leaving: Counter[int] = Counter()
    for parcel in new:
        leaving.update(parcel.copies)
    to_recount = counted.beyond(lines, leaving)
    booked.shipments.append(service.record(order, new, by, delivery_on=max(days, default=_usual_day(order))))
    booked.to_recount.extend(f"{reference}, {said}" for said in to_recount)


def _copies(parcel: Parcel, lines: Iterable[OrderLine], left: dict[int, int]) -> Mapping[int, int]:
    """The copies by line of the order."""
    copies: dict[int, int] = {}
    for isbn, count in parcel.copies.items():
        of_title = [line.id for line in lines if line.isbn == isbn]
        if not of_title:
            raise UnreadableFile([Fault(parcel.line, "isbn", f"{isbn} n’est pas sur cette commande")])
        copies |= _shared(count, of_title, left)
    return copies


def _shared(count: int, line_ids: Sequence[int], left: dict[int, int]) -> dict[int, int]:
    """A title may stand on two lines, on other terms: one after the other, the last takes the rest."""
    shares: dict[int, int] = {}
    for line_id in line_ids:
        taken = count - sum(shares.values())
        shares[line_id] = taken if line_id == line_ids[-1] else min(taken, left[line_id])
        left[line_id] -= shares[line_id]
    return {line_id: share for line_id, share in shares.items() if share}


def _usual_day(order: Order) -> dt.date:
    return delivery_rules.arrival_of(clock.today(), order.mode, deliveries.delays())
