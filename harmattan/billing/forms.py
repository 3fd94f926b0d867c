"""What the list of documents can be narrowed to."""

import datetime as dt

from wtforms import Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from harmattan.billing.rules import Kind
from harmattan.core import clock, dates, periods

LONGEST_SEARCH = 60
YEARS_KEPT = 10
"""Accounts are kept ten years (C. com. L123-22)."""

STATES = {
    Kind.INVOICE: {"": "Tous", "ouvert": "À régler", "echu": "Échues", "solde": "Soldées"},
    Kind.CREDIT_NOTE: {"": "Tous", "ouvert": "À déduire", "solde": "Déduits"},
}


class DocumentFilter(Form):
    """Read from the address (GET); what cannot be read narrows nothing."""

    q = StringField("Numéro, montant ou ISBN")
    etat = SelectField("État", validate_choice=False)
    annee = SelectField("Année", validate_choice=False)
    compte = StringField("Compte client")
    """Asked of staff, who see every account."""

    def offer(self, kind: Kind, *, is_staff: bool) -> None:
        """Let the states of this kind be chosen, and the years that are kept."""
        years = [str(clock.today().year - back) for back in range(YEARS_KEPT)]
        self.etat.choices = [SelectChoice(value, label) for value, label in STATES[kind].items()]
        self.annee.choices = [SelectChoice("", "Toutes"), *(SelectChoice(year, year) for year in years)]
        if not is_staff:
            del self.compte

    def narrowed(self) -> dict[str, str]:
        """The filters in force, by their names in the address."""
        for field in self:
            field.data = (field.data or "").strip()[:LONGEST_SEARCH]
            known = [choice.value for choice in getattr(field, "choices", ())]
            if known and field.data not in known:
                field.data = ""
        return {field.name: field.data for field in self if field.data}


class StatementForm(Form):
    """The period of a statement, read from the address (GET); what cannot be read is this year's."""

    du = StringField("Du")
    au = StringField("Au")

    def period(self) -> tuple[dt.date, dt.date]:
        """The first and the last day, in their order; the fields show them."""
        today = clock.today()
        days = (_day(self.du.data, today.replace(month=1, day=1)), _day(self.au.data, today))
        first, last = min(days), max(days)
        self.du.data, self.au.data = first.isoformat(), last.isoformat()
        return first, last

    @staticmethod
    def usual() -> list[tuple[str, dt.date, dt.date]]:
        """The periods that are asked for most: (name, first day, last day)."""
        return periods.usual(clock.today(), with_this_month=True)


def _day(text: str | None, otherwise: dt.date) -> dt.date:
    try:
        return dates.parse_date(text, clock.today()) if text else otherwise
    except dates.UnreadableDate:
        return otherwise
