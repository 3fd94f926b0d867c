"""Rights and the last day of an access; a new password for whoever knows the present one."""

import datetime as dt

from wtforms import DateField, PasswordField, SelectMultipleField
from wtforms.fields.choices import enum_choices
from wtforms.validators import EqualTo, Optional, ValidationError

from harmattan.access.rules import Right
from harmattan.core import clock
from harmattan.core.dates import UnreadableDate, parse_date
from harmattan.core.forms import Form, required
from harmattan.people.rules import end_date_fault


class TypedDateField(DateField):
    """A date typed in any of the usual ways (R108)."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist or [""])[0].strip()
        self.raw_data, self.data = [text], None
        if not text:
            return
        try:
            self.data = parse_date(text, clock.today())
        except UnreadableDate as fault:
            raise ValueError(str(fault)) from None


class AccessForm(Form):
    rights = SelectMultipleField("Droits", choices=enum_choices(Right, label=lambda right: right.label))
    ends_on = TypedDateField("Dernier jour d’accès", [Optional()])

    def validate_ends_on(self, field: DateField) -> None:
        if fault := end_date_fault(field.data, clock.today()):
            raise ValidationError(fault)

    @property
    def chosen(self) -> tuple[frozenset[Right], dt.date | None]:
        return frozenset(Right(value) for value in self.rights.data or ()), self.ends_on.data


class PasswordChangeForm(Form):
    present_password = PasswordField("Mot de passe actuel", [required("Saisissez votre mot de passe actuel")])
    new_password = PasswordField("Nouveau mot de passe", [required("Choisissez un mot de passe")])
    repeated_password = PasswordField(
        "Le même mot de passe, encore une fois",
        [EqualTo("new_password", "Tapez deux fois le même mot de passe : les deux textes diffèrent")],
    )
