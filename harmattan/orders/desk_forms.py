"""What sales write when they decide on an order."""

from typing import Any

from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from harmattan.conversations.forms import text_field
from harmattan.core.forms import DayField, EurosField, Form, at_most
from harmattan.orders import urgent
from harmattan.orders.models import Order
from harmattan.orders.rules import Action


class ValidationForm(Form):
    """Validate what was seen; carriage only where no tariff gives it (R85)."""

    vu = HiddenField()
    port = EurosField("Port HT, en euros")


class QuestionForm(Form):
    question = text_field("Question à la librairie", "Écrivez la question")


class PhoneAnswerForm(Form):
    reponse = text_field("Réponse reçue par téléphone", "Écrivez ce qui a été répondu")


class CancelForm(Form):
    motif = text_field("Motif, lu par la librairie", "Écrivez le motif de l’annulation")


class RequestForm(Form):
    """A request of the shop: applied by its button, or refused with words."""

    demande = HiddenField()
    raison = text_field("Pourquoi non, lu par la librairie", "Écrivez pourquoi la demande n’est pas retenue")


class DateForm(Form):
    """The answer to « Date de livraison impérative » (R57)."""

    decision = RadioField(
        "Réponse à la date impérative",
        [InputRequired("Choisissez une réponse")],
        choices=[
            SelectChoice(Action.CONFIRM_DATE.value, "Confirmée"),
            SelectChoice(Action.PROPOSE_DATE.value, "Impossible, autre date proposée"),
            SelectChoice(Action.REFUSE_DATE.value, "Impossible"),
        ],
    )
    date = DayField("Date proposée")
    mots = TextAreaField("Explication pour la librairie", [at_most(1_000)])

    def __init__(self, order: Order, formdata: Any = None) -> None:
        super().__init__(formdata)
        self.order = order

    def validate_date(self, field: DayField) -> None:
        """Only a date that makes sense is proposed."""
        if self.decision.data != Action.PROPOSE_DATE:
            return
        if field.day is None:
            raise ValidationError("Saisissez la date que vous proposez")
        if fault := urgent.fault_of(self.order, field.day):
            raise ValidationError(fault)
