"""Moments at which clocks and calendars do odd things: orders, numbers and sessions hold (F13)."""

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.orders.models import Order
from tests import cast
from tests.browser import Browser


def order_at(browser: Browser, instant: str) -> str:
    """Karim logs in and orders; the reference of the order."""
    clock.start_at(dt.datetime.fromisoformat(instant))
    browser.log_in("karim@grandlarge.example").open("/")
    browser.submit("/panier/lignes", isbn="9782343000015", quantity="1")
    browser.open("/commandes/verifier").submit("/commandes")
    return browser.url.removeprefix("/commandes/")


@pytest.mark.parametrize(
    ("instants", "references"),
    [
        # the hour that comes twice, and the one that never comes
        (("2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00"), ("CMD-2026-000001", "CMD-2026-000002")),
        (("2027-03-28T01:59+01:00", "2027-03-28T03:00+02:00"), ("CMD-2027-000001", "CMD-2027-000002")),
        (("2028-02-29T10:00+01:00", "2028-02-29T23:59+01:00"), ("CMD-2028-000001", "CMD-2028-000002")),
        # the year begins in Paris, not in Greenwich
        (("2026-12-31T23:55+01:00", "2026-12-31T23:00:01+00:00"), ("CMD-2026-000001", "CMD-2027-000001")),
    ],
)
def test_two_orders_around_an_odd_moment_have_numbers_of_their_own(
    app: Flask, instants: tuple[str, str], references: tuple[str, str]
) -> None:
    clock.start_at(dt.datetime.fromisoformat(instants[0]))
    cast.everybody()
    cast.titles()
    cast.tariffs()
    db.session.commit()
    assert tuple(order_at(Browser(app.test_client()), instant) for instant in instants) == references
    browser = Browser(app.test_client()).log_in("karim@grandlarge.example")
    placed = db.session.scalars(sa.select(Order.placed_at).order_by(Order.id))
    expected = [dt.datetime.fromisoformat(instant) for instant in instants]
    late = [at - wanted for at, wanted in zip(placed, expected, strict=True)]
    assert all(dt.timedelta(0) <= each < dt.timedelta(minutes=4) for each in late)  # the clock ticks
    for page in ("/", "/commandes", f"/commandes/{references[0]}", "/panier"):
        assert browser.open(page).status == 200


def test_a_clock_that_goes_back_an_hour_ends_no_session(app: Flask) -> None:
    cast.everybody()
    db.session.commit()
    browser = Browser(app.test_client()).log_in("karim@grandlarge.example")
    for hours in (-1, +1):
        clock.start_at(cast.MONDAY + dt.timedelta(hours=hours))
        assert browser.open("/").url == "/"
