"""Rights and the last day of an access; a new password for whoever knows the present one."""

import datetime as dt

from wtforms import PasswordField, SelectMultipleField
from wtforms.fields.choices import enum_choices
from wtforms.validators import Optional, ValidationError

from harmattan.access.rules import Right
from harmattan.core import clock
from harmattan.core.forms import DayField, Form, repeated, required
from harmattan.people.rules import end_date_fault


class LastDayForm(Form):
    ends_on = DayField("Dernier jour d’accès", [Optional()])

    def validate_ends_on(self, field: DayField) -> None:
        if fault := end_date_fault(field.day, clock.today()):
            raise ValidationError(fault)


class AccessForm(LastDayForm):
    rights = SelectMultipleField("Droits", choices=enum_choices(Right, label=lambda right: right.label))

    @property
    def chosen(self) -> tuple[frozenset[Right], dt.date | None]:
        return frozenset(Right(value) for value in self.rights.data or ()), self.ends_on.day


class PasswordChangeForm(Form):
    present_password = PasswordField("Mot de passe actuel", [required("Saisissez votre mot de passe actuel")])
    new_password = PasswordField("Nouveau mot de passe", [required("Choisissez un mot de passe")])
    repeated_password = repeated("new_password")
