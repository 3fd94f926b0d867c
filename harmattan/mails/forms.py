"""Where a mail in quarantine goes, to whom one is sent again, which mails a person wants."""

from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from harmattan.core.forms import Form, OneTimeForm, at_most, email_field, required
from harmattan.core.services import ANSWERING, Service
from harmattan.mails.preferences import CHOICES, Topic
from harmattan.outbox.models import Delivery
from harmattan.outbox.service import one_line


class JoinForm(Form):
    numero = StringField(
        "Numéro du message",
        [required("Saisissez le numéro du message, par exemple MSG-2026-000123"), at_most(30)],
        filters=[lambda text: one_line(text or "")],
    )


class NewThreadForm(Form):
    service = RadioField(
        "Service",
        [InputRequired("Choisissez le service qui répondra")],
        choices=[SelectChoice(service.value, service.label) for service in ANSWERING],
        coerce=Service,
    )


class SendAgainForm(OneTimeForm):
    destinataire = email_field("Destinataire", "Saisissez l’adresse du destinataire")


def _choice(topic: Topic) -> RadioField:
    choices = [SelectChoice(delivery.value, label) for delivery, label in CHOICES.items()]
    return RadioField(topic.label, choices=choices, coerce=Delivery)


class PreferencesForm(Form):
    messages = _choice(Topic.MESSAGES)
    orders = _choice(Topic.ORDERS)
    titles = _choice(Topic.TITLES)
    quotes = _choice(Topic.QUOTES)
    documents = _choice(Topic.DOCUMENTS)

    @property
    def chosen(self) -> dict[Topic, Delivery]:
        return {topic: self[topic.value].data for topic in Topic}
