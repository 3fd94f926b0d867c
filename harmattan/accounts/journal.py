"""Who did what, as staff look for it: on one account, by one person, since a day (R106)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from harmattan.access.models import Account
from harmattan.catalogue.rules import fold
from harmattan.core import audit, clock
from harmattan.core.audit import AuditEntry
from harmattan.core.extensions import db

PAGE_LENGTH = 50
MOST_PAGES = 200


@dataclass(frozen=True)
class Page:
    """A page of the journal, the latest act first, with the accounts that it names."""

    entries: Sequence[AuditEntry]
    shops: Mapping[int, Account]
    number: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    def shop_of(self, entry: AuditEntry) -> Account | None:
        """The account that was acted on."""
        return self.shops.get(entry.account_id or 0)


def page_of(filters: Mapping[str, str], number: int, with_house: bool) -> Page:
    """The acts that `compte`, `q` (person, object or act) and `periode` (days) name.

    `with_house` adds those on no account: what staff do among themselves.
    """
    number = min(max(number, 1), MOST_PAGES)
    rows = audit.in_order(sa.select(AuditEntry).where(*_conditions(filters, with_house)))
    found = db.session.scalars(rows.offset((number - 1) * PAGE_LENGTH).limit(PAGE_LENGTH + 1)).all()
    shown = found[:PAGE_LENGTH]
    return Page(shown, _shops(shown), number, has_next=len(found) > PAGE_LENGTH and number < MOST_PAGES)


def _conditions(filters: Mapping[str, str], with_house: bool) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if not with_house:
        conditions.append(AuditEntry.account_id.is_not(None))
    if number := filters.get("compte"):
        account = sa.select(Account.id).where(Account.number == number).scalar_subquery()
        conditions.append(AuditEntry.account_id == account)
    if text := filters.get("q"):
        conditions.append(_names(text))
    if days := filters.get("periode"):
        first = clock.today() - dt.timedelta(days=int(days))
        conditions.append(AuditEntry.at >= clock.at_paris(first, dt.time()))
    return conditions


def _names(text: str) -> sa.ColumnElement[bool]:
    acts = [action for action, label in audit.names().items() if fold(text) in fold(label)]
    said = (column.icontains(text, autoescape=True) for column in (AuditEntry.actor, AuditEntry.subject))
    return sa.or_(*said, AuditEntry.action.in_(acts))


def _shops(entries: Sequence[AuditEntry]) -> dict[int, Account]:
    ids = {entry.account_id for entry in entries}
    return {shop.id: shop for shop in db.session.scalars(sa.select(Account).where(Account.id.in_(ids)))}
