"""What a shop announces to pay, and what accounting say of it."""

from typing import Any

from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from harmattan.billing import cheque_fields
from harmattan.conversations.rules import plain_text
from harmattan.core.forms import Form, OneTimeForm, at_most, required
from harmattan.payments.models import PaymentOrder
from harmattan.payments.rules import Means


class AnnounceForm(OneTimeForm):
    """By which means the documents ticked are paid: the button pressed says it (R81)."""

    means = RadioField(
        "Moyen de paiement",
        [InputRequired("Choisissez comment vous payez")],
        choices=[SelectChoice(each.value, each.label) for each in Means],
        coerce=Means,
    )


class _OfOneOrder(Form):
    """A form of one order in a list: the order's reference tells its fields from those of the others."""

    def __init__(self, order: PaymentOrder, formdata: Any = None) -> None:
        super().__init__(formdata, prefix=order.reference)
        self.is_cheque = order.means is Means.CHEQUE


class ReceiptForm(_OfOneOrder):
    """What was announced has come: of a cheque, which one."""

    cheque = cheque_fields.number_field()
    banque = cheque_fields.bank_field()


class GiveUpForm(_OfOneOrder):
    """Why it is no longer awaited; the shop reads it."""

    motif = TextAreaField(
        "Motif, lu par la librairie",
        [required("Écrivez à la librairie pourquoi, par exemple « rien n’est arrivé »"), at_most(300)],
        filters=[plain_text],
    )
