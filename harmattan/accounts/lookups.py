"""Accounts as staff look for them: by number, name or person, and by how far their access is."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import url_for

from harmattan.access.models import Account, User
from harmattan.accounts import rules
from harmattan.accounts.models import Invitation
from harmattan.accounts.rules import AccessState
from harmattan.catalogue.rules import fold
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.worklist import Work
from harmattan.onboarding.models import AccessRequest
from harmattan.onboarding.rules import TRANSITIONS

PAGE_LENGTH = 50
NEVER = "jamais"
STATES = {state.slug: state for state in AccessState}

Value = TypeVar("Value")


@dataclass(frozen=True)
class Standing:
    """An account, and how far its access is."""

    account: Account
    state: AccessState
    invited_at: dt.datetime | None
    people: int
    last_log_in_at: dt.datetime | None


@dataclass(frozen=True)
class Page:
    """A page of accounts by number, and whether others follow."""

    standings: Sequence[Standing]
    has_more: bool


def page_of(filters: Mapping[str, str], after: str = "") -> Page:
    """The accounts that `q` (number, name, city or person) and `etat` name, by number, from `after` on."""
    rows = _standings().where(*_conditions(filters), Account.number > after)
    found = db.session.execute(rows.order_by(Account.number).limit(PAGE_LENGTH + 1))
    standings = [_standing(row) for row in found]
    return Page(standings[:PAGE_LENGTH], len(standings) > PAGE_LENGTH)


def standing(account: Account) -> Standing:
    """How far this account's access is."""
    return _standing(db.session.execute(_standings().where(Account.id == account.id)).one())


def of_numbers(numbers: Sequence[str]) -> dict[str, Standing]:
    """The accounts of these numbers, as far as they exist."""
    found = db.session.execute(_standings().where(Account.number.in_(numbers)).order_by(Account.number))
    return {each.account.number: each for each in map(_standing, found)}


def never_connected() -> int:
    """How many accounts were invited or activated 30 days ago, and have never been seen."""
    return db.session.scalar(sa.select(sa.func.count(Account.id)).where(_never_connected())) or 0


def work() -> Work:
    """Accounts that nobody has ever used, for sales' worklist."""
    one = "compte invité ou activé il y a plus de 30 jours, jamais utilisé"
    many = "comptes invités ou activés il y a plus de 30 jours, jamais utilisés"
    return Work(one, many, url_for("staff.accounts.index", etat=NEVER), never_connected())


def invitations(account: Account) -> Sequence[Invitation]:
    """Those sent to this account, the latest first."""
    sent = sa.select(Invitation).where(Invitation.account_id == account.id)
    return db.session.scalars(sent.order_by(Invitation.id.desc())).all()


def _of_users(what: sa.ColumnElement[Value]) -> sa.ScalarSelect[Value]:
    open_users = sa.select(what).where(User.account_id == Account.id, User.disabled_at.is_(None))
    return open_users.scalar_subquery()


_PENDING = [state for state, ways in TRANSITIONS.items() if ways]
_OF_ACCOUNT = Invitation.account_id == Account.id
_INVITED = sa.select(sa.func.max(Invitation.sent_at)).where(_OF_ACCOUNT).scalar_subquery()
_ASKED = sa.exists().where(AccessRequest.account_id == Account.id, AccessRequest.state.in_(_PENDING))
_PEOPLE = _of_users(sa.func.count(User.id))
_ACTIVE_SINCE = _of_users(sa.func.min(User.created_at))
_SEEN = _of_users(sa.func.max(User.last_log_in_at))
_STATE = sa.case(
    (_SEEN.is_not(None), AccessState.CONNECTED.value),
    (_PEOPLE > 0, AccessState.ACTIVATED.value),
    (sa.or_(_INVITED.is_not(None), _ASKED), AccessState.INVITED.value),
    else_=AccessState.NONE.value,
)


def _standings() -> sa.Select[Any]:
    return sa.select(Account, _STATE, _INVITED, _PEOPLE, _SEEN)


def _standing(row: Any) -> Standing:
    account, state, invited_at, people, seen_at = row
    return Standing(account, AccessState(state), invited_at, people, seen_at)


def _conditions(filters: Mapping[str, str]) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wished := filters.get("etat"):
        conditions.append(_never_connected() if wished == NEVER else _STATE.in_([STATES[wished].value]))
    if sought := filters.get("q"):
        conditions.append(Account.number.startswith(sought) if sought.isdigit() else _named(sought))
    return conditions


def _never_connected() -> sa.ColumnElement[bool]:
    since = clock.now() - rules.NEVER_CONNECTED_AFTER
    return sa.and_(_SEEN.is_(None), sa.case((_PEOPLE > 0, _ACTIVE_SINCE), else_=_INVITED) < since)


def _named(sought: str) -> sa.ColumnElement[bool]:
    """Accounts whose names, city or people hold all the words, whatever their accents.

    There are some thousands: reading their names costs less than keeping them folded.
    """
    words = fold(sought).split()
    of_shop = sa.select(Account.id, Account.trade_name, Account.legal_name, Account.city, Account.email)
    of_people = sa.select(User.account_id, User.first_name, User.last_name, User.email)
    rows = [*db.session.execute(of_shop), *db.session.execute(of_people.where(User.account_id.is_not(None)))]
    found = {id for id, *texts in rows if all(word in fold(" ".join(texts)) for word in words)}
    return Account.id.in_(found)
