"""Tries are counted, whatever becomes of the request that tries."""

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.core import clock, throttle
from harmattan.core.extensions import db
from harmattan.core.throttle import Limit, ThrottleCount, TooMany
from tests.core.test_database import in_threads

HOUR = dt.timedelta(hours=1)


def tries(key: str = "k") -> int | None:
    db.session.rollback()
    return db.session.scalar(sa.select(ThrottleCount.count).where(ThrottleCount.key == key))


def test_the_try_past_the_limit_is_refused_with_the_time_left(any_app: Flask) -> None:
    for _ in range(3):
        throttle.count("k", 3, HOUR)
    with pytest.raises(TooMany) as refusal:
        throttle.count("k", 3, HOUR)
    assert 3590 <= refusal.value.retry_after <= 3601
    throttle.count("another", 3, HOUR)


def test_a_new_window_starts_afresh(app: Flask) -> None:
    throttle.count("k", 1, HOUR)
    clock.start_at(clock.now() + HOUR)
    throttle.count("k", 1, HOUR)


def test_concurrent_tries_are_all_counted(any_app: Flask) -> None:
    in_threads(any_app, lambda: [throttle.count("k", 100, HOUR) for _ in range(10)] and None)
    assert tries() == 40


def test_a_try_is_kept_when_the_request_is_rolled_back(app: Flask) -> None:
    throttle.count("k", 3, HOUR)
    db.session.rollback()
    assert tries() == 1


def test_a_good_try_is_taken_back(any_app: Flask) -> None:
    throttle.count("k", 1, HOUR)
    throttle.forgive(Limit("k", 1, HOUR))
    throttle.count("k", 1, HOUR)
    assert tries() == 1


def test_load_tests_raise_the_limit(app: Flask) -> None:
    app.config["THROTTLE"] = 3.0
    for _ in range(3):
        throttle.count("k", 1, HOUR)
    with pytest.raises(TooMany):
        throttle.count("k", 1, HOUR)


def test_old_windows_are_forgotten_and_the_present_one_kept(app: Flask) -> None:
    throttle.count("old", 1, HOUR)
    clock.start_at(clock.now() + dt.timedelta(days=3))
    throttle.count("k", 1, HOUR)
    throttle.forget_old()
    db.session.commit()
    assert (tries("old"), tries("k")) == (None, 1)
