"""Rights and the last day of an access; a new password; what a shop says of itself."""

import datetime as dt
import re
from collections.abc import Callable

from wtforms import EmailField, Field, PasswordField, SelectMultipleField, StringField, TelField
from wtforms.fields.choices import enum_choices
from wtforms.validators import Optional, ValidationError

from harmattan.access.forms import CodeForm
from harmattan.access.rules import Right
from harmattan.core import clock, identifiers
from harmattan.core.forms import DayField, Form, at_most, email_field, repeated, required
from harmattan.outbox.service import one_line
from harmattan.people.rules import DETAILS, end_date_fault

_FRENCH_POSTAL_CODE = re.compile(r"(?:0[1-9]|[1-8]\d|9[0-8])\d{3}")


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


class ReplaceFactorForm(CodeForm):
    """Whoever replaces the second factor proves both: the code alone where one is in place."""

    present_password = PasswordField("Mot de passe actuel", [required("Saisissez votre mot de passe actuel")])
    one_time_password = StringField("Code actuel")


def name_field(label: str, missing: str, longest: int = 120) -> StringField:
    """A name on one line, or a part of an address."""
    filters = [lambda text: one_line(text or "")]
    return StringField(label, [required(missing), at_most(longest)], filters=filters)


class ShopForm(Form):
    """A shop's details, by the names of the account's columns (R22, R60)."""

    siret = StringField(DETAILS["siret"], [Optional()])
    trade_name = name_field(DETAILS["trade_name"], "Saisissez l’enseigne : le nom de la librairie")
    legal_name = name_field(DETAILS["legal_name"], "Saisissez la raison sociale, telle que sur le Kbis")
    vat_number = StringField(DETAILS["vat_number"], [Optional()])
    gln = StringField(DETAILS["gln"], [Optional()])
    street = name_field(DETAILS["street"], "Saisissez le numéro et la rue", 200)
    postal_code = name_field(DETAILS["postal_code"], "Saisissez le code postal", 12)
    city = name_field(DETAILS["city"], "Saisissez la ville", 80)
    email: EmailField = email_field(DETAILS["email"], "Saisissez l’adresse e-mail de la librairie")
    phone = TelField(DETAILS["phone"], [at_most(30)], filters=[lambda text: one_line(text or "")])

    country = "FR"

    def validate_siret(self, field: Field) -> None:
        field.data = _read(identifiers.siret, field.data)

    def validate_vat_number(self, field: Field) -> None:
        siret = "" if self.siret.errors else self.siret.data or ""
        field.data = _read(lambda text: identifiers.vat_number(text, siret), field.data)

    def validate_gln(self, field: Field) -> None:
        """Doubted on the page that follows, never refused: some in use have a wrong check digit."""
        field.data = identifiers.compact(field.data or "")
        if len(field.data) > 13:
            raise ValidationError("Vérifiez le GLN : il compte 13 chiffres")

    def validate_postal_code(self, field: Field) -> None:
        field.data = field.data.replace(" ", "")
        if self.country == "FR" and not _FRENCH_POSTAL_CODE.fullmatch(field.data):
            raise ValidationError("Écrivez le code postal en cinq chiffres, par exemple 44000")

    @property
    def details(self) -> dict[str, str]:
        """What is said, by the account's columns."""
        said = {name: (self[name].data or "").strip() for name in DETAILS}
        return said | {"email": said["email"].lower()}


def _read(check: Callable[[str], str], typed: str) -> str:
    try:
        return check(typed)
    except identifiers.Misread as fault:
        raise ValidationError(str(fault)) from None
