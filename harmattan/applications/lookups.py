"""What the pages of applications read: the queue of sales, doubles, promises, pieces."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa
from flask import url_for

from harmattan.access.models import Account
from harmattan.applications import rules
from harmattan.applications.models import Application, ApplicationEvent, Piece
from harmattan.applications.rules import ApplicationState, Count, Shop
from harmattan.catalogue.rules import fold
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.settings import house
from harmattan.core.worklist import Work, some

SHOWN = 100

Row = TypeVar("Row", Account, Application)

_OPEN = [state for state in ApplicationState if state.is_open]


@dataclass(frozen=True)
class Double:
    """A shop that may be the same: another application, or an account."""

    reasons: tuple[str, ...]
    name: str
    number: str
    """The application's reference, or the account's number."""
    application: Application | None = None


def promise() -> dt.date:
    """Until when an application that comes in now is answered."""
    return rules.answer_by(clock.now(), house())


def count_of(application: Application) -> Count:
    """How many of the promised working days are gone today."""
    return rules.count(application.answer_by, clock.today(), house())


def to_study() -> Sequence[Application]:
    """What waits for sales, the oldest promise first; then what waits for the applicant."""
    waits_for_us = Application.state == ApplicationState.SUBMITTED
    open_ones = sa.select(Application).where(Application.state.in_(_OPEN))
    return db.session.scalars(
        open_ones.order_by(waits_for_us.desc(), Application.answer_by, Application.id).limit(SHOWN)
    ).all()


def done() -> Sequence[Application]:
    """The latest that were opened, refused or withdrawn."""
    closed = sa.select(Application).where(Application.state.not_in(_OPEN))
    return db.session.scalars(
        closed.order_by(Application.updated_at.desc(), Application.id.desc()).limit(SHOWN)
    ).all()


def first_of(references: Sequence[str]) -> Application | None:
    """The first of these numbers that exists."""
    found = db.session.scalars(sa.select(Application).where(Application.reference.in_(references)))
    return min(found, key=lambda each: references.index(each.reference), default=None)


def open_about(text: str) -> Sequence[Application]:
    """The open ones whose shop, city or applicant the words name; there are few."""
    words = fold(text).split()
    found = [
        (each, fold(f"{each.trade_name} {each.city} {each.contact} {each.email}")) for each in to_study()
    ]
    return [each for each, said in found if words and all(word in said for word in words)]


def work() -> Work:
    """Accounts to open (R24), and complements that applicants owe, for sales' worklist."""
    submitted = Application.state == ApplicationState.SUBMITTED
    overdue = submitted & (Application.answer_by < clock.today())
    numbers = sa.select(
        sa.func.count(sa.case((submitted, 1))),
        sa.func.count(sa.case((overdue, 1))),
        sa.func.count(sa.case((~submitted, 1))),
    ).where(Application.state.in_(_OPEN))
    waiting, late, asked = db.session.execute(numbers).one()
    elsewhere = some(asked, "complément en attente du demandeur", "compléments en attente du demandeur")
    one, many = "demande d’ouverture de compte à étudier", "demandes d’ouverture de compte à étudier"
    return Work(one, many, url_for("staff.applications.index"), waiting, late, elsewhere=elsewhere)


def piece_of(application: Application, key: str) -> Piece | None:
    """One of its files."""
    return db.session.scalar(
        sa.select(Piece)
        .join(Piece.event)
        .where(Piece.key == key, ApplicationEvent.application_id == application.id)
    )


def doubles(applications: Sequence[Application]) -> dict[int, list[Double]]:
    """The probable doubles of each (by its id), among accounts and other applications (J3)."""
    found: dict[int, list[Double]] = defaultdict(list)
    accounts, others = _alike(Account, applications), _alike(Application, applications)
    for mine in applications:
        for account in accounts:
            reasons = rules.likeness(mine, account)
            if reasons and account.id != mine.account_id:
                found[mine.id].append(Double(reasons, account.trade_name, account.number))
        for other in others:
            reasons = rules.likeness(mine, other)
            if reasons and other.id != mine.id and other.state is not ApplicationState.OPENED:
                found[mine.id].append(Double(reasons, other.trade_name, other.reference, other))
    return found


def _alike(table: type[Row], shops: Iterable[Shop]) -> Sequence[Row]:
    """The rows that share a SIRET, an address or a postal code with one of these shops."""
    shared = (
        table.siret.in_({shop.siret for shop in shops} - {""}),
        table.email.in_({shop.email for shop in shops}),
        table.postal_code.in_({shop.postal_code for shop in shops}),
    )
    return db.session.scalars(sa.select(table).where(sa.or_(*shared)).order_by(table.id)).all()
