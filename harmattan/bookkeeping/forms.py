"""Which days are exported, read from the address."""

import datetime as dt
from collections.abc import Mapping

from werkzeug.datastructures import MultiDict
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from harmattan.bookkeeping.lookups import Period
from harmattan.bookkeeping.rules import Journal
from harmattan.core import clock
from harmattan.core.forms import DayField, Form, required
from harmattan.core.terms import months_later

MOST_DAYS = 366
"""A year of accounts: what is read while somebody waits stays light."""
WHEN = "Saisissez un jour, par exemple 30/09/2026"


class PeriodForm(Form):
    """The month that is over, unless other days are asked for."""

    class Meta(Form.Meta):
        csrf = False  # it only reads

    du = DayField("Du", [required(WHEN)])
    au = DayField("Au", [required(WHEN)])
    journal = SelectField(
        "Journaux du FEC",
        validate_choice=False,
        choices=[
            SelectChoice("", "Ventes et règlements"),
            *(SelectChoice(each.value, f"{each.label} ({each.value})") for each in Journal),
        ],
    )

    def __init__(self, asked: Mapping[str, str]) -> None:
        """Days that are not named are last month's."""
        first = months_later(clock.today(), -1, 1)
        usual = {"du": first.isoformat(), "au": months_later(first, 0, 31).isoformat()}
        super().__init__(formdata=MultiDict(usual | dict(asked)))

    def validate_au(self, field: DayField) -> None:
        if not (self.du.day and field.day):
            return
        if field.day < self.du.day:
            raise ValidationError("Choisissez un dernier jour qui suit le premier")
        if field.day - self.du.day >= dt.timedelta(MOST_DAYS):
            raise ValidationError("Choisissez une période d’un an au plus")

    @property
    def period(self) -> Period:
        """Once it is valid."""
        if not (self.du.day and self.au.day):
            raise ValueError("ask only of a valid form")
        return Period(self.du.day, self.au.day)

    @property
    def chosen_journal(self) -> Journal | None:
        """None for both."""
        return Journal(self.journal.data) if self.journal.data in tuple(Journal) else None
