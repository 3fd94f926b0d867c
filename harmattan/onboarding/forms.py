"""The request for access, and the principal user's answer."""

from typing import Any

from wtforms import PasswordField, StringField, TextAreaField
from wtforms.validators import Regexp, ValidationError

from harmattan.access.rules import password_fault
from harmattan.core.forms import Form, at_most, email_field, required
from harmattan.outbox.service import one_line


def _password_field() -> PasswordField:
    return PasswordField(
        "Mot de passe", [required("Choisissez le mot de passe avec lequel vous vous connecterez")]
    )


def _check(field: PasswordField, known_words: list[str]) -> None:
    if fault := password_fault(field.data, known_words):
        raise ValidationError(fault)


class ActivationForm(Form):
    """The password of whoever sales prepared an access for."""

    password = _password_field()
    known_words: tuple[str, ...] = ()

    def validate_password(self, field: PasswordField) -> None:
        _check(field, [*self.known_words])


class AccessRequestForm(Form):
    """« Demande d’accès à l’espace client » (R2, R3, R19)."""

    number = StringField(
        "Numéro de compte",
        [
            required("Saisissez votre numéro de compte : il est sur vos factures"),
            Regexp(r"^[0-9 ]{4,12}$", message="Écrivez le numéro de compte en chiffres, par exemple 104512"),
        ],
    )
    last_name = StringField("Nom", [required("Saisissez votre nom"), at_most(60)])
    first_name = StringField("Prénom", [required("Saisissez votre prénom"), at_most(60)])
    email = email_field(
        "Votre adresse e-mail", "Saisissez votre adresse e-mail : elle servira à vous connecter"
    )
    password = _password_field()
    words = TextAreaField("Un mot pour l’utilisateur principal de votre librairie", [at_most(1000)])

    def validate_password(self, field: PasswordField) -> None:
        _check(field, [self.number.data or "", self.first_name.data or "", self.last_name.data or ""])

    @property
    def details(self) -> dict[str, Any]:
        """What is kept of the request, its spaces trimmed."""
        return {
            "number": (self.number.data or "").replace(" ", ""),
            "last_name": one_line(self.last_name.data or ""),
            "first_name": one_line(self.first_name.data or ""),
            "email": (self.email.data or "").strip().lower(),
            "words": (self.words.data or "").strip(),
        }
