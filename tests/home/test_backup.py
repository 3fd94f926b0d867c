"""`flask backup` and `flask restore`."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.access.models import Account
from harmattan.core.extensions import db


def run(app: Flask, *args: Any) -> Any:
    db.session.remove()
    return app.test_cli_runner().invoke(args=[str(arg) for arg in args])


def numbers() -> list[str]:
    return list(db.session.scalars(sa.select(Account.number).order_by(Account.number)))


@pytest.fixture
def copy(app: Flask, people: SimpleNamespace, tmp_path: Path) -> Path:
    file = tmp_path / "copie.db"
    assert run(app, "backup", file).exit_code == 0
    return file


def test_what_was_copied_comes_back(app: Flask, copy: Path) -> None:
    before = numbers()
    db.session.execute(sa.update(Account).where(Account.number == "104800").values(number="999999"))
    db.session.commit()
    assert run(app, "restore", copy, "--force").exit_code == 0
    assert numbers() == before


def test_a_copy_is_for_its_owner_alone_and_stands_alone(copy: Path) -> None:
    assert copy.stat().st_mode & 0o077 == 0
    assert {file.name for file in copy.parent.glob("copie.db*")} == {"copie.db"}


def test_an_existing_file_is_not_overwritten_unless_forced(app: Flask, copy: Path) -> None:
    before = copy.stat().st_ino
    refused = run(app, "backup", copy)
    assert refused.exit_code == 1
    assert "existe déjà" in refused.output
    assert copy.stat().st_ino == before
    assert run(app, "backup", copy, "--force").exit_code == 0


def test_a_database_with_data_is_not_replaced_unless_forced(app: Flask, copy: Path) -> None:
    refused = run(app, "restore", copy)
    assert refused.exit_code == 1
    assert "--force" in refused.output


def test_a_damaged_or_foreign_file_changes_nothing(app: Flask, copy: Path, tmp_path: Path) -> None:
    before = numbers()
    damaged = tmp_path / "abime.db"
    octets = bytearray(copy.read_bytes())
    octets[4096:40_960] = b"\xff" * (40_960 - 4096)
    damaged.write_bytes(octets)
    foreign = tmp_path / "lettre.txt"
    foreign.write_text("Bonjour, ceci n’est pas une base.")
    for file in (damaged, foreign, tmp_path / "absent.db"):
        assert run(app, "restore", file, "--force").exit_code == 1
    assert numbers() == before


def test_postgresql_is_told_its_own_tool(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db.engine.dialect, "name", "postgresql")
    refused = run(app, "backup", tmp_path / "copie.db")
    assert refused.exit_code == 1
    assert "pg_dump" in refused.output
