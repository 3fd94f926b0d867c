"""What our forms share: French messages that say what to do, and what a draft gives back."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, Email, EqualTo, Length

from harmattan.core import clock, dates, drafts, money, once

_OF_EVERY_FORM = {"version", "once"}
"""Fields that say nothing of which form of a page was sent."""


class Form(FlaskForm):
    """A form whose empty page first takes what was typed before the session was lost."""

    class Meta(FlaskForm.Meta):
        locales = ("fr",)

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        self.restored = False
        if formdata is None:
            formdata = request.form if request.method == "POST" else self._draft()
            self.restored = request.method != "POST" and formdata is not None
            if formdata is not None and request.files:
                formdata = formdata.copy()
                formdata.update(request.files)
        super().__init__(formdata=formdata, **kwargs)

    def _draft(self) -> MultiDict[str, str] | None:
        """What was typed into this form; what was typed into another one of its page is left to that one."""
        typed = drafts.give_back()
        own = {name for name, _ in self._unbound_fields} - _OF_EVERY_FORM
        return typed if typed and not own.isdisjoint(typed) else None

    @property
    def faults(self) -> list[tuple[str, str]]:
        """(field id, message) of every fault, in the order of the fields."""
        return [(field.id, str(message)) for field in self for message in field.errors]


class OneTimeForm(Form):
    """A form that creates something: its key makes a second sending harmless."""

    once = HiddenField(default=once.new_key, filters=[lambda key: key or once.new_key()])


class DayField(StringField):
    """A date in any form people type (R108); what cannot be read stays as it was typed."""

    day: dt.date | None = None

    def process_data(self, value: dt.date | None) -> None:
        self.day = value
        self.data = value.isoformat() if value else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        self.day = None
        try:
            self.day = dates.parse_date(self.data, clock.today()) if self.data.strip() else None
            self.data = self.day.isoformat() if self.day else ""
        except dates.UnreadableDate as fault:
            raise ValueError(str(fault)) from None

    @property
    def is_readable(self) -> bool:
        """Whether a date picker can show it."""
        return self.day is not None or not self.data


class PercentField(StringField):
    """A rate typed as « 33 », « 33,5 » or « 33.5 % », in basis points; what cannot be read stays as typed."""

    basis_points: int | None = None

    def process_data(self, value: int | None) -> None:
        self.basis_points = value
        self.data = "" if value is None else rate_text(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        if valuelist and self.data.strip():
            self.basis_points = basis_points(self.data)


def rate_text(basis_points: int) -> str:
    """« 33,5 », as one types it."""
    return f"{Decimal(basis_points) / 100:f}".replace(".", ",")


def basis_points(text: str) -> int:
    """The rate typed in per cent; the message of the `ValueError` says how to write it."""
    typed = re.fullmatch(r"\s*([0-9]{1,3})(?:[.,]([0-9]{1,2}))?\s*%?\s*", text)
    rate = money.hundredths(typed[1], typed[2]) if typed else None
    if rate is None or rate > 10_000:
        raise ValueError("Écrivez le taux en pour cent, entre 0 et 100, par exemple 33 ou 33,5")
    return rate


class EurosField(StringField):
    """An amount typed as « 63,37 », « 1 234.5 » or « 63 € », in cents; what cannot be read stays as typed."""

    cents: int | None = None

    def process_data(self, value: int | None) -> None:
        self.cents = value
        self.data = "" if value is None else f"{Decimal(value) / 100:.2f}".replace(".", ",")

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        if valuelist and self.data.strip():
            self.cents = _cents(self.data)


def _cents(text: str) -> int:
    typed = re.fullmatch(r"([0-9]{1,8})(?:[.,]([0-9]{1,2}))?€?", "".join(text.split()))
    if typed is None:
        raise ValueError("Écrivez le montant en euros, par exemple 12,50")
    return money.hundredths(typed[1], typed[2])


def whole_number(text: str | None) -> int | None:
    """A number of ours that a form or an address sends back; None for anything else, however long."""
    return int(text) if text and re.fullmatch("[0-9]{1,9}", text) else None


def required(message: str) -> DataRequired:
    """Must be filled in; the message says with what."""
    return DataRequired(message)


def at_most(characters: int) -> Length:
    """Not longer than this."""
    return Length(max=characters, message=f"Raccourcissez ce texte : {characters} caractères au plus")


def email_field(label: str, missing: str) -> EmailField:
    """An address that mail can reach, as far as its form tells; what was copied along around it falls off."""
    form = Email("Écrivez l’adresse sous la forme nom@librairie.fr")
    return EmailField(
        label, [required(missing), form, at_most(254)], filters=[lambda typed: (typed or "").strip()]
    )


def repeated(field_name: str) -> PasswordField:
    """A new password once more."""
    same = EqualTo(field_name, "Tapez deux fois le même mot de passe : les deux textes diffèrent")
    return PasswordField("Le même mot de passe, encore une fois", [same])
