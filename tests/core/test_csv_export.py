"""Exports that no spreadsheet calculates."""

import csv
import io

import pytest
from flask import Flask

from harmattan.core import csv_export


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", " ="])
def test_no_cell_is_a_live_formula(app: Flask, start: str) -> None:
    answer = csv_export.download("liste.csv", ["Texte"], [[f"{start}HYPERLINK(1)"]])
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff")), delimiter=";"))
    assert rows[1][0].startswith("'")


def test_plain_cells_come_through(app: Flask) -> None:
    answer = csv_export.download("liste.csv", ["Ligne", "Texte", "Vide"], [[7, "L’école ; « après »", None]])
    text = answer.get_data(as_text=True)
    assert text == '\ufeffLigne;Texte;Vide\r\n7;"L’école ; « après »";\r\n'
    assert answer.headers["Content-Disposition"] == "attachment; filename=liste.csv"
