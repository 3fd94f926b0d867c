"""The review of a list: every row judged by what the catalogue and the cart say now, a page at a time.

Statements are constant in the lines: one for the titles, one for the cart, one for recent orders.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from harmattan.access.models import Account
from harmattan.cart.models import Cart, CartLine
from harmattan.cart.rules import BackorderPolicy, CartState
from harmattan.catalogue.codes import REPLACED_BY
from harmattan.catalogue.models import Title, TitleRelation
from harmattan.core import clock, registry
from harmattan.core.extensions import db
from harmattan.core.settings import house
from harmattan.lists.models import OrderList
from harmattan.lists.rules import Row, Source, Terms, merge, with_isbn, with_quantity
from harmattan.lists.verdicts import Facts, Group, Verdict, differences, judge

ROWS_A_PAGE = 100


class Correction(NamedTuple):
    """What was typed or chosen at a row; None leaves it as it is."""

    isbn: str | None = None
    quantity: str | None = None
    policy: str | None = None
    take_suggestion: bool = False


@dataclass(frozen=True)
class Review:
    """One page of a list under review, problems first."""

    order_list: OrderList
    verdicts: list[Verdict]
    """Those of the page."""
    counts: dict[Group, int]
    """Rows of each group in the whole list, in the order of the page."""
    first_pages: dict[Group, int]
    """The page on which each group begins."""
    lines_to_add: int
    copies_to_add: int
    number: int
    last: int
    recent: Mapping[str, Any]
    """Recent orders of the ISBN shown."""

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.last

    @property
    def groups(self) -> list[tuple[Group, list[Verdict]]]:
        """The groups of the page with their rows."""
        shown = ((group, [v for v in self.verdicts if v.group is group]) for group in self.counts)
        return [(group, verdicts) for group, verdicts in shown if verdicts]

    @property
    def can_be_checked(self) -> bool:
        """Whether this page has something to correct or to choose."""
        return any(group.is_editable or group is Group.TO_CHOOSE for group, _ in self.groups)

    @property
    def rejects(self) -> int:
        return sum(count for group, count in self.counts.items() if group.is_reject)


def review(order_list: OrderList, page: int, corrections: Mapping[int, Correction] | None = None) -> Review:
    """A page of the list: every row judged by what the catalogue and the cart say now.

    `corrections` are shown without being kept: what was typed before a session was lost.
    """
    rows = corrected(rows_of(order_list), corrections or {})
    verdicts = judged(order_list.account_id, rows)
    counts = Counter(verdict.group for verdict in verdicts)
    last = max(1, -(-len(verdicts) // ROWS_A_PAGE))
    number = min(max(page, 1), last)
    shown = verdicts[(number - 1) * ROWS_A_PAGE : number * ROWS_A_PAGE]
    to_add = [verdict.to_add for verdict in verdicts if verdict.to_add]
    return Review(
        order_list,
        shown,
        {group: counts[group] for group in Group if counts[group]},
        _first_pages(verdicts),
        len(to_add),
        sum(to_add),
        number,
        last,
        _recent_orders(order_list.account_id, shown),
    )


def rejects(order_list: OrderList) -> list[tuple[Source, Verdict]]:
    """Every line that does not enter the cart as it stands."""
    verdicts = judged(order_list.account_id, rows_of(order_list))
    return [(source, v) for v in verdicts if v.group.is_reject for source in v.row.sources]


def judged(account_id: int, rows: list[Row]) -> list[Verdict]:
    """Every row with what will be done with it, in the order of the review."""
    facts = _facts({row.isbn or row.suggestion for row in rows})
    held = _held(account_id)
    verdicts = (
        judge(row, facts.get(row.isbn), facts.get(row.suggestion), held.get(row.isbn, 0)) for row in rows
    )
    return sorted(_compared(account_id, list(verdicts)), key=lambda verdict: verdict.sort_key)


def _compared(account_id: int, verdicts: list[Verdict]) -> Iterable[Verdict]:
    """The verdicts with what replaces a title that is gone, and what differs from the order before."""
    gone = [verdict.row.isbn for verdict in verdicts if verdict.group is Group.NOT_ORDERABLE]
    successors = _successors(gone) if gone else {}
    again = any(verdict.row.terms for verdict in verdicts)
    discount_bp = db.session.get_one(Account, account_id).discount_bp if again else 0
    for verdict in verdicts:
        yield replace(
            verdict,
            successor=successors.get(verdict.row.isbn),
            differences=differences(verdict.row.terms, verdict.facts, discount_bp),
        )


def _successors(isbns: list[str]) -> dict[str, Facts]:
    """The orderable title that replaces each of these, where the publisher's record names one."""
    columns = [getattr(Title, name) for name in Facts._fields]
    old = aliased(Title)
    found = db.session.execute(
        sa.select(old.isbn.label("replaced"), *columns)
        .join(TitleRelation, TitleRelation.isbn == Title.isbn)
        .join(old, old.id == TitleRelation.title_id)
        .where(TitleRelation.code == REPLACED_BY, old.isbn.in_(isbns), Title.is_orderable)
    )
    return {row.replaced: Facts(*row[1:]) for row in found}


def _facts(isbns: set[str]) -> dict[str, Facts]:
    columns = [getattr(Title, name) for name in Facts._fields]
    found = db.session.execute(sa.select(*columns).where(Title.isbn.in_(isbns), Title.deleted_at.is_(None)))
    return {row.isbn: Facts(*row) for row in found}


def _held(account_id: int) -> dict[str, int]:
    found = db.session.execute(
        sa.select(Title.isbn, CartLine.quantity)
        .join(CartLine, CartLine.title_id == Title.id)
        .join(Cart, Cart.id == CartLine.cart_id)
        .where(Cart.account_id == account_id, Cart.state == CartState.OPEN)
    )
    return {row.isbn: row.quantity for row in found}


def _first_pages(verdicts: list[Verdict]) -> dict[Group, int]:
    first: dict[Group, int] = {}
    for position, verdict in enumerate(verdicts):
        first.setdefault(verdict.group, position // ROWS_A_PAGE + 1)
    return first


def _recent_orders(account_id: int, verdicts: list[Verdict]) -> Mapping[str, Any]:
    isbns = [verdict.row.isbn for verdict in verdicts if verdict.facts]
    since = clock.now() - dt.timedelta(days=house().recent_order_days)
    return (isbns and registry.ask("orders.of_isbns", account_id, isbns, since)) or {}


def rows_of(order_list: OrderList) -> list[Row]:
    """The rows as they are kept."""
    rows = (Row(*kept) for kept in order_list.rows)
    return [
        row._replace(
            sources=tuple(Source(*source) for source in row.sources), terms=row.terms and Terms(*row.terms)
        )
        for row in rows
    ]


def corrected(rows: list[Row], corrections: Mapping[int, Correction]) -> list[Row]:
    """The rows with what was typed and chosen; those that have become the same ISBN are merged."""
    return merge(
        _correct(row, corrections[row.number]) if row.number in corrections and not row.added else row
        for row in rows
    )


def _correct(row: Row, correction: Correction) -> Row:
    """The row with what changed; a field left as it was keeps its message."""
    if correction.isbn not in (None, row.typed_isbn):
        row = with_isbn(row, correction.isbn)
    if correction.take_suggestion and row.suggestion:
        row = with_isbn(row, row.suggestion)
    if correction.quantity not in (None, row.typed_quantity):
        row = with_quantity(row, correction.quantity)
    if correction.policy in tuple(BackorderPolicy):
        row = row._replace(policy=correction.policy)
    return row
