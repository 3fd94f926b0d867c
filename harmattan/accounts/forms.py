"""What the list of accounts can be narrowed to, and how a list of account numbers comes in."""

import wtforms
from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from harmattan.accounts.lookups import NEVER, STATES
from harmattan.core.forms import Form

LONGEST_SEARCH = 80

_STATES = {
    "": "Tous",
    **{slug: state.label for slug, state in STATES.items()},
    NEVER: "Jamais connectés depuis 30 jours",
}
_PERIODS = {"": "Tout", "7": "7 derniers jours", "30": "30 derniers jours", "365": "12 derniers mois"}


class AccountFilter(wtforms.Form):
    """Read from the address (GET); what cannot be read narrows nothing."""

    q = StringField("Numéro, nom, ville ou personne")
    etat = SelectField("Accès", choices=[SelectChoice(*each) for each in _STATES.items()])

    def narrowed(self) -> dict[str, str]:
        """The filters in force, by their names in the address."""
        self.q.data = (self.q.data or "").strip()[:LONGEST_SEARCH]
        if self.etat.data not in _STATES:
            self.etat.data = ""
        return {field.name: field.data for field in self if field.data}


class JournalFilter(wtforms.Form):
    """Read from the address (GET); what cannot be read narrows nothing."""

    compte = StringField("Numéro de compte")
    q = StringField("Personne, objet ou acte")
    periode = SelectField("Période", choices=[SelectChoice(*each) for each in _PERIODS.items()])

    def narrowed(self) -> dict[str, str]:
        """The filters in force, by their names in the address."""
        for field in (self.compte, self.q):
            field.data = (field.data or "").strip()[:LONGEST_SEARCH]
        if self.periode.data not in _PERIODS:
            self.periode.data = ""
        return {field.name: field.data for field in self if field.data}


class InvitationListForm(Form):
    numeros = TextAreaField("Numéros de compte")
    fichier = FileField("Ou un fichier CSV, TXT, XLSX ou ODS")


class SendingForm(Form):
    again = BooleanField("Inviter de nouveau")
