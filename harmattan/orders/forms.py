"""What the list of orders can be narrowed to."""

from wtforms import Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from harmattan.core.forms import at_most
from harmattan.orders.rules import Status

PERIODS = {"": "Toutes", "30": "30 derniers jours", "90": "3 derniers mois", "365": "12 derniers mois"}


def _choices(labels: dict[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in labels.items()]


class OrderFilter(Form):
    """Read from the address (GET); what cannot be read narrows nothing."""

    q = StringField("Numéro, votre référence ou ISBN", [at_most(60)], default="")
    etat = SelectField(
        "État", choices=_choices({"": "Tous"} | {state.value: state.label for state in Status})
    )
    periode = SelectField("Période", choices=_choices(PERIODS))

    def narrowed(self) -> dict[str, str]:
        """The filters in force, by their names in the address."""
        self.validate()
        values = {field.name: (field.data or "").strip() for field in self if not field.errors}
        return {name: value for name, value in values.items() if value}
