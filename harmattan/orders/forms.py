"""What the list of orders can be narrowed to."""

from wtforms import Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from harmattan.orders.rules import Status

STATES = {"": "Tous"} | {state.value: state.label for state in Status}
PERIODS = {"": "Toutes", "30": "30 derniers jours", "90": "3 derniers mois", "365": "12 derniers mois"}
LONGEST_SEARCH = 60


def _choices(labels: dict[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in labels.items()]


class OrderFilter(Form):
    """Read from the address (GET); what cannot be read narrows nothing."""

    q = StringField("Numéro de commande ou de facture, votre référence ou ISBN")
    etat = SelectField("État", choices=_choices(STATES))
    periode = SelectField("Période", choices=_choices(PERIODS))

    def narrowed(self) -> dict[str, str]:
        """The filters in force, by their names in the address."""
        self.q.data = (self.q.data or "").strip()[:LONGEST_SEARCH]
        if self.etat.data not in STATES:
            self.etat.data = ""
        if self.periode.data not in PERIODS:
            self.periode.data = ""
        return {field.name: field.data for field in self if field.data}
