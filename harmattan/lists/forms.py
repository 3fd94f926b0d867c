"""The form by which a list comes in, and what is read from the form of its review."""

from typing import Any

from flask_wtf.file import FileField
from werkzeug.datastructures import MultiDict
from wtforms import TextAreaField

from harmattan.core.forms import Form
from harmattan.lists.reviewing import Correction


class PasteForm(Form):
    liste = TextAreaField("Liste d’ISBN et de quantités")
    fichier = FileField("Ou un fichier CSV, TXT, XLSX, ODS ou XLS")


def empty() -> PasteForm:
    """The form for pages of other areas."""
    return PasteForm(formdata=MultiDict())


def corrections(typed: "MultiDict[str, Any]") -> dict[int, Correction]:
    """By row: what the fields `isbn-7`, `quantite-7` and `choix-7` say, and the suggestion taken."""
    rows: dict[int, dict[str, str]] = {}
    for field, value in typed.items():
        name, _, number = field.partition("-")
        if name in _NAMES and number.isascii() and number.isdigit() and len(number) < 9:
            rows.setdefault(int(number), {})[_NAMES[name]] = str(value)
    taken = typed.get("retenir", "")
    return {number: Correction(**said, take_suggestion=taken == str(number)) for number, said in rows.items()}


_NAMES = {"isbn": "isbn", "quantite": "quantity", "choix": "policy"}
