"""What the warehouse, after-sales and the shop do with what leaves (R63–R67, R86, R88)."""

import datetime as dt
from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import rule

from harmattan.catalogue.rules import Availability
from harmattan.core import clock
from harmattan.orders import progress
from harmattan.orders.models import Order
from harmattan.orders.rules import Status
from harmattan.shipments import address, reception, rest
from harmattan.shipments import service as shipments
from harmattan.shipments.rules import Gap, NewParcel, ParcelState
from tests.life.order_acts import if_ordered
from tests.life.world import PLACE, World


class ParcelActs(World):
    @if_ordered
    @rule(copies=st.lists(st.integers(0, 7), min_size=2, max_size=2), days=st.integers(0, 3))
    def leave(self, copies: list[int], days: int) -> None:
        remaining = [line.remaining for line in self.lines()]

        def attempt(order: Order) -> None:
            chosen = {line.id: count for line, count in zip(order.lines, copies, strict=False) if count}
            number = f"6A{order.id:04}{shipments.shipments_of(order):05}"
            parcel = NewParcel("colissimo", number, 900, chosen)
            arrival = clock.today() + dt.timedelta(days=days)
            shipments.record(order, [parcel], self.people.hugo, delivery_on=arrival)

        if self.with_order(attempt):
            assert self.validated is not None, "parcels of an order that nobody validated"
            assert all(count <= left for count, left in zip(copies, remaining, strict=False))

    @if_ordered
    @rule(place=PLACE)
    def receive(self, place: int) -> None:
        if parcel := self._parcel(place):
            was = parcel.state
            done = self.with_order(lambda order: reception.receive(order, parcel, self.people.karim))
            assert not done or was is ParcelState.SENT

    @if_ordered
    @rule(place=PLACE, gap=st.builds(Gap, st.integers(0, 3), st.integers(0, 3)))
    def report(self, place: int, gap: Gap) -> None:
        if parcel := self._parcel(place):
            gaps = {parcel.lines[0].id: gap}
            self.with_order(lambda order: reception.report(order, parcel, self.people.karim, gaps))

    @if_ordered
    @rule(place=PLACE, copies=st.integers(0, 7))
    def come_back(self, place: int, copies: int) -> None:
        line = self.lines()[place % len(self.lines())].id
        self.with_order(lambda order: progress.record_return(order, {line: copies}))

    @if_ordered
    @rule(place=PLACE, is_gone=st.booleans())
    def go_out_of_print(self, place: int, is_gone: bool) -> None:
        title = (self.shelf.t1, self.shelf.t5)[place]
        title.availability = Availability.OUT_OF_PRINT if is_gone else Availability.AVAILABLE

    @if_ordered
    @rule(place=PLACE)
    def give_up(self, place: int) -> None:
        line = self.lines()[place % len(self.lines())].id
        self.with_order(lambda order: rest.give_up(order, line, self.people.hugo))

    @if_ordered
    @rule(street=st.sampled_from(["2 rue du Quai", "3 rue du Quai"]))
    def change_the_address_by_phone(self, street: str) -> None:
        was = self.order and self.order.status
        facts = {"caller": "Karim", "called_at": clock.now()}
        done = self.with_order(
            lambda order: address.change(
                order, replace(order.address, street=street), self.people.hugo, **facts
            )
        )
        assert not done or was in (Status.VALIDATED, Status.PREPARING, Status.PARTLY_SHIPPED)

    @if_ordered
    @rule()
    def deliver(self) -> None:
        self.with_order(lambda order: progress.deliver(order, self.people.hugo))

    def _parcel(self, place: int) -> "shipments.Parcel | None":
        parcels = self.parcels()
        return parcels[place % len(parcels)] if parcels else None
