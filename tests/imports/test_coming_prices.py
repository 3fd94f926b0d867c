"""Prices that a record announces for later: kept, replaced, removed; by full records and block updates."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.catalogue import schedule
from harmattan.catalogue.models import ComingPrice, Title
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.imports import running
from tests.imports.conftest import Import, counts, received, title
from tests.imports.messages import PUBLISHING, message, product, record, supply
from tests.imports.test_record import dates, price, taken, tax

NOW, NEW_YEAR = price("25.00"), price("27.00", more=dates("20270101"))
MARCH = price("29.00", more=dates("20270301") + tax("20"))
JANUARY_1, MARCH_1 = dt.date(2027, 1, 1), dt.date(2027, 3, 1)


def priced(*prices: str, **blocks: Any) -> bytes:
    """A full record with these prices."""
    return message(product(supplied=supply(price="".join(prices)), **blocks))


def block(*prices: str) -> bytes:
    """A block update of the prices."""
    supplied = f"<ProductSupply>{supply(price=''.join(prices))}</ProductSupply>"
    return message(record("fr.test.1", "04", blocks=supplied))


def kept() -> list[tuple[dt.date, int, int]]:
    rows = db.session.scalars(sa.select(ComingPrice).order_by(ComingPrice.valid_from))
    return [(row.valid_from, row.price_cents, row.vat_bp) for row in rows]


def said(*prices: str) -> list[tuple[dt.date, int]]:
    found = taken(product(supplied=supply(price="".join(prices)))).coming
    return [(day, cents) for day, cents, _ in found or ()]


@pytest.mark.parametrize(
    ("prices", "coming"),
    [
        ([NOW], []),
        ([NOW, NEW_YEAR], [(JANUARY_1, 2700)]),
        ([MARCH, NEW_YEAR, NOW], [(JANUARY_1, 2700), (MARCH_1, 2900)]),
        ([price("25.00", more=dates(until="20261231")), NEW_YEAR], [(JANUARY_1, 2700)]),
        ([price("25.00", more=dates(until="20261130")), NEW_YEAR], [(JANUARY_1, 2700)]),
        ([NOW, price("22.00", more=dates("20261201", "20261224"))],
         [(dt.date(2026, 12, 1), 2200), (dt.date(2026, 12, 25), 2500)]),
        ([NEW_YEAR], []),
        ([NEW_YEAR, MARCH], [(MARCH_1, 2900)]),
        ([NOW, price("25.00", more=dates("20270101"))], []),
        ([NOW, price("30.00", "02", dates("20270101"))], []),
        ([NOW, price("27.00", more=dates("20270101") + "<CurrencyCode>CHF</CurrencyCode>")], []),
    ],
)  # fmt: skip
def test_what_a_record_announces(prices: list[str], coming: list[tuple[dt.date, int]]) -> None:
    assert said(*prices) == coming


def test_a_later_price_that_cannot_be_read_is_left_out_with_a_warning() -> None:
    found = taken(product(supplied=supply(price=NOW + price("cher", more=dates("20270101")))))
    assert (found.columns["price_cents"], found.coming) == (2500, ())
    assert found.warnings == ("prix à venir laissé de côté (01/01/2027) : prix illisible : « cher »",)


def test_a_full_record_replaces_what_was_announced(run_file: Import) -> None:
    run = run_file(priced(NOW, NEW_YEAR, MARCH))
    assert (counts(run), run.coming_prices) == ({"read": 1, "created": 1}, 2)
    assert (title().price_cents, kept()) == (2500, [(JANUARY_1, 2700, 550), (MARCH_1, 2900, 2000)])
    run_file(priced(NOW, MARCH))
    assert kept() == [(MARCH_1, 2900, 2000)]


def test_a_full_record_without_later_prices_removes_them(run_file: Import) -> None:
    run_file(priced(NOW, NEW_YEAR))
    run = run_file(priced(NOW))
    assert (counts(run), run.coming_prices, kept()) == ({"read": 1, "updated": 1}, 0, [])


def test_the_same_record_again_changes_nothing(run_file: Import) -> None:
    run_file(priced(NOW, NEW_YEAR))
    run = run_file(priced(NOW, NEW_YEAR))
    assert (counts(run), run.coming_prices) == ({"read": 1, "unchanged": 1}, 0)
    assert kept() == [(JANUARY_1, 2700, 550)]


def test_a_block_update_of_prices_replaces_them(run_file: Import) -> None:
    run_file(priced(NOW))
    assert counts(run_file(block(NOW, NEW_YEAR))) == {"read": 1, "updated": 1}
    assert kept() == [(JANUARY_1, 2700, 550)]
    assert counts(run_file(priced(NOW, NEW_YEAR))) == {"read": 1, "unchanged": 1}
    run_file(block(NOW))
    assert kept() == []


def test_a_block_update_of_another_block_leaves_them(run_file: Import) -> None:
    run_file(priced(NOW, NEW_YEAR))
    later = f"<PublishingDetail>{PUBLISHING.replace('20240301', '20240401')}</PublishingDetail>"
    assert counts(run_file(message(record("fr.test.1", "04", blocks=later)))) == {"read": 1, "updated": 1}
    assert kept() == [(JANUARY_1, 2700, 550)]
    moved = PUBLISHING.replace("20240301", "20240401")
    assert counts(run_file(priced(NOW, NEW_YEAR, publishing=moved))) == {"read": 1, "unchanged": 1}


def test_the_last_of_two_records_of_one_batch_counts(run_file: Import) -> None:
    first = product(supplied=supply(price=NOW + NEW_YEAR + MARCH))
    run_file(message(first, product(supplied=supply(price=NOW + MARCH))))
    assert kept() == [(MARCH_1, 2900, 2000)]
    run_file(message(first, product(supplied=supply())))
    assert kept() == []


def test_a_dry_run_says_how_many_and_notes_none(run_file: Import) -> None:
    run = run_file(priced(NOW, NEW_YEAR, MARCH), dry_run=True)
    assert (counts(run), run.coming_prices, kept()) == ({"read": 1, "created": 1}, 2, [])


def test_once_begun_a_price_stays_until_a_record_says_otherwise(run_file: Import) -> None:
    announced = priced(NOW, NEW_YEAR)
    run_file(announced)
    clock.start_at(dt.datetime(2027, 1, 1, 8, tzinfo=clock.PARIS))
    schedule.begin_today()
    db.session.commit()
    run_file(announced)
    assert (title().price_cents, kept()) == (2700, [])
    run_file(priced(NOW))
    assert title().price_cents == 2500


def test_a_day_that_begins_while_the_file_is_read_is_not_missed(any_app: Flask, tmp_path: Path) -> None:
    clock.start_at(dt.datetime(2026, 12, 31, 23, 59, 59, tzinfo=clock.PARIS))
    run = received(tmp_path, priced(NOW, NEW_YEAR))
    midnight = dt.datetime(2027, 1, 1, tzinfo=clock.PARIS)
    running.carry_out(run, lambda _run: clock.start_at(midnight))
    assert (title().price_cents, kept()) == (2700, [])


def test_a_deleted_title_may_be_announced_again(run_file: Import) -> None:
    run_file(priced(NOW, NEW_YEAR))
    run_file(message(record("fr.test.1", "05")))
    run_file(priced(NOW, MARCH))
    assert kept() == [(MARCH_1, 2900, 2000)]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Title)) == 1
