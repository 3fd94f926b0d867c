"""What a shop announces to pay."""

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from harmattan.core.forms import OneTimeForm
from harmattan.payments.rules import Means


class AnnounceForm(OneTimeForm):
    """By which means the documents ticked are paid: the button pressed says it (R81)."""

    means = RadioField(
        "Moyen de paiement",
        [InputRequired("Choisissez comment vous payez")],
        choices=[SelectChoice(each.value, each.label) for each in Means],
        coerce=Means,
    )
