"""What has been set: a bridge day, a phone tried and taken back, a tariff and bank details to come."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from harmattan.access.models import User
from harmattan.core import clock
from harmattan.core.money import BASIS_POINTS
from harmattan.core.settings import house
from harmattan.demo.people import Cast
from harmattan.settings import lookups, sections, service
from harmattan.settings.rules import Difference, Section

_RISE_BP = 250
_BRIDGE = (5, 7)
"""7 May, between a holiday and a Saturday next year."""


def add(cast: Cast) -> None:
    """Signed by Root and by Alix: whoever did not propose the bank details confirms them."""
    year = clock.today().year + 1
    phone, wrong = house().sales_phone, "01 40 46 79 31"
    _told(
        20, sections.CLOSING, cast.root, {"closing_days": (frozenset(), frozenset({dt.date(year, *_BRIDGE)}))}
    )
    _told(12, sections.PHONES, cast.root, {"sales_phone": (phone, wrong)})
    _told(11, sections.PHONES, cast.root, {"sales_phone": (wrong, phone)}, undoes=1)
    bank = house().bank_name
    _told(1, sections.BANK, cast.alix, {"bank_name": (bank, f"{bank}, agence Panthéon")})
    _raise_carriage(cast.root, dt.date(year, 1, 1))


def _raise_carriage(by: User, valid_from: dt.date) -> None:
    section = sections.CARRIAGE[0]
    present = lookups.present(section, valid_from)[sections.GRID_KEY]
    dearer = {
        mode: {up_to_g: cents * (BASIS_POINTS + _RISE_BP) // BASIS_POINTS for up_to_g, cents in bands.items()}
        for mode, bands in present.items()
    }
    service.keep(
        section, [Difference(section.setting(sections.GRID_KEY), present, dearer)], valid_from, 0, by
    )


def _told(
    days_ago: int,
    section: Section,
    by: User,
    changes: Mapping[str, tuple[Any, Any]],
    undoes: int | None = None,
) -> None:
    """A change of a day of the past, which held from that day on."""
    found = [Difference(section.setting(key), old, new) for key, (old, new) in changes.items()]
    at = clock.now() - dt.timedelta(days=days_ago)
    version = service.keep(
        section, found, clock.in_paris(at).date(), lookups.latest_number(section.slug), by, undoes
    )
    version.made_at = at
