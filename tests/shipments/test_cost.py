"""An order's page asks no more than ten times of the database, in whatever state the order is."""

import datetime as dt
from types import SimpleNamespace

import pytest
from flask import Flask

from harmattan.core.extensions import db
from harmattan.orders import changes, progress, questions, validation
from harmattan.orders.models import Order
from harmattan.orders.requests import LineWish, Wish
from harmattan.orders.rules import Status
from harmattan.returns import service as returns
from harmattan.returns.rules import Route
from harmattan.shipments import reception, service
from harmattan.shipments.rules import Gap
from tests import cast
from tests.browser import Browser
from tests.real_parts import Statements
from tests.shipments.conftest import parcel

AT_MOST = 10


def lead_to(status: Status, order: Order, people: SimpleNamespace) -> None:
    """As much as can be on an order in this state: a request or a question, a gap reported, a return."""
    if status is Status.RECORDED:
        line = order.lines[0]
        changes.ask(order, Wish((LineWish(line.id, line.title, 15, 3),)), people.karim)
    elif status is Status.DETAILS_REQUESTED:
        questions.ask(order, "Quel étage ?", people.marie)
    elif status is Status.CANCELLED:
        changes.cancel(order, people.marie, "Épuisé.")
    if not status.is_validated:
        return
    mark = validation.propose(order).mark
    validation.validate(order, validation.prepare(order, mark, None), people.marie)
    if status is Status.PREPARING:
        progress.prepare(order, people.marie)
    if status in (Status.PARTLY_SHIPPED, Status.SHIPPED, Status.DELIVERED):
        _send_and_return(status, order, people)


def _send_and_return(status: Status, order: Order, people: SimpleNamespace) -> None:
    day = dt.date(2026, 11, 26)
    first = service.record(order, [parcel(order, 9)], people.hugo, delivery_on=day).parcels[0]
    reception.report(order, first, people.karim, {first.lines[0].id: Gap(1, 0)})
    if status is not Status.PARTLY_SHIPPED:
        service.record(order, [parcel(order, 6, 2)], people.hugo, delivery_on=day)
    if status is Status.DELIVERED:
        progress.deliver(order, people.hugo)
    slip = returns.open_draft(order.account_id, people.karim)
    returns.wish(slip, {order.lines[0].isbn: 2})
    returns.issue(slip, people.karim, route=Route.PRISME, parcel_count=1, is_declared=True)


@pytest.mark.parametrize("status", Status)
def test_the_page_of_an_order_asks_at_most_ten_times(
    status: Status, app: Flask, people: SimpleNamespace, count_statements: type[Statements]
) -> None:
    shelf = cast.titles()
    order = cast.order(people.karim, (shelf.t1, 15), (shelf.t2, 2))
    with cast.stand_in_papers():
        lead_to(status, order, people)
    db.session.commit()
    assert order.status is status
    address = f"/commandes/{order.reference}"
    browser = Browser(app.test_client()).log_in("anne@grandlarge.example")
    with count_statements() as statements:
        page = browser.open(address)
    assert page.status == 200
    assert len(statements) <= AT_MOST, statements
