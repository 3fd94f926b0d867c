"""The form of a section: a field for each of its settings, and the day from which they hold."""

import datetime as dt
from typing import Any

from wtforms import Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from harmattan.core import clock
from harmattan.core.effective import start_fault
from harmattan.core.forms import DayField, Form, whole_number
from harmattan.settings.rules import Section, Setting, Values

SHOWN = "avant-"
"""Before a field's name: what was shown in it."""


class _Settings(Field):
    """What the fields of settings share: the value that was typed, None where what was shown was left.

    What was shown comes back with the form: somebody else may have changed it since, and it may come from a
    configuration that could not be typed.
    """

    setting: Setting
    present: Any
    value: Any = None

    @property
    def shown(self) -> str:
        """What is in force, as one would type it."""
        return self.setting.kind.write(self.present)

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        self.was_shown = formdata.get(SHOWN + self.name, self.shown) if formdata else self.shown
        super().process(formdata, *args, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = _one_way(valuelist[0]) if valuelist else ""
        if typed == _one_way(self.was_shown):
            self.data = self.shown
            return
        self.data = typed
        self.value = self.setting.kind.read(typed)


def _one_way(text: str) -> str:
    """Browsers end lines as they like."""
    return "\n".join(text.splitlines()).strip()


class SectionForm(Form):
    """Made for one section by `form_of`."""

    jour = DayField("À partir du")
    annule = HiddenField()
    """The number of the version that is taken back."""
    section: Section

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid: bool = super().validate(extra_validators)
        return is_valid and self._fits_together()

    def _fits_together(self) -> bool:
        faults = self.section.faults({**self._shown(), **self.typed})
        for key, message in faults.items():
            self._field(key).errors = [message]
        if start := self._start_fault():
            self.jour.errors = [start]
        return not (faults or start)

    def _start_fault(self) -> str:
        if self.jour.day is None:
            return "Saisissez le jour à partir duquel cela vaut"
        return start_fault(self.jour.day, clock.today(), self.section.starts_in_days)

    def _field(self, key: str) -> Any:
        return self[self.section.setting(key).name]

    def _shown(self) -> Values:
        return {each.key: self[each.name].present for each in self.section.settings}

    @property
    def typed(self) -> Values:
        """What is to replace what was shown."""
        fields = ((each.key, self[each.name]) for each in self.section.settings)
        return {key: field.value for key, field in fields if field.value is not None}

    @property
    def undoes(self) -> int | None:
        return whole_number(self.annule.data)


def form_of(
    section: Section, present: Values, suggested: Values | None = None, undoes: int | None = None
) -> SectionForm:
    """The section's form; `suggested` stands in it in place of what is in force."""
    fields = {each.name: _field(each, present[each.key]) for each in section.settings}
    made = type("OneSectionForm", (SectionForm,), {**fields, "section": section})
    written = {each.name: each.kind.write((suggested or present)[each.key]) for each in section.settings}
    first_day = clock.today() + dt.timedelta(days=section.starts_in_days)
    return made(data={**written, "jour": first_day, "annule": undoes or ""})


def _field(setting: Setting, present: Any) -> Any:
    kind = setting.kind
    bound = {"setting": setting, "present": present}
    if kind.choices:
        choices = [SelectChoice(*each) for each in kind.choices]
        return type("Choice", (_Settings, SelectField), bound)(
            setting.label, choices=choices, validate_choice=False
        )
    typed = TextAreaField if kind.rows > 1 else StringField
    return type("Typed", (_Settings, typed), bound)(setting.label)
