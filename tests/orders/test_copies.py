"""Copies put aside for orders, and what the warehouse's file makes of them (ADR 9)."""

from types import SimpleNamespace

import pytest
from flask import Flask

from harmattan.access.models import User
from harmattan.cart.rules import BackorderPolicy
from harmattan.catalogue import reservations
from harmattan.catalogue.models import Title
from harmattan.catalogue.rules import Availability
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.imports import stock
from harmattan.orders import copies, progress, service
from harmattan.orders.models import Order
from harmattan.orders.rules import Action
from tests import cast


@pytest.fixture
def scene(any_app: Flask) -> SimpleNamespace:
    made = SimpleNamespace(**vars(cast.everybody()), **vars(cast.titles()))
    db.session.commit()
    return made


def put_aside(order: Order) -> list[int]:
    """Validated, its copies put aside: what each line got."""
    copies.put_aside(order.lines, reservations.locked([line.title_id for line in order.lines]))
    service.act(order, Action.VALIDATE, order.placed_by)
    db.session.commit()
    return [line.reserved for line in order.lines]


def counts(title: Title) -> tuple[int, int]:
    """(can be promised, on the shelves for orders)"""
    db.session.refresh(title)
    return title.stock, title.reserved


def test_what_there_is_is_put_aside_and_never_more(scene: SimpleNamespace) -> None:
    order = cast.order(scene.karim, (scene.t1, 12), (scene.t2, 5), (scene.t4, 4))
    assert put_aside(order) == [12, 3, 0]
    assert (counts(scene.t1), counts(scene.t2), counts(scene.t4)) == ((28, 12), (0, 3), (0, 0))


def test_two_lines_of_one_title_share_what_there_is(scene: SimpleNamespace) -> None:
    order = cast.order(scene.karim, (scene.t2, 2), (scene.t2, 2))
    assert put_aside(order) == [2, 1]
    assert counts(scene.t2) == (0, 3)


def test_printing_on_demand_is_not_counted(scene: SimpleNamespace) -> None:
    scene.t2.availability = Availability.ON_DEMAND
    assert put_aside(cast.order(scene.karim, (scene.t2, 50))) == [50]
    assert counts(scene.t2) == (3, 0)


def test_copies_are_not_taken_twice(scene: SimpleNamespace) -> None:
    with pytest.raises(reservations.SoldMeanwhile):
        reservations.hold({scene.t2.id: 4})
    db.session.rollback()
    assert counts(scene.t2) == (3, 0)


@pytest.mark.parametrize(("counted", "left"), [(40, 28), (12, 0), (7, 0)])
def test_the_warehouse_counts_reserved_copies_too(scene: SimpleNamespace, counted: int, left: int) -> None:
    put_aside(cast.order(scene.karim, (scene.t1, 12)))
    stock.update([f"{scene.t1.isbn};{counted}"])
    assert counts(scene.t1) == (left, 12)


def ship(order: Order, *counts: int, by: User) -> None:
    sent = {line.id: count for line, count in zip(order.lines, counts, strict=True)}
    progress.record_shipment(order, sent, by, delivery_on=clock.today(), text="")
    db.session.commit()


def test_a_parcel_takes_its_copies_off_the_shelves(scene: SimpleNamespace) -> None:
    order = cast.order(scene.karim, (scene.t1, 12))
    put_aside(order)
    ship(order, 10, by=scene.hugo)
    assert counts(scene.t1) == (28, 2)
    stock.update([f"{scene.t1.isbn};30"])
    assert counts(scene.t1) == (28, 2)


def test_a_parcel_may_hold_copies_that_nobody_had_put_aside(scene: SimpleNamespace) -> None:
    order = cast.order(scene.karim, (scene.t2, 5))
    put_aside(order)
    scene.t2.stock = 9
    ship(order, 5, by=scene.hugo)
    assert (counts(scene.t2), order.lines[0].reserved) == ((7, 0), 5)


def test_what_arrives_goes_to_the_oldest_validated_order_that_waits(scene: SimpleNamespace) -> None:
    not_validated = cast.order(scene.paul, (scene.t2, 9), number=1)
    first, second = (cast.order(scene.karim, (scene.t2, 5), number=number) for number in (2, 3))
    assert (put_aside(first), put_aside(second)) == ([3], [0])
    stock.update([f"{scene.t2.isbn};8"])
    assert [order.lines[0].reserved for order in (not_validated, first, second)] == [0, 5, 3]
    assert counts(scene.t2) == (0, 8)


def test_what_is_not_to_be_noted_waits_for_nothing(scene: SimpleNamespace) -> None:
    order = cast.order(scene.karim, (scene.t2, 5))
    order.lines[0].backorder_policy, order.lines[0].cancelled = BackorderPolicy.SKIP, 2
    put_aside(order)
    stock.update([f"{scene.t2.isbn};8"])
    assert (order.lines[0].reserved, counts(scene.t2)) == (3, (5, 3))


def test_a_title_that_does_not_ship_yet_waits_though_copies_are_there(scene: SimpleNamespace) -> None:
    put_aside(cast.order(scene.karim, (scene.t4, 4)))
    stock.update([f"{scene.t4.isbn};100"])
    assert counts(scene.t4) == (100, 0)
    scene.t4.availability = Availability.AVAILABLE
    stock.update([f"{scene.t4.isbn};100"])
    assert counts(scene.t4) == (96, 4)
