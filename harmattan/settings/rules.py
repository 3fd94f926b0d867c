"""Which facts of the house are set on screen, section by section, and how a change comes to hold (R105)."""

import datetime as dt
import enum
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from harmattan.core import states
from harmattan.core.places import Territory
from harmattan.core.settings import House
from harmattan.settings.kinds import Kind

Values = dict[str, Any]
"""By the key of a setting: its value, as `House` has it."""


class VersionState(states.State):
    """How far a change is."""

    PROPOSED = "proposed", "À confirmer par une autre personne", "att"
    """Waits for a second person."""
    KEPT = "kept", "Enregistré", "fait"
    WITHDRAWN = "withdrawn", "Retiré", "err"


class Action(enum.StrEnum):
    CONFIRM = "confirm"
    WITHDRAW = "withdraw"


TRANSITIONS: dict[VersionState, dict[Action, VersionState]] = {
    VersionState.PROPOSED: {
        Action.CONFIRM: VersionState.KEPT,
        Action.WITHDRAW: VersionState.WITHDRAWN,
    },
    VersionState.KEPT: {Action.WITHDRAW: VersionState.WITHDRAWN},
    VersionState.WITHDRAWN: {},
}
"""A kept change is withdrawn before its day alone; from then on another one takes it back."""


@dataclass(frozen=True)
class Setting:
    """One fact that is set on screen."""

    key: str
    """The field of `House`; « transit_days.express » is one entry of a table."""
    name: str
    """Of its field in the form."""
    label: str
    kind: Kind
    hint: str = ""
    unless_said: Any = None
    """What holds where the table has no such entry."""

    def of(self, house: House) -> Any:
        """Its value in these facts."""
        name, _, entry = self.key.partition(".")
        value = getattr(house, name)
        return value.get(entry, self.unless_said) if entry else value


@dataclass(frozen=True)
class Section:
    """Settings that are changed together, at an address of their own."""

    slug: str
    title: str
    about: str
    settings: tuple[Setting, ...]
    faults: Callable[[Values], dict[str, str]] = lambda values: {}
    """By setting: what two of them together make impossible."""
    is_confirmed: bool = False
    """Whether a second person confirms what the first one changes."""
    is_dated: bool = True
    """Whether a day is chosen from which it holds; days off say themselves when they are."""
    zone: Territory | None = None
    """Where it is the tariff of a destination; else the facts of the house."""

    @property
    def starts_in_days(self) -> int:
        """The earliest start: carts of today keep the carriage that they have shown."""
        return 1 if self.zone else 0

    def values(self, house: House) -> Values:
        """What these facts say."""
        return {setting.key: setting.of(house) for setting in self.settings}

    def setting(self, key: str) -> Setting:
        return next(setting for setting in self.settings if setting.key == key)

    def kept(self, values: Mapping[str, Any]) -> Values:
        """As JSON keeps them."""
        return {key: self.setting(key).kind.keep(value) for key, value in values.items()}

    def taken(self, kept: Mapping[str, Any]) -> Values:
        """As `House` has them; what was kept of a setting that is no more is left aside."""
        return {each.key: each.kind.take(kept[each.key]) for each in self.settings if each.key in kept}


@dataclass(frozen=True)
class Difference:
    """One setting: what it says, what it is to say."""

    setting: Setting
    old: Any
    new: Any

    @property
    def before(self) -> str:
        return self.setting.kind.show(self.old)

    @property
    def after(self) -> str:
        return self.setting.kind.show(self.new)

    def __str__(self) -> str:
        """For the journal, account numbers masked: « Téléphone : 01… → 02… »"""
        mask = self.setting.kind.mask
        return f"{self.setting.label} : {mask(self.before) or 'rien'} → {mask(self.after) or 'rien'}"


def differences(section: Section, old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Difference, ...]:
    """What differs, in the order of the form; `new` may leave settings out."""
    return tuple(
        Difference(each, old[each.key], new[each.key])
        for each in section.settings
        if each.key in new and old[each.key] != new[each.key]
    )


def digest(section: Section, found: tuple[Difference, ...], valid_from: dt.date, latest: int) -> str:
    """The mark of what a preview has shown: whoever keeps it keeps exactly that.

    `latest` is the number of the section's latest version.
    """
    shown = {each.setting.key: [each.before, each.after] for each in found}
    content = json.dumps([section.slug, shown, valid_from.isoformat(), latest])
    return hashlib.sha256(content.encode()).hexdigest()[:32]
