"""What our forms share: French messages that say what to do, and what a draft gives back."""

import re
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import DataRequired, Length

from harmattan.core import drafts, once


class Form(FlaskForm):
    """A form whose empty page first takes what was typed before the session was lost."""

    class Meta(FlaskForm.Meta):
        locales = ("fr",)

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        self.restored = False
        if formdata is None:
            formdata = request.form if request.method == "POST" else drafts.give_back()
            self.restored = request.method != "POST" and formdata is not None
            if formdata is not None and request.files:
                formdata = formdata.copy()
                formdata.update(request.files)
        super().__init__(formdata=formdata, **kwargs)

    @property
    def faults(self) -> list[tuple[str, str]]:
        """(field id, message) of every fault, in the order of the fields."""
        return [(field.id, str(message)) for field in self for message in field.errors]


class OneTimeForm(Form):
    """A form that creates something: its key makes a second sending harmless."""

    once = HiddenField(default=once.new_key, filters=[lambda key: key or once.new_key()])


def whole_number(text: str | None) -> int | None:
    """A number of ours that a form or an address sends back; None for anything else, however long."""
    return int(text) if text and re.fullmatch("[0-9]{1,9}", text) else None


def required(message: str) -> DataRequired:
    """Must be filled in; the message says with what."""
    return DataRequired(message)


def at_most(characters: int) -> Length:
    """Not longer than this."""
    return Length(max=characters, message=f"Raccourcissez ce texte : {characters} caractères au plus")
