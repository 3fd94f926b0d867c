"""The contact form: for booksellers with their orders, for visitors with who they are."""

from collections.abc import Iterable

from email_validator import EmailNotValidError, validate_email
from wtforms import EmailField, Field, RadioField, SelectField, StringField, TelField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from harmattan.contact.rules import Subject
from harmattan.conversations.forms import WithAttachment, text_field
from harmattan.core.forms import at_most, required
from harmattan.outbox.service import one_line


class ContactForm(WithAttachment):
    """What a bookseller writes."""

    objet = RadioField(
        "Objet de votre message",
        [InputRequired("Choisissez l’objet de votre message")],
        choices=[SelectChoice(subject.value, subject.label) for subject in Subject],
    )
    message = text_field("Votre message", "Écrivez votre message")


class OrderContactForm(ContactForm):
    """With one of the account's orders."""

    commande = SelectField("Commande concernée", validate_choice=False)

    def offer(self, orders: Iterable[tuple[str, str]]) -> None:
        """Let one of these orders (reference and label), or none, be chosen."""
        self.commande.choices = [
            SelectChoice("", "Aucune commande en particulier"),
            *(SelectChoice(reference, label) for reference, label in orders),
        ]

    def validate_commande(self, field: Field) -> None:
        """Unknown and foreign references read the same."""
        if field.data not in [choice.value for choice in field.choices]:
            raise ValidationError("Choisissez une commande de la liste")


def _one_line(text: str | None) -> str:
    return one_line(text or "")


class VisitorContactForm(ContactForm):
    """What a visitor writes, and who that is."""

    nom = StringField("Nom et prénom", [required("Saisissez votre nom"), at_most(120)], filters=[_one_line])
    email = EmailField("Adresse e-mail", [required("Saisissez votre adresse e-mail"), at_most(254)])
    librairie = StringField("Librairie ou société", [at_most(120)], filters=[_one_line])
    telephone = TelField("Téléphone", [at_most(30)], filters=[_one_line])
    site = StringField("Laissez ce champ vide")
    """Robots fill it in."""

    def validate_email(self, field: Field) -> None:
        """Only an address that mail can reach, as far as its form tells."""
        try:
            field.data = validate_email(field.data, check_deliverability=False).normalized
        except EmailNotValidError:
            raise ValidationError("Vérifiez l’adresse e-mail : nom@domaine.fr") from None
