"""While the database takes no writing (disk full, read only, locked), pages are read as ever (F9 to F11)."""

import contextlib
import datetime as dt
import io
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from harmattan.conversations.models import Message
from harmattan.core import clock, database
from harmattan.core.extensions import db
from tests import cast
from tests.browser import Browser
from tests.site.scene import Scene
from tests.site.test_access_table import outcome, rows

KARIM = "karim@grandlarge.example"
TYPED = "Deux pages et demie, « écrites » à la main"


@contextlib.contextmanager
def read_only(app: Flask) -> Iterator[None]:
    """Every connection refuses to write."""

    def refuse(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA query_only = ON")

    event.listen(db.engine, "connect", refuse)
    try:
        yield
    finally:
        event.remove(db.engine, "connect", refuse)
        db.engine.dispose()


@contextlib.contextmanager
def locked(app: Flask) -> Iterator[None]:
    """Somebody else writes all the time."""
    path = Path(app.instance_path, "harmattan.db")
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


Fault = Callable[[Flask], contextlib.AbstractContextManager[None]]


@pytest.mark.parametrize(("role", "fault"), [("principal", read_only), ("sales", locked)])
def test_every_page_is_read_as_ever_where_nothing_can_be_written(
    scene: Scene, role: str, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 1)
    client = scene.client(role)
    clock.start_at(clock.now() + dt.timedelta(minutes=10))  # so that the session would note that it is used
    with at_rest(fault, scene.app):
        got = {
            rule: (outcome(client.get(scene.address(rule) or rule)), cells[role])
            for method, rule, cells in rows()
            if method == "GET"
        }
    assert {rule: each for rule, each in got.items() if each[0] != each[1]} == {}


@pytest.fixture
def shop(app: Flask, people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 1)
    cast.titles()
    cast.tariffs()
    db.session.commit()
    db.session.remove()
    db.engine.dispose()
    return app


@pytest.mark.parametrize("fault", [read_only, locked])
def test_an_order_that_cannot_be_kept_is_not_acknowledged_and_is_sent_again_as_it_was(
    browser: Browser, shop: Flask, fault: Fault
) -> None:
    browser.log_in(KARIM).open("/").submit("/panier/lignes", isbn="9782343000015", quantity="2")
    browser.open("/commandes/verifier")
    with at_rest(fault, shop):
        browser.submit("/commandes")
    assert (browser.status, browser.response.headers["Retry-After"]) == (503, "30")
    assert "Rien n'a été enregistré" in browser.text
    browser.submit("/commandes")
    assert browser.url == "/commandes/CMD-2026-000001"


def test_a_message_that_cannot_be_kept_comes_back_to_be_sent_again(browser: Browser, shop: Flask) -> None:
    browser.log_in(KARIM).open("/contact?objet=autres")
    if browser.htmx:  # what is typed stays in the page
        browser.form("/contact").find("textarea").string = TYPED
    with at_rest(locked, shop):
        browser.submit("/contact", message=TYPED)
    assert browser.status == 503
    browser.submit("/contact")
    assert db.session.scalars(sa.select(Message.body)).all() == [TYPED]


def test_a_message_whose_token_has_expired_meanwhile_comes_back_too(shop: Flask) -> None:
    browser = Browser(shop.test_client()).log_in(KARIM).open("/contact?objet=autres")
    with at_rest(locked, shop):
        browser.submit("/contact", message=TYPED, csrf_token="x")
    assert browser.status == 503
    browser.submit("/contact")
    assert browser.status == 400
    assert "Vos saisies sont conservées" in browser.text


def test_neither_a_password_nor_a_file_is_said_to_come_back(shop: Flask) -> None:
    browser = Browser(shop.test_client()).log_in(KARIM)
    for page, fields in {
        "/compte/securite": {"present_password": TYPED},
        "/contact?objet=autres": {"message": TYPED, "files": {"piece": (io.BytesIO(b"a"), "a.txt")}},
    }.items():
        browser.open(page)
        with at_rest(locked, shop):
            browser.submit(page.partition("?")[0], **fields)
        assert browser.status == 503
        assert "saisies" not in browser.text
        assert TYPED not in str(browser.page)
        assert browser.main().find("a", href=page)


@contextlib.contextmanager
def at_rest(fault: Fault, app: Flask) -> Iterator[None]:
    """The fault, once no connection is open any more."""
    db.session.remove()
    db.engine.dispose()
    with fault(app):
        yield
