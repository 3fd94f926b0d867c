"""`flask catalogue import` and `flask catalogue stock`."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from harmattan.catalogue.models import Title
from harmattan.core.extensions import db
from tests import cast
from tests.imports.messages import message, product


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "catalogue.xml"


def flask(app: Flask, *arguments: str | Path) -> Result:
    db.session.commit()
    result = app.test_cli_runner().invoke(args=["catalogue", *map(str, arguments)])
    db.session.expire_all()
    return result


def titles() -> list[str]:
    return list(db.session.scalars(sa.select(Title.isbn)))


def test_a_file_is_imported_with_its_progress_and_its_rejects(app: Flask, file: Path) -> None:
    file.write_bytes(message(product(), product("fr.test.2", number=None)))
    result = flask(app, "import", file)
    assert result.exit_code == 0, result.output
    assert result.output.splitlines() == [
        "IMP-2026-000001 : 2 notices sur 2 (100 %)",
        "2;fr.test.2;;rejet;ni ISBN ni GTIN dans la notice",
        "2 lues, 1 créés, 0 mis à jour, 0 inchangés, 0 supprimés,"
        " 0 prix à venir notés, 0 notices de test ignorées, 1 rejetées, 0 avertissements",
    ]
    assert titles() == ["9782343000015"]
    assert file.exists()


def test_a_dry_run_changes_nothing(app: Flask, file: Path) -> None:
    file.write_bytes(message(product()))
    result = flask(app, "import", file, "--dry-run")
    assert result.exit_code == 0
    assert "1 créés" in result.output
    assert titles() == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><ONIXMessage release='3.0'/>", "DOCTYPE"),
        (message(product())[:-40], "coupé"),
        (message(), "aucune notice"),
    ],
)
def test_a_refused_file_fails_the_command(app: Flask, file: Path, content: bytes, reason: str) -> None:
    file.write_bytes(content)
    result = flask(app, "import", file)
    assert result.exit_code == 1
    assert reason in result.output
    assert titles() == []


def test_an_older_message_needs_force(app: Flask, file: Path) -> None:
    file.write_bytes(message(product(), number=2))
    assert flask(app, "import", file).exit_code == 0
    file.write_bytes(message(product(), number=1))
    result = flask(app, "import", file)
    assert result.exit_code == 1
    assert "--force" in result.output
    assert flask(app, "import", file, "--force").exit_code == 0


def test_stock_is_set_and_unknown_lines_are_told(app: Flask, tmp_path: Path) -> None:
    cast.titles()
    stock = tmp_path / "stock.csv"
    stock.write_text(
        "\ufeffISBN;quantité\n978-2-343-00001-5;7\n\n9782296000018;0\n9782343000022;4\n"
        "9782343000016;4\n9782140423451;-3\npas une ligne\n"
    )
    result = flask(app, "stock", stock)
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "ligne 5 : ISBN 9782343000022 inconnu au catalogue",
        "ligne 6 : Vérifiez le dernier chiffre de l’ISBN 9782343000016, il devrait être 5",
        "ligne 7 : la ligne n’a pas la forme ISBN;quantité",
        "ligne 8 : la ligne n’a pas la forme ISBN;quantité",
        "2 titres mis à jour, 4 lignes laissées de côté",
    ]
    found = dict(db.session.execute(sa.select(Title.isbn, Title.stock)).all())
    assert (found["9782343000015"], found["9782296000018"], found["9782140423451"]) == (7, 0, 12)


def test_a_stock_file_of_another_encoding_is_refused(app: Flask, tmp_path: Path) -> None:
    stock = tmp_path / "stock.csv"
    stock.write_bytes("9782343000015;4;réassort\n".encode("cp1252"))
    result = flask(app, "stock", stock)
    assert result.exit_code == 1
    assert "UTF-8" in result.output
