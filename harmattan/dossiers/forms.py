"""Which month is asked for."""

import datetime as dt
from typing import Any

from wtforms import SelectField, ValidationError
from wtforms.fields.choices import SelectChoice

from harmattan.core import clock
from harmattan.core.forms import Form
from harmattan.core.typography import month_name
from harmattan.dossiers import rules


class MonthForm(Form):
    mois = SelectField("Mois", validate_choice=False)

    period: tuple[dt.date, dt.date]
    """The days of the month, once it is valid."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = rules.months(clock.today())
        self.mois.choices = [SelectChoice(f"{first:%Y-%m}", month_name(first)) for first in months]
        self.mois.data = self.mois.data or f"{months[1]:%Y-%m}"  # the month that is over

    def validate_mois(self, field: SelectField) -> None:
        period = rules.month(field.data, clock.today())
        if period is None:
            raise ValidationError("Choisissez un mois de la liste.")
        self.period = period
