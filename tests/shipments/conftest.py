"""A validated order of Karim's, T1 × 15 and T2 × 5 (J9), and parcels that leave for it."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from harmattan.core.extensions import db
from harmattan.orders import service as orders
from harmattan.orders.models import Order
from harmattan.orders.rules import Action
from harmattan.shipments import service
from harmattan.shipments.models import Shipment
from harmattan.shipments.rules import NewParcel
from tests import cast

THURSDAY = dt.date(2026, 11, 26)

Ship = Callable[..., Shipment]


@pytest.fixture
def shelf(people: SimpleNamespace) -> SimpleNamespace:
    return cast.titles()


@pytest.fixture
def order(people: SimpleNamespace, shelf: SimpleNamespace) -> Order:
    placed = cast.order(people.karim, (shelf.t1, 15), (shelf.t2, 5), own_reference="Rayon fleuve")
    orders.act(placed, Action.VALIDATE, people.marie)
    db.session.commit()
    return placed


def parcel(order: Order, *copies: int, number: str = "", carrier: str = "colissimo") -> NewParcel:
    """So many copies of the first line, of the second…"""
    chosen = {line.id: count for line, count in zip(order.lines, copies, strict=False) if count}
    return NewParcel(carrier, number or f"6A{order.id:05}{sum(copies):04}", 4_200, chosen)


@pytest.fixture
def ship(people: SimpleNamespace) -> Ship:
    """One parcel of so many copies of each line leaves, for Thursday; committed."""

    def leave(order: Order, *copies: int, **facts: object) -> Shipment:
        delivery_on = facts.pop("delivery_on", THURSDAY)
        shipment = service.record(
            order, [parcel(order, *copies, **facts)], people.hugo, delivery_on=delivery_on
        )
        db.session.commit()
        return shipment

    return leave
