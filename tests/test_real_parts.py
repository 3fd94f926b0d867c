"""The real parts that other tests stand on."""

import urllib.request

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser as Chromium

from harmattan.core.extensions import db
from tests.real_parts import LiveServer


def test_statements_are_counted_without_what_begins_and_ends_transactions(
    app: Flask, count_statements
) -> None:
    with count_statements() as statements:
        db.session.execute(sa.text("SELECT 1"))
        db.session.commit()
    assert statements.texts == ["SELECT 1"]


@pytest.mark.postgres
def test_postgresql_starts_at_the_head_of_the_migrations(postgres_app: Flask) -> None:
    assert db.engine.dialect.name == "postgresql"
    assert sa.inspect(db.engine).has_table("orders")


def test_the_portal_answers_behind_a_real_server(live_server: LiveServer) -> None:
    with urllib.request.urlopen(f"{live_server.url}/sante") as answer:
        assert answer.read() == b"ok"


@pytest.mark.browser
def test_chromium_opens_the_portal(live_server: LiveServer, chromium: Chromium) -> None:
    page = chromium.new_page()
    page.goto(f"{live_server.url}/connexion")
    assert page.inner_text("h1") == "Se connecter à l’espace client"
    page.close()
