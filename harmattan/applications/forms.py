"""The application, the applicant's answers, and what sales decide."""

from typing import Any, Self

from flask_wtf.file import MultipleFileField
from werkzeug.datastructures import MultiDict
from wtforms import SelectField, StringField, TelField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, ValidationError

from harmattan.access.models import USUAL_TERM
from harmattan.applications.models import Application
from harmattan.applications.rules import TERMS, Terms
from harmattan.conversations.forms import VersionForm, WithFiles, text_field
from harmattan.core import identifiers
from harmattan.core.forms import OneTimeForm, PercentField, at_most, email_field, required
from harmattan.core.settings import house
from harmattan.core.terms import PaymentTerm
from harmattan.outbox.service import one_line
from harmattan.people.forms import ShopForm, name_field
from harmattan.people.rules import DETAILS

NEUTRAL_WORDS = (
    "Nous ne pouvons pas donner suite à votre demande pour le moment. Vous pouvez en déposer une nouvelle "
    "si votre situation change."
)


class ApplicationForm(ShopForm, WithFiles):
    """« Demande d’ouverture de compte » (R22)."""

    last_name = name_field("Nom", "Saisissez votre nom", 60)
    first_name = name_field("Prénom", "Saisissez votre prénom", 60)
    email = email_field(DETAILS["email"], "Saisissez votre adresse e-mail : le lien de suivi y part")
    phone = TelField(
        DETAILS["phone"],
        [required("Saisissez un numéro de téléphone : nous appelons parfois avant d’écrire"), at_most(30)],
        filters=[lambda text: one_line(text or "")],
    )
    iban = StringField("IBAN", [Optional()])
    pieces = MultipleFileField("Pièces : extrait Kbis, RIB")
    words = text_field("Quelques mots sur votre librairie")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.siret.validators = [required("Saisissez les 14 chiffres du SIRET")]

    def validate_iban(self, field: StringField) -> None:
        try:
            field.data = identifiers.iban(field.data)
        except identifiers.Misread as fault:
            raise ValidationError(str(fault)) from None

    @property
    def details(self) -> dict[str, str]:
        """The columns of `Application`."""
        person = {name: self[name].data for name in ("first_name", "last_name")}
        return super().details | person | {"iban": self.iban.data or ""}


class AnswerForm(WithFiles):
    """What the applicant adds: words, pieces, or both."""

    message = text_field("Votre message")

    def validate_message(self, field: StringField) -> None:
        if not field.data and not any(file and file.filename for file in self.pieces.data or []):
            raise ValidationError("Écrivez un message ou choisissez une pièce à envoyer")


class AskForm(VersionForm, OneTimeForm):
    question = text_field("Ce qu’il nous manque", "Écrivez au demandeur ce qu’il nous manque")


class RefusalForm(VersionForm):
    reason = text_field("Motif, pour l’équipe", "Écrivez le motif : lui seul dira pourquoi, dans un an")
    words = text_field("Ce que lit le demandeur", "Écrivez ce que le demandeur lira")

    @classmethod
    def proposed(cls, typed: MultiDict[str, str]) -> Self:
        """Neutral words (R28)."""
        return cls(typed, data={"words": NEUTRAL_WORDS})


class OpeningForm(VersionForm):
    """The terms of a new account, and where its books go."""

    discount = PercentField("Remise", [required("Saisissez la remise, par exemple 33 %")])
    payment_term = SelectField(
        "Délai de paiement", choices=[SelectChoice(term.code, term.label) for term in TERMS]
    )
    recipient = name_field("Destinataire", "Saisissez qui reçoit les colis")
    delivery_street = name_field(DETAILS["street"], "Saisissez le numéro et la rue de livraison", 200)
    delivery_postal_code = name_field(DETAILS["postal_code"], "Saisissez le code postal de livraison", 12)
    delivery_city = name_field(DETAILS["city"], "Saisissez la ville de livraison", 80)

    @classmethod
    def proposed(cls, application: Application, typed: MultiDict[str, str]) -> Self:
        """The house's usual terms, the shop's own address."""
        return cls(
            typed,
            data={
                "discount": house().usual_discount_bp,
                "payment_term": USUAL_TERM.code,
                "recipient": application.trade_name,
                "delivery_street": application.street,
                "delivery_postal_code": application.postal_code,
                "delivery_city": application.city,
            },
        )

    @property
    def terms(self) -> Terms:
        return Terms(
            discount_bp=self.discount.basis_points or 0,
            payment_term=PaymentTerm.of_code(self.payment_term.data),
            recipient=self.recipient.data,
            street=self.delivery_street.data,
            postal_code=self.delivery_postal_code.data,
            city=self.delivery_city.data,
        )
