"""What a section's form would change, shown before it is kept (R105)."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from harmattan.core import clock
from harmattan.core.effective import changed
from harmattan.core.settings import House, house_on
from harmattan.settings import lookups, rules, samples
from harmattan.settings.forms import SectionForm
from harmattan.settings.rules import Difference, Section, Values
from harmattan.settings.sections import GRID_KEY


@dataclass(frozen=True)
class Preview:
    """What a form would change, and what readers would then read."""

    section: Section
    valid_from: dt.date
    differences: tuple[Difference, ...]
    latest: int
    """The number of the section's latest change; 0 where it never changed."""

    @classmethod
    def of(cls, form: SectionForm, latest: int) -> "Preview":
        """Of a form that is valid: against what is to hold on its day."""
        section, day = form.section, form.jour.day or clock.today()
        found = rules.differences(section, lookups.present(section, day), form.typed)
        return cls(section, day, found, latest)

    @property
    def digest(self) -> str:
        return rules.digest(self.section, self.differences, self.valid_from, self.latest)

    @cached_property
    def facts(self) -> House:
        """The house as it would be."""
        return changed(house_on(self.valid_from), {} if self.section.zone else self._new)

    @property
    def _new(self) -> Values:
        return {each.setting.key: each.new for each in self.differences}

    @cached_property
    def sentences(self) -> list[str]:
        if self.section.zone:
            return samples.carriage(self._new.get(GRID_KEY, {}))
        return samples.sentences(self.section, self.facts)
