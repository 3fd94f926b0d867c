"""What the settings say, said and will say: the changes kept, in the order in which they hold (R105)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import Session

from harmattan.core import clock, effective, settings
from harmattan.core.effective import Change, Span
from harmattan.core.extensions import db
from harmattan.core.settings import house_on
from harmattan.core.worklist import Work
from harmattan.deliveries import service as carriage
from harmattan.settings import sections
from harmattan.settings.models import SettingsVersion
from harmattan.settings.rules import Difference, Section, Values, VersionState, differences

_IN_ORDER = SettingsVersion.valid_from, SettingsVersion.id
"""A later day wins, then a later change."""


def changes(session: Session) -> tuple[Change, ...]:
    """What has been kept, in the order in which it holds."""
    kept = session.scalars(
        sa.select(SettingsVersion)
        .where(
            SettingsVersion.state == VersionState.KEPT,
            SettingsVersion.section.in_([section.slug for section in sections.OF_THE_HOUSE]),
        )
        .order_by(*_IN_ORDER)
    )
    return tuple(Change(each.valid_from, _taken(each)) for each in kept)


def _taken(version: SettingsVersion) -> Mapping[str, Any]:
    section = sections.of_slug(version.section)
    return section.taken(version.facts) if section else {}


def present(section: Section, day: dt.date) -> Values:
    """What the section says that day, as far as is known now."""
    if section.zone:
        return {sections.GRID_KEY: carriage.grid(section.zone, day)}
    return section.values(house_on(day))


def just_before(section: Section, version: SettingsVersion) -> Values:
    """What the section says until this version comes, by what this transaction knows."""
    if section.zone:
        return present(section, version.valid_from - dt.timedelta(days=1))
    facts = settings.configured()
    for each in _kept(section.slug):
        if (each.valid_from, each.id) < (version.valid_from, version.id):
            facts = effective.changed(facts, section.taken(each.facts))
    return section.values(facts)


def _kept(slug: str) -> Sequence[SettingsVersion]:
    kept = sa.select(SettingsVersion).where(
        SettingsVersion.section == slug, SettingsVersion.state == VersionState.KEPT
    )
    return db.session.scalars(kept.order_by(*_IN_ORDER)).all()


@dataclass(frozen=True)
class Told:
    """One change of a section's history."""

    version: SettingsVersion
    differences: tuple[Difference, ...]
    replaced: Mapping[str, dt.date]
    """By setting: from when on another change says it."""

    @property
    def span(self) -> Span:
        """How long anything of it holds."""
        is_replaced = all(each.setting.key in self.replaced for each in self.differences)
        return Span(
            self.version.valid_from,
            max(self.replaced.values(), default=None) if is_replaced else None,
        )


def history(section: Section) -> list[Told]:
    """The changes of a section, the latest first, and how long each of them holds."""
    replaced: dict[int, dict[str, dt.date]] = {}
    said_next: dict[str, dt.date] = {}
    for version in reversed(_kept(section.slug)):
        replaced[version.id] = {key: said_next[key] for key in version.facts if key in said_next}
        said_next |= dict.fromkeys(version.facts, version.valid_from)
    return [Told(each, shown(each), replaced.get(each.id, {})) for each in versions(section.slug)]


def shown(version: SettingsVersion) -> tuple[Difference, ...]:
    """What it changes, setting by setting."""
    section = sections.of_slug(version.section)
    return (
        differences(section, section.taken(version.before), section.taken(version.facts)) if section else ()
    )


def versions(slug: str) -> Sequence[SettingsVersion]:
    """The changes of a section, the latest first."""
    return db.session.scalars(
        sa.select(SettingsVersion)
        .where(SettingsVersion.section == slug)
        .order_by(SettingsVersion.number.desc())
    ).all()


def version_of(slug: str, number: int) -> SettingsVersion | None:
    """One change of a section, where there is one."""
    return db.session.scalar(
        sa.select(SettingsVersion).where(SettingsVersion.section == slug, SettingsVersion.number == number)
    )


def latest_number(slug: str) -> int:
    """The number of the section's latest change; 0 where it never changed."""
    numbers = sa.select(sa.func.max(SettingsVersion.number)).where(SettingsVersion.section == slug)
    return db.session.scalar(numbers) or 0


def latest() -> Mapping[str, SettingsVersion]:
    """The latest change of each section that has changed."""
    found = db.session.scalars(sa.select(SettingsVersion).order_by(SettingsVersion.number))
    return {each.section: each for each in found}


def ahead() -> Mapping[str, dt.date]:
    """By section: the day of the next change that is to come."""
    to_come = sa.select(SettingsVersion.section, sa.func.min(SettingsVersion.valid_from)).where(
        SettingsVersion.state == VersionState.KEPT, SettingsVersion.valid_from > clock.today()
    )
    return dict(db.session.execute(to_come.group_by(SettingsVersion.section)).all())


def work() -> Work:
    """Changes that a second person confirms, for the worklist of settings."""
    proposed = sa.select(SettingsVersion.section).where(SettingsVersion.state == VersionState.PROPOSED)
    slugs = db.session.scalars(proposed.order_by(SettingsVersion.id)).all()
    address = url_for("staff.settings.show", slug=slugs[0]) if slugs else url_for("staff.settings.index")
    one, many = "réglage à confirmer", "réglages à confirmer"
    return Work(one, many, address, len(slugs))
