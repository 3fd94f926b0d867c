"""The carriers' tariffs of the demonstration: the journeys' for the mainland, invented ones beyond."""

import datetime as dt

from harmattan.core.extensions import db
from harmattan.core.places import Territory
from harmattan.deliveries.models import Tariff
from harmattan.deliveries.rules import DeliveryMode

_MAINLAND = {1_000: 590, 5_000: 850, 10_000: 1_190, 30_000: 1_990}
"""Cents HT up to so many grams, standard."""
_ZONE_PERCENT = {
    Territory.MAINLAND: 100,
    Territory.CORSICA: 140,
    Territory.EUROPEAN_UNION: 220,
    Territory.OVERSEAS: 310,
    Territory.WORLD: 420,
}
_MODE_FACTOR = {
    DeliveryMode.STANDARD: 1,
    DeliveryMode.EXPRESS: 2,
    DeliveryMode.PRISME: 0,
    DeliveryMode.COUNTER: 0,
}


def add(today: dt.date) -> None:
    """Last year's tariff, two percent cheaper, and the one in force since 1 January."""
    new_year = today.replace(month=1, day=1)
    last_year = new_year.replace(year=new_year.year - 1)
    _add_all(last_year, until=new_year - dt.timedelta(days=1), percent=98)
    _add_all(new_year, until=None, percent=100)
    db.session.flush()


def _add_all(valid_from: dt.date, until: dt.date | None, percent: int) -> None:
    db.session.add_all(
        Tariff(
            mode=mode,
            territory=territory,
            up_to_g=up_to_g,
            fee_cents=fee * factor * zone * percent // 10_000,
            valid_from=valid_from,
            valid_until=until,
        )
        for mode, factor in _MODE_FACTOR.items()
        for territory, zone in _ZONE_PERCENT.items()
        for up_to_g, fee in _MAINLAND.items()
    )
