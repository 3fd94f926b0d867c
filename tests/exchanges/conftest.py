"""The Grand Large with an order, a part of which has left, and its invoice."""

import datetime as dt
from types import SimpleNamespace

import pytest

from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.orders import service as orders
from harmattan.orders.rules import Action
from harmattan.shipments import service as shipments
from harmattan.shipments.rules import NewParcel
from tests import cast


@pytest.fixture
def trade(people: SimpleNamespace) -> SimpleNamespace:
    made = SimpleNamespace(**vars(people), **vars(cast.titles()))
    made.order = cast.order(
        people.karim,
        (made.t1, 12),
        (made.t2, 5),
        (made.t4, 2),
        own_reference="Salon d’été ?",
        comment="L’étage : sonner + attendre",
        not_before=dt.date(2026, 11, 27),
    )
    orders.act(made.order, Action.VALIDATE, people.marie)
    first, second, _ = made.order.lines
    second.quantity, second.cancelled = 5, 2
    parcels = [
        NewParcel("colissimo", "6A000001", 1_200, {first.id: 10}),
        NewParcel("colissimo", "340123450000000017", 800, {first.id: 2, second.id: 1}),
    ]
    on = clock.today() + dt.timedelta(days=4)
    made.shipment = shipments.record(made.order, parcels, people.hugo, delivery_on=on)
    made.documents = cast.documents(people, made)
    db.session.commit()
    return made
