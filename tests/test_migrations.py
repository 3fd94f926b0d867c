"""Migrations and models say the same, from empty to head and back, on both databases."""

import importlib
import itertools
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask

import harmattan
from harmattan import create_app
from harmattan.core import migrations
from harmattan.core.extensions import Base, db
from tests.configuration import MIGRATIONS, SETTINGS


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application before its first migration."""
    url = (
        f"sqlite:///{tmp_path / 'empty.db'}"
        if request.param == "sqlite"
        else request.getfixturevalue("empty_postgres_url")
    )
    app = create_app(SETTINGS | {"SQLALCHEMY_DATABASE_URI": url}, str(tmp_path))
    migrations.bind(app)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def tables() -> set[str]:
    return set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}


def every_model() -> set[str]:
    """Import every module of the house; gives the names of all tables."""
    for module in pkgutil.walk_packages(harmattan.__path__, "harmattan."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return set(Base.metadata.tables)


def test_an_empty_database_comes_to_what_the_models_say(empty_app: Flask) -> None:
    models = every_model()
    flask_migrate.upgrade(MIGRATIONS)
    assert models <= tables()
    flask_migrate.check(MIGRATIONS)


def test_every_migration_can_be_taken_back_and_made_again(empty_app: Flask) -> None:
    flask_migrate.upgrade(MIGRATIONS)
    before = tables()
    flask_migrate.downgrade(MIGRATIONS, revision="base")
    assert tables() == set()
    flask_migrate.upgrade(MIGRATIONS)
    assert tables() == before


FIRST_ROWS = (
    """INSERT INTO accounts (id, number, trade_name, legal_name, email, phone, siret, vat_number, gln, street,
    postal_code, city, country, discount_bp, payment_days, payment_at_end_of_month)
    VALUES (1, '104512', '', '', '', '', '', '', '', '', '44000', '', 'FR', 3600, 60, true)""",
    """INSERT INTO titles (id, record_reference, isbn, title, subtitle, authors, contributors, imprint,
    collection, form, language, clil, description, availability, vat_bp, stock, popularity, folded_title,
    folded_authors, folded_collection, folded_other, content_hash, updated_at)
    VALUES (1, 'x', '9782343000015', 'x', '', '', '[]', '', '', '', '', '', '', 'available', 550, 0, 0, '',
    '', '', '', '', '2026-11-23')""",
    """INSERT INTO carts (id, account_id, state, version, mode, deliver_by_is_request, own_reference, comment,
    updated_at, updated_by, line_count, gross_cents)
    VALUES (1, 1, 'open', 1, 'standard', false, '', '', '2026-11-23', '', 0, 0)""",
    """INSERT INTO cart_lines (cart_id, title_id, quantity, backorder_policy, noted_apart, own_reference,
    price_cents, vat_bp, line_cents, weight_g, added_by, added_at)
    VALUES (1, 1, 2, 'note', false, '', 2500, 550, 1, 1, '', '2026-11-23')""",
)
"""Rows that refer to one another, as they were before the first table was altered (0009)."""


def test_rows_survive_the_migrations(empty_app: Flask) -> None:
    flask_migrate.upgrade(MIGRATIONS, revision="0009")
    with db.engine.begin() as connection:
        for row in FIRST_ROWS:
            connection.execute(sa.text(row))
    flask_migrate.upgrade(MIGRATIONS)
    for table in ("accounts", "titles", "carts", "cart_lines"):
        assert db.session.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar() == 1
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(sa.text("UPDATE carts SET account_id = 999"))


class Cut(Exception):
    """Somebody pulled the plug."""


@pytest.mark.parametrize("after", [90, 333])
def test_a_migration_that_was_cut_is_made_by_the_next_run(empty_app: Flask, after: int) -> None:
    """F25: wherever it stopped, nothing stands half made."""
    statements = itertools.count()

    def cut(*_told: object) -> None:
        if next(statements) == after:
            raise Cut

    sa.event.listen(db.engine, "before_cursor_execute", cut)
    with pytest.raises(Cut):
        flask_migrate.upgrade(MIGRATIONS)
    sa.event.remove(db.engine, "before_cursor_execute", cut)
    flask_migrate.upgrade(MIGRATIONS)
    flask_migrate.check(MIGRATIONS)


def test_a_payment_at_the_counter_keeps_its_means_there_and_back(empty_app: Flask) -> None:
    flask_migrate.upgrade(MIGRATIONS, revision="0042")
    with db.engine.begin() as connection:
        connection.execute(sa.text(ACCOUNT))
        connection.execute(sa.text(PAYMENT))
    flask_migrate.upgrade(MIGRATIONS, revision="0043")
    told = sa.text("SELECT means, cheque_number, cheque_bank, label FROM payments")
    assert db.session.execute(told).all() == [("counter", "", "", "N° 12")]
    db.session.execute(sa.text("UPDATE payments SET means = 'cash'"))
    db.session.commit()
    flask_migrate.downgrade(MIGRATIONS, revision="0042")
    assert db.session.execute(sa.text("SELECT means FROM payments")).scalar() == "counter"


ACCOUNT = """INSERT INTO accounts (id, number, trade_name, legal_name, email, phone, siret, vat_number, gln,
    street, postal_code, city, country, discount_bp, payment_term)
    VALUES (1, '104512', '', '', '', '', '', '', '', '', '44000', '', 'FR', 3600, '60 days after')"""
PAYMENT = """INSERT INTO payments (id, reference, account_id, received_on, means, amount_cents, open_cents,
    label, recorded_at)
    VALUES (1, 'REG-2026-000001', 1, '2026-11-20', 'counter', 500, 500, 'N° 12', '2026-11-20')"""


def test_the_application_alone_knows_every_model() -> None:
    """`flask db check` compares what the application imports: a model it does not know is never missed."""
    script = (
        "from harmattan import create_app; from harmattan.core.extensions import Base; "
        "print(*sorted(Base.metadata.tables))"
    )
    known = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert set(known.split()) == every_model()
