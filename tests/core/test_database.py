"""Writing transactions never lose an update; reading ones hold no lock."""

import contextlib
import datetime as dt
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from harmattan.core import clock, database
from harmattan.core.extensions import db
from harmattan.core.numbering import Counter
from harmattan.core.throttle import ThrottleCount
from tests import cast
from tests.browser import Browser


def in_threads(app: Flask, work: Callable[[], None], count: int = 4) -> None:
    """Do the same work in several threads at once, each with its own session; faults are raised."""
    faults: list[BaseException] = []

    def run() -> None:
        try:
            with app.app_context():
                work()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


def write_lock_is_free(app: Flask) -> bool:
    with contextlib.closing(sqlite3.connect(Path(app.instance_path, "harmattan.db"), timeout=0)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        return True


def read_and_write() -> int:
    counter = db.session.scalars(sa.select(Counter)).one()
    counter.last += 1
    db.session.flush()
    return counter.last


@pytest.fixture
def counter(app: Flask) -> None:
    db.session.add(Counter(series="T", year=2026, last=0))
    db.session.commit()


@pytest.mark.usefixtures("counter")
def test_concurrent_increments_lose_nothing(app: Flask) -> None:
    def increment() -> None:
        for _ in range(20):
            read_and_write()
            db.session.commit()

    in_threads(app, increment)
    assert db.session.scalar(sa.select(Counter.last)) == 80


@pytest.mark.usefixtures("counter")
def test_a_get_reads_without_the_write_lock(app: Flask, client: FlaskClient, page_that: Callable) -> None:
    def view() -> str:
        db.session.scalar(sa.select(Counter.last))
        return str(write_lock_is_free(app))

    assert client.get(page_that(view)).text == "True"


@pytest.mark.usefixtures("counter")
def test_a_post_holds_the_write_lock_until_its_commit(
    app: Flask, client: FlaskClient, page_that: Callable
) -> None:
    def view() -> str:
        read_and_write()
        seen = [write_lock_is_free(app)]
        db.session.commit()
        seen.append(write_lock_is_free(app))
        db.session.scalar(sa.select(Counter.last))
        seen.append(write_lock_is_free(app))
        return str(seen)

    app.config["WTF_CSRF_ENABLED"] = False
    assert client.post(page_that(view, ("GET", "POST"))).text == "[False, True, True]"


@pytest.mark.usefixtures("counter")
def test_a_request_writes_again_after_its_commit_when_it_says_so(
    app: Flask, client: FlaskClient, page_that: Callable
) -> None:
    def view() -> str:
        read_and_write()
        db.session.commit()
        database.writing()
        last = read_and_write()
        free = write_lock_is_free(app)
        db.session.commit()
        return f"{last} {free}"

    app.config["WTF_CSRF_ENABLED"] = False
    assert client.post(page_that(view, ("GET", "POST"))).text == "2 False"


def test_what_is_written_aside_stays_whatever_becomes_of_the_request(
    client: FlaskClient, page_that: Callable
) -> None:
    def view() -> str:
        with database.aside() as aside:
            aside.add(Counter(series="ASIDE", year=2026, last=1))
        db.session.rollback()
        return "fait"

    assert client.get(page_that(view)).status_code == 200
    assert db.session.scalar(sa.select(Counter.series)) == "ASIDE"


def test_writing_aside_with_something_pending_is_refused(app: Flask) -> None:
    db.session.add(Counter(series="T", year=2026, last=0))
    with pytest.raises(RuntimeError, match="commit what is pending"), database.aside():
        pass


def test_nothing_is_written_aside_when_it_fails(app: Flask) -> None:
    with contextlib.suppress(ZeroDivisionError), database.aside() as aside:
        aside.add(Counter(series="T", year=2026, last=0))
        raise ZeroDivisionError
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Counter)) == 0


def test_sqlite_is_durable_and_keeps_foreign_keys(app: Flask) -> None:
    pragmas = {
        name: db.session.execute(sa.text(f"PRAGMA {name}")).scalar()
        for name in ("journal_mode", "synchronous", "foreign_keys")
    }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_instants_come_back_aware_and_in_utc(any_app: Flask) -> None:
    paris = dt.timezone(dt.timedelta(hours=1))
    start = dt.datetime(2026, 11, 23, 10, tzinfo=paris)
    db.session.add(ThrottleCount(key="x", window_start=start, count=1))
    db.session.commit()
    db.session.expire_all()
    assert db.session.scalars(sa.select(ThrottleCount.window_start)).one() == start


@pytest.mark.postgres
def test_connections_that_the_server_cut_cost_neither_a_page_nor_an_act(postgres_app: Flask) -> None:
    cast.everybody()
    browser = (
        Browser(postgres_app.test_client()).log_in("anne@grandlarge.example").open("/contact?objet=autres")
    )
    cut = b"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    url = postgres_app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", "")

    def restart() -> None:
        """What a restart or a failover of the server leaves of the connections kept open (F12)."""
        db.session.remove()
        with psycopg.connect(url, autocommit=True) as other:
            other.execute(cut + b" AND pid <> pg_backend_pid()")

    restart()
    assert browser.open("/contact?objet=autres").status == 200
    restart()
    browser.submit("/contact", message="Après la coupure")
    assert browser.url == "/messages/MSG-2026-000001"


@pytest.mark.postgres
def test_a_standby_shows_its_pages_and_refuses_acts_plainly(postgres_app: Flask) -> None:
    """F12: what a failover leads to before the standby is the new primary."""
    cast.everybody()
    browser = (
        Browser(postgres_app.test_client()).log_in("anne@grandlarge.example").open("/contact?objet=autres")
    )
    for read_only, status in (("on", 503), ("off", 200)):
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
            other.execute(sa.text("SET default_transaction_read_only = off"))
            name = other.scalar(sa.text("SELECT current_database()"))
            other.execute(sa.text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {read_only}'))
        db.session.remove()
        db.engine.dispose()
        clock.start_at(
            clock.now() + dt.timedelta(minutes=10)
        )  # so that the session would note that it is used
        assert browser.open("/contact?objet=autres").status == 200
        assert browser.submit("/contact", message="Bonjour").status == status


@pytest.mark.postgres
def test_a_postgresql_server_that_says_nothing_is_not_waited_for(postgres_app: Flask) -> None:
    options = postgres_app.config["SQLALCHEMY_ENGINE_OPTIONS"]
    assert options["connect_args"]["connect_timeout"] <= 5
    assert options["connect_args"]["tcp_user_timeout"] <= 5_000
    assert options["hide_parameters"]
