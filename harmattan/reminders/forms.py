"""What accounting presses and types to remind an account, or to leave an invoice in peace."""

from collections.abc import Sequence

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from harmattan.core import clock
from harmattan.core.forms import DayField, OneTimeForm, at_most, required
from harmattan.core.typography import euros
from harmattan.reminders import rules
from harmattan.reminders.rules import Late, Level


class SendForm(OneTimeForm):
    """« Envoyer »: the level, and what was read."""

    niveau = HiddenField()
    vu = HiddenField()

    @property
    def level(self) -> Level | None:
        """None for a word that is no level."""
        return rules.BY_SLUG.get(self.niveau.data or "")


class SetAsideForm(OneTimeForm):
    """A dispute: which invoice, why, until when."""

    facture = SelectField("Facture", validate_choice=False)
    motif = StringField("Motif", [required("Dites pourquoi cette facture n’est pas réclamée"), at_most(200)])
    jusquau = DayField("Jusqu’au", [required("Saisissez le dernier jour, par exemple 15/12/2026")])

    def __init__(self, late: Sequence[Late], formdata: "MultiDict[str, str] | None" = None) -> None:
        super().__init__(formdata)
        self.numbers = [each.number for each in late]
        self.facture.choices = [
            SelectChoice(each.number, f"{each.number}, reste {euros(each.open_cents)}") for each in late
        ]

    def validate_facture(self, field: SelectField) -> None:
        if field.data not in self.numbers:
            raise ValidationError("Choisissez une facture échue de ce compte")

    def validate_jusquau(self, field: DayField) -> None:
        fault = rules.set_aside_fault(field.day, clock.today()) if field.day else ""
        if fault:
            raise ValidationError(fault)


class ResumeForm(OneTimeForm):
    facture = HiddenField()
