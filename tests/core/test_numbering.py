"""References are counted without gaps and without doubles, on both databases."""

import datetime as dt

from flask import Flask

from harmattan.core.extensions import db
from harmattan.core.numbering import next_reference
from tests.core.test_database import in_threads

DAY = dt.date(2026, 11, 23)


def test_a_reference_is_its_series_year_and_number(any_app: Flask) -> None:
    drawn = [next_reference("CMD", DAY), next_reference("CMD", DAY), next_reference("MSG", DAY)]
    drawn.append(next_reference("CMD", dt.date(2027, 1, 1)))
    assert drawn == ["CMD-2026-000001", "CMD-2026-000002", "MSG-2026-000001", "CMD-2027-000001"]


def test_concurrent_transactions_draw_every_number_once(any_app: Flask) -> None:
    drawn: list[str] = []

    def draw() -> None:
        for _ in range(10):
            drawn.append(next_reference("CMD", DAY))
            db.session.commit()

    in_threads(any_app, draw)
    assert sorted(drawn) == [f"CMD-2026-{n:06}" for n in range(1, 41)]


def test_a_rollback_leaves_no_gap(any_app: Flask) -> None:
    next_reference("CMD", DAY)
    db.session.commit()
    next_reference("CMD", DAY)
    db.session.rollback()
    assert next_reference("CMD", DAY) == "CMD-2026-000002"
