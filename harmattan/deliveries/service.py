"""Addresses of accounts, fees in force, feasible dates."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import sqlalchemy as sa

from harmattan.core import clock
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.places import Territory
from harmattan.core.settings import house
from harmattan.deliveries import rules
from harmattan.deliveries.models import DeliveryAddress, Tariff
from harmattan.deliveries.rules import CARRIED, Carriage, Delays, DeliveryMode, Grid
from harmattan.deliveries.two_dates import Option


class AlreadyAnnounced(Refusal):
    """One tariff begins on a day."""

    title: ClassVar[str] = "Un tarif commence déjà ce jour-là"


# Statements are written once: making them anew would cost more than running them.
_ADDRESSES = (
    sa.select(DeliveryAddress)
    .where(DeliveryAddress.account_id == sa.bindparam("account_id"))
    .order_by(DeliveryAddress.is_default.desc(), DeliveryAddress.id)
)
_TARIFFS = sa.select(Tariff).where(
    Tariff.territory == sa.bindparam("territory"), Tariff.valid_from <= sa.bindparam("day")
)


def addresses(account_id: int) -> Sequence[DeliveryAddress]:
    """Where the account may have its books delivered, the usual place first (R87)."""
    return db.session.scalars(_ADDRESSES, {"account_id": account_id}).all()


def delays() -> Delays:
    """The house's promises on delivery."""
    facts = house()
    return Delays(facts.order_cut_off, facts.preparation_days, facts.transit_days, facts.closing_days)


@dataclass(frozen=True)
class PriceList:
    """The tariffs of one territory at one moment; fees of any weight without asking again."""

    bands: Mapping[DeliveryMode, Sequence[Tariff]]
    wall: dt.datetime
    """Now, on a Paris wall clock."""
    delays: Delays

    def options(self, books_g: int) -> tuple[Option, ...]:
        """Every delivery mode with its fee, or why there is none, and its earliest date (R83, R85)."""
        return tuple(self._option(mode, books_g) for mode in DeliveryMode)

    def _option(self, mode: DeliveryMode, books_g: int) -> Option:
        carriage = rules.carriage(mode, self.bands[mode], books_g, self.wall.date())
        earliest = rules.earliest_delivery(self.wall, mode, self.delays)
        return Option(mode, carriage.fee_cents, earliest, carriage.reason)


def price_list(territory: Territory, now: dt.datetime) -> PriceList:
    """What carriage to this territory costs now; one statement."""
    wall = clock.in_paris(now)
    return PriceList(_tariffs(territory, wall.date()), wall, delays())


def options(territory: Territory, books_g: int, now: dt.datetime) -> tuple[Option, ...]:
    """Every delivery mode for books of this weight."""
    return price_list(territory, now).options(books_g)


def fee(mode: DeliveryMode, territory: Territory, books_g: int, day: dt.date) -> Carriage:
    """What carriage costs by the tariff in force that day (R84)."""
    return rules.carriage(mode, _tariffs(territory, day)[mode], books_g, day)


def _tariffs(territory: Territory, day: dt.date) -> dict[DeliveryMode, list[Tariff]]:
    found: dict[DeliveryMode, list[Tariff]] = {mode: [] for mode in DeliveryMode}
    for tariff in db.session.scalars(_TARIFFS, {"territory": territory, "day": day}):
        found[tariff.mode].append(tariff)
    return found


def grid(territory: Territory, day: dt.date) -> Grid:
    """The tariff in force that day; collecting at our counter is not in it (R84)."""
    tariffs = _tariffs(territory, day)
    return {
        mode: {band.up_to_g: band.fee_cents for band in rules.in_force(tariffs[mode], day)}
        for mode in CARRIED
    }


def announce(territory: Territory, grid: Grid, valid_from: dt.date) -> None:
    """A new tariff for a territory: what was in force ends the day before, whatever the new one leaves out.

    Raises `AlreadyAnnounced`.
    """
    begins = sa.exists().where(Tariff.territory == territory, Tariff.valid_from == valid_from)
    if db.session.scalar(sa.select(begins)):
        raise AlreadyAnnounced("Retirez d’abord ce tarif-là, ou faites commencer le nouveau un autre jour.")
    _end_before(territory, valid_from)
    until = _eve_of_next(territory, valid_from)
    db.session.add_all(
        Tariff(
            mode=mode,
            territory=territory,
            up_to_g=up_to_g,
            fee_cents=fee_cents,
            valid_from=valid_from,
            valid_until=until,
        )
        for mode, bands in grid.items()
        for up_to_g, fee_cents in bands.items()
    )


def retract(territory: Territory, valid_from: dt.date) -> None:
    """A tariff that was announced never comes: the one before it goes on until the next one begins."""
    db.session.execute(
        sa.delete(Tariff).where(Tariff.territory == territory, Tariff.valid_from == valid_from)
    )
    db.session.execute(
        sa.update(Tariff)
        .where(Tariff.territory == territory, Tariff.valid_until == valid_from - dt.timedelta(days=1))
        .values(valid_until=_eve_of_next(territory, valid_from))
    )


def _end_before(territory: Territory, day: dt.date) -> None:
    covers = sa.or_(Tariff.valid_until.is_(None), Tariff.valid_until >= day)
    db.session.execute(
        sa.update(Tariff)
        .where(Tariff.territory == territory, Tariff.valid_from < day, covers)
        .values(valid_until=day - dt.timedelta(days=1))
    )


def _eve_of_next(territory: Territory, day: dt.date) -> dt.date | None:
    """The last day before the next tariff that is announced; None where none is."""
    later = sa.select(sa.func.min(Tariff.valid_from)).where(
        Tariff.territory == territory, Tariff.valid_from > day
    )
    start = db.session.scalar(later)
    return start - dt.timedelta(days=1) if start else None
