"""Tariffs announced and retracted: every day has the one that began last (R84)."""

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harmattan.core.extensions import db
from harmattan.core.places import Territory
from harmattan.deliveries import service
from harmattan.deliveries.models import Tariff
from harmattan.deliveries.rules import DeliveryMode

START = dt.date(2026, 1, 1)
DAYS = st.integers(1, 12)


def day(number: int) -> dt.date:
    return START + dt.timedelta(days=number)


def fee(number: int) -> int | None:
    return service.fee(DeliveryMode.STANDARD, Territory.CORSICA, 500, day(number)).fee_cents


def announce(number: int, cents: int) -> None:
    service.announce(Territory.CORSICA, {DeliveryMode.STANDARD: {1_000: cents}}, day(number))


@given(st.lists(st.tuples(st.booleans(), DAYS), max_size=12))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_day_has_the_tariff_that_began_last(app: Flask, acts: list[tuple[bool, int]]) -> None:
    db.session.execute(sa.delete(Tariff))
    announce(0, 100)
    kept = {0: 100}
    for announces, number in acts:
        if announces and number not in kept:
            kept[number] = 100 + number
            announce(number, kept[number])
        elif not announces and number in kept:
            del kept[number]
            service.retract(Territory.CORSICA, day(number))
    assert [fee(number) for number in range(13)] == [
        kept[max(begun for begun in kept if begun <= number)] for number in range(13)
    ]


def test_a_mode_that_a_new_tariff_leaves_out_is_offered_no_more(app: Flask) -> None:
    service.announce(Territory.CORSICA, {DeliveryMode.STANDARD: {1_000: 590}}, day(0))
    service.announce(Territory.CORSICA, {DeliveryMode.EXPRESS: {1_000: 590}}, day(5))
    assert (fee(4), fee(5)) == (590, None)


def test_two_tariffs_do_not_begin_on_one_day(app: Flask) -> None:
    announce(3, 590)
    with pytest.raises(service.AlreadyAnnounced):
        announce(3, 600)


def test_another_territory_keeps_its_own(app: Flask) -> None:
    service.announce(Territory.MAINLAND, {DeliveryMode.STANDARD: {1_000: 400}}, day(0))
    announce(3, 590)
    assert service.fee(DeliveryMode.STANDARD, Territory.MAINLAND, 500, day(4)).fee_cents == 400
