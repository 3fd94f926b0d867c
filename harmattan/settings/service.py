"""Keep a change of the house's facts, have it confirmed, withdraw it before its day (R105, R106)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar

import sqlalchemy as sa

from harmattan.access.models import User
from harmattan.core import audit, clock, database
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.links import absolute
from harmattan.core.services import Service
from harmattan.core.settings import house
from harmattan.core.typography import date_long
from harmattan.deliveries import service as carriage
from harmattan.outbox.service import queue
from harmattan.settings import lookups, sections
from harmattan.settings.models import SettingsVersion
from harmattan.settings.rules import (
    TRANSITIONS,
    Action,
    Difference,
    Section,
    VersionState,
)


class Meanwhile(Refusal):
    """Somebody else has changed the same settings in the meantime."""

    title: ClassVar[str] = "Ces réglages ont changé entre-temps"


class OneAtATime(Refusal):
    """A change of confirmed settings waits already."""

    title: ClassVar[str] = "Un changement attend déjà"


class NotByOneself(Refusal):
    """Whoever has changed our bank details does not confirm them."""

    title: ClassVar[str] = "Une autre personne confirme"


def keep(
    section: Section,
    found: Sequence[Difference],
    valid_from: dt.date,
    after: int,
    by: User,
    undoes: int | None = None,
) -> SettingsVersion:
    """Keep what a preview has shown; settings that a second person confirms are proposed only.

    `after` is the number of the version that the preview had seen last. Raises `Meanwhile` where there is
    a later one by now, `OneAtATime` where a proposal waits, `AlreadyAnnounced` where a tariff begins that
    day.
    """
    if section.is_confirmed and any(
        each.state is VersionState.PROPOSED for each in lookups.versions(section.slug)
    ):
        raise OneAtATime("Confirmez ou retirez d’abord le changement proposé, plus bas sur cette page.")
    version = add(
        section.slug,
        section.kept({each.setting.key: each.new for each in found}),
        section.kept({each.setting.key: each.old for each in found}),
        valid_from=valid_from,
        after=after,
        by=by,
        state=VersionState.PROPOSED if section.is_confirmed else VersionState.KEPT,
        undoes=undoes,
    )
    if section.zone:
        carriage.announce(section.zone, found[0].new, valid_from)
    _follow(section)
    if section.is_confirmed:
        _ask_a_second_person(section, version)
    told = [str(each) for each in found]
    audit.record(
        f"settings.{'propose' if section.is_confirmed else 'change'}",
        section.title,
        actor=by.name,
        changes=told,
        valid_from=valid_from.isoformat(),
    )
    return version


def _follow(section: Section) -> None:
    """What is to come replaces what then holds, which another change may have moved in the meantime."""
    for version in lookups.versions(section.slug):
        if version.state is not VersionState.WITHDRAWN and version.valid_from >= clock.today():
            holding = lookups.just_before(section, version)
            known = {key: holding[key] for key in version.facts if key in holding}
            version.before = {**version.before, **section.kept(known)}


def _ask_a_second_person(section: Section, version: SettingsVersion) -> None:
    queue(
        "settings_proposed",
        house().service_mailboxes[Service.SETTINGS.value],
        service=Service.SETTINGS,
        section=section,
        version=version,
        page=absolute("staff.settings.show", slug=section.slug),
    )


def add(
    slug: str,
    facts: dict[str, Any],
    before: dict[str, Any],
    *,
    valid_from: dt.date,
    after: int,
    by: User,
    state: VersionState = VersionState.KEPT,
    undoes: int | None = None,
) -> SettingsVersion:
    """The next version of a section: of many at once one is the next. Raises `Meanwhile`."""
    version = db.session.scalar(
        database.insert(SettingsVersion)
        .values(
            section=slug,
            number=after + 1,
            state=state,
            valid_from=valid_from,
            facts=facts,
            before=before,
            undoes=undoes,
            made_by=by.name,
            made_by_id=by.id,
            made_at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(SettingsVersion)
    )
    if version is None:
        raise Meanwhile("Relisez-les ci-dessous : votre saisie est gardée, rien n’a été enregistré.")
    return version


def confirm(version: SettingsVersion, by: User) -> None:
    """A second person has read the new bank details: they hold, and accounting is told.

    Raises `NotByOneself`, `Meanwhile` where it has been decided already.
    """
    if version.made_by_id == by.id:
        raise NotByOneself(
            "Vous avez proposé ce changement : une autre personne de l’administration le vérifie."
        )
    _decide(version, Action.CONFIRM, by, valid_from=max(version.valid_from, clock.today()))
    told = [str(each) for each in lookups.shown(version)]
    audit.record(f"settings.{Action.CONFIRM}", _title(version), actor=by.name, changes=told)
    queue(
        "bank_details_changed",
        house().service_mailboxes[Service.ACCOUNTING.value],
        service=Service.SETTINGS,
        changes=told,
        version=version,
    )


def withdraw(version: SettingsVersion, by: User) -> None:
    """It never comes to hold. Raises `Meanwhile` where its day has come, or it has been decided already."""
    if version.state is VersionState.KEPT and version.valid_from <= clock.today():
        raise Meanwhile(
            f"Ce changement vaut depuis le {date_long(version.valid_from)} : revenez aux valeurs d’avant par"
            " un nouveau changement."
        )
    section = sections.of_slug(version.section)
    if section and section.zone:
        carriage.retract(section.zone, version.valid_from)
    _decide(version, Action.WITHDRAW, by)
    audit.record(f"settings.{Action.WITHDRAW}", _title(version), actor=by.name, number=version.number)


def _decide(version: SettingsVersion, action: Action, by: User, **more: Any) -> None:
    """One of many wins; the version as it was seen must still be so."""
    after = TRANSITIONS[version.state].get(action)
    decided = {"state": after, "decided_by": by.name, "decided_at": clock.now(), **more}
    seen = sa.update(SettingsVersion).where(
        SettingsVersion.id == version.id, SettingsVersion.state == version.state
    )
    if after is None or not database.changed_rows(seen.values(**decided)):
        raise Meanwhile("Une autre personne en a déjà décidé : voyez son état ci-dessous.")
    db.session.refresh(version)
    if section := sections.of_slug(version.section):
        _follow(section)


def _title(version: SettingsVersion) -> str:
    section = sections.of_slug(version.section)
    return section.title if section else version.section
