"""Prices announced for later become those of their titles on their day, once, whoever looks first."""

import datetime as dt
import threading
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError

from harmattan.catalogue import schedule
from harmattan.catalogue.models import ComingPrice, Title
from harmattan.core import clock, database, jobs
from harmattan.core.extensions import db
from harmattan.outbox import commands
from tests import cast
from tests.browser import Browser

NEW_YEAR = dt.date(2027, 1, 1)
MIDNIGHT = dt.datetime(2027, 1, 1, 0, 0, tzinfo=clock.PARIS)
T1 = "9782343000015"


def announce(title: Title, *prices: tuple[dt.date, int], vat_bp: int = 550) -> Title:
    for day, cents in prices:
        db.session.add(ComingPrice(title_id=title.id, valid_from=day, price_cents=cents, vat_bp=vat_bp))
    db.session.commit()
    return title


def price() -> tuple[int | None, int]:
    db.session.expire_all()
    found = db.session.scalars(sa.select(Title).filter_by(isbn=T1)).one()
    return found.price_cents, found.vat_bp


def left() -> list[dt.date]:
    return list(db.session.scalars(sa.select(ComingPrice.valid_from).order_by(ComingPrice.valid_from)))


@pytest.fixture
def anne(any_app: Flask) -> Browser:
    """Signed in while the old price holds."""
    cast.everybody()
    cast.title(T1)
    db.session.commit()
    return Browser(any_app.test_client()).log_in("anne@grandlarge.example")


def test_a_price_begins_on_its_day_and_not_before(any_app: Flask) -> None:
    announce(cast.title(T1), (NEW_YEAR, 2700), vat_bp=210)
    assert schedule.begin(db.session(), NEW_YEAR - dt.timedelta(days=1)) == 0
    assert (price(), left()) == ((2500, 550), [NEW_YEAR])
    assert schedule.begin(db.session(), NEW_YEAR) == 1
    assert (price(), left()) == ((2700, 210), [])


def test_of_several_that_are_due_the_newest_holds_and_later_ones_wait(any_app: Flask) -> None:
    march = dt.date(2027, 3, 1)
    announce(cast.title(T1), (dt.date(2026, 12, 1), 2600), (NEW_YEAR, 2700), (march, 2900))
    assert schedule.begin(db.session(), dt.date(2027, 1, 15)) == 1
    assert (price(), left()) == ((2700, 550), [march])


def test_other_titles_keep_their_price(any_app: Flask) -> None:
    other = cast.title("9782296000018", price_cents=1850)
    announce(cast.title(T1), (NEW_YEAR, 2700))
    schedule.begin(db.session(), NEW_YEAR)
    db.session.refresh(other)
    assert other.price_cents == 1850


def test_two_processes_begin_a_price_once(any_app: Flask) -> None:
    announce(cast.title(T1), (NEW_YEAR, 2700))
    start, begun = threading.Barrier(2), []

    def process() -> None:
        with any_app.app_context():
            database.writing()
            start.wait()
            begun.append(schedule.begin(db.session(), NEW_YEAR))
            db.session.commit()
            db.session.remove()

    threads = [threading.Thread(target=process) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(begun) == [0, 1]
    assert (price(), left()) == ((2700, 550), [])


def test_the_first_page_of_a_day_shows_the_new_price_though_the_worker_sleeps(anne: Browser) -> None:
    announce(db.session.scalars(sa.select(Title)).one(), (NEW_YEAR, 2700))
    clock.start_at(MIDNIGHT - dt.timedelta(minutes=1))
    text = anne.log_in("anne@grandlarge.example").open(f"/catalogue/{T1}").text
    assert "25,00 €" in text
    assert "27,00 € à partir du 1 er janvier 2027" in text
    clock.start_at(MIDNIGHT)
    text = anne.open(f"/catalogue/{T1}").text
    assert "27,00 €" in text
    assert "à partir du" not in text
    assert (price(), left()) == ((2700, 550), [])


def test_what_is_added_at_midnight_is_added_at_the_new_price(anne: Browser) -> None:
    announce(db.session.scalars(sa.select(Title)).one(), (NEW_YEAR, 2700))
    clock.start_at(MIDNIGHT - dt.timedelta(minutes=1))
    anne.log_in("anne@grandlarge.example").open(f"/catalogue/{T1}")
    clock.start_at(MIDNIGHT)
    anne.submit("/panier/lignes", quantity="1")
    assert "27,00 €" in anne.open("/panier").text
    assert "25,00 €" not in anne.text


def test_pages_for_visitors_do_not_look(any_app: Flask, anne: Browser) -> None:
    announce(db.session.scalars(sa.select(Title)).one(), (NEW_YEAR, 2700))
    clock.start_at(MIDNIGHT)
    Browser(any_app.test_client()).open("/connexion")
    assert left() == [NEW_YEAR]


def test_a_database_that_takes_no_writing_closes_no_page(
    anne: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    announce(db.session.scalars(sa.select(Title)).one(), (NEW_YEAR, 2700))
    clock.start_at(MIDNIGHT - dt.timedelta(minutes=1))
    anne.log_in("anne@grandlarge.example")
    clock.start_at(MIDNIGHT)
    with monkeypatch.context() as full:
        full.setattr(schedule, "begin", no_writing)
        assert anne.open(f"/catalogue/{T1}").status == 200
    assert left() == [NEW_YEAR]
    assert "27,00 €" in anne.open(f"/catalogue/{T1}").text
    assert left() == []


def no_writing(*_: object) -> int:
    raise OperationalError("UPDATE", {}, Exception("disk full"))


def test_a_process_looks_once_a_day(app: Flask, count_statements: Any) -> None:
    clock.start_at(MIDNIGHT)
    with count_statements() as statements:
        for _ in range(3):
            schedule.look()
    assert len(statements) == 1, statements


def test_the_worker_looks_in_the_morning(any_app: Flask) -> None:
    announce(cast.title(T1), (NEW_YEAR, 2700))
    clock.start_at(MIDNIGHT + dt.timedelta(hours=7))
    jobs.start_day()
    db.session.commit()
    commands.work()
    assert (price(), left()) == ((2700, 550), [])
