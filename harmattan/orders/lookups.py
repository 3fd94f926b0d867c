"""Orders as pages and other areas look for them; every statement uses an index of the account."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import load_only

from harmattan.core import clock, csv_export
from harmattan.core.extensions import Instant, db
from harmattan.core.paging import Sheet
from harmattan.core.settings import house
from harmattan.core.typography import date_short
from harmattan.orders import searching, standings
from harmattan.orders.models import Order, OrderLine
from harmattan.orders.rules import Status, UrgentDateState

PAGE_LENGTH = 25
EXPORT_HEADER = (
    *("Commande", "Votre référence", "Passée le", "État", "Titres", "Exemplaires"),
    *("Livres HT", "Port HT", "Total TTC"),
)
LAST_CHARACTER = "\U0010ffff"
LINES_A_PAGE = 500
CHOICES = 30


@dataclass(frozen=True)
class Page:
    """A page of orders, latest first, and whether older ones follow."""

    orders: Sequence[Order]
    has_older: bool


_LISTED = (
    Order.reference,
    Order.own_reference,
    Order.placed_at,
    Order.status,
    Order.status_since,
    Order.urgent_date_state,
    Order.gross_cents,
    Order.line_count,
    Order.copy_count,
    Order.invoice_number,
)


def narrowed(orders: sa.Select[Order], filters: Mapping[str, str], today: dt.date) -> sa.Select[Order]:
    """Only the orders that the filters name: `q`, `etat`, `periode` (days)."""
    if filters.get("etat"):
        orders = orders.where(Order.status == Status(filters["etat"]))
    if filters.get("periode"):
        first = today - dt.timedelta(days=int(filters["periode"]))
        orders = orders.where(Order.placed_at >= clock.at_paris(first, dt.time()))
    if filters.get("q"):
        orders = orders.where(_matches(searching.sought(filters["q"], today)))
    return orders


def _matches(sought: searching.Sought) -> sa.ColumnElement[bool]:
    if sought.isbn:
        holding = sa.select(OrderLine.order_id).where(
            OrderLine.isbn == sought.isbn, OrderLine.account_id == Order.account_id
        )
        return Order.id.in_(holding)
    wished = [Order.reference.in_(sought.references), Order.invoice_number.in_(sought.invoices)]
    if sought.own_reference:
        beginning = sought.own_reference
        wished.append(Order.folded_own_reference.between(beginning, beginning + LAST_CHARACTER))
    return sa.or_(*wished)


def page_of(orders: sa.Select[Order], before: str = "") -> Page:
    """The next page of these orders after the one with this reference: the same cost wherever it begins."""
    rows = orders.options(load_only(*_LISTED)).order_by(Order.placed_at.desc(), Order.id.desc())
    position = sa.select(Order.placed_at, Order.id).where(Order.reference == before)
    if last := db.session.execute(position).one_or_none() if before else None:
        here = sa.tuple_(Order.placed_at, Order.id)
        rows = rows.where(here < sa.tuple_(sa.literal(last.placed_at, Instant), sa.literal(last.id)))
    found = db.session.scalars(rows.limit(PAGE_LENGTH + 1)).all()
    return Page(found[:PAGE_LENGTH], len(found) > PAGE_LENGTH)


def export_rows(orders: sa.Select[Order]) -> list[tuple[Any, ...]]:
    """The same orders for a spreadsheet, amounts in euros; header in `EXPORT_HEADER`."""
    found = db.session.execute(
        orders.with_only_columns(
            Order.reference,
            Order.own_reference,
            Order.placed_at,
            Order.status,
            Order.line_count,
            Order.copy_count,
            Order.goods_cents,
            Order.carriage_cents,
            Order.gross_cents,
        ).order_by(Order.placed_at.desc(), Order.id.desc())
    )
    return [
        (
            *(row.reference, row.own_reference, clock.in_paris(row.placed_at).strftime("%d/%m/%Y %H:%M")),
            *(row.status.label, row.line_count, row.copy_count),
            *(csv_export.amount(cents) for cents in (row.goods_cents, row.carriage_cents, row.gross_cents)),
        )
        for row in found
    ]


DATE_IS_PROPOSED = sa.and_(
    Order.status == Status.RECORDED, Order.urgent_date_state == UrgentDateState.PROPOSED
)
"""`Order.date_is_proposed`, of many orders: they wait for the shop, not for sales (R57)."""
TO_CHECK = sa.and_(Order.status == Status.RECORDED, ~DATE_IS_PROPOSED)
"""Sales have to look at them."""
WAITS_FOR_SHOP = sa.or_(Order.status == Status.DETAILS_REQUESTED, DATE_IS_PROPOSED)
"""The shop has to answer before sales decide."""


_LINES = (
    sa.select(
        *OrderLine.__table__.columns,
        OrderLine.remaining.label("remaining"),
        OrderLine.accepted.label("accepted"),
    )
    .where(OrderLine.order_id == sa.bindparam("order_id"))
    .order_by(OrderLine.id)
    .offset(sa.bindparam("offset"))
    .limit(sa.bindparam("limit"))
)


def lines_of(order: Order, sheet: Sheet) -> Sequence[Any]:
    """A page of the order's lines to be read, nearly every order has one page: rows that say what an
    `OrderLine` says, for there may be hundreds."""
    asked = {"order_id": order.id, "offset": sheet.offset, "limit": sheet.length}
    return db.session.execute(_LINES, asked).all()


def of_cart(cart_id: int) -> Order | None:
    """The order that this cart became."""
    return db.session.scalar(sa.select(Order).where(Order.cart_id == cart_id))


def recent(account_id: int, limit: int) -> Sequence[Order]:
    """The account's latest orders, with what a list shows of them."""
    return db.session.scalars(
        sa.select(Order)
        .where(Order.account_id == account_id)
        .options(load_only(*_LISTED))
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(limit)
    ).all()


def choices(account_id: int) -> list[tuple[str, str]]:
    """(reference, label) of recent orders, for a form that asks which one is meant."""
    return [(order.reference, _label(order)) for order in recent(account_id, CHOICES)]


def _label(order: Order) -> str:
    own = f" « {order.own_reference} »" if order.own_reference else ""
    day = date_short(clock.in_paris(order.placed_at).date())
    return f"{order.reference}{own}, {day}, {order.status.label.lower()}"


@dataclass(frozen=True)
class LastOrder:
    """An order of an ISBN, as pages about its title recall it."""

    reference: str
    placed_at: dt.datetime
    quantity: int
    status: Status

    @property
    def state(self) -> str:
        return self.status.label


_RECALLED = (
    sa.select(OrderLine.isbn, OrderLine.quantity, Order.reference, Order.placed_at, Order.status)
    .join(OrderLine.order)
    .where(OrderLine.isbn.in_(sa.bindparam("isbns", expanding=True)), Order.status != Status.CANCELLED)
)
_LATEST_FIRST = (Order.placed_at.desc(), Order.id.desc())
_SINCE = (
    _RECALLED.where(Order.account_id == sa.bindparam("account_id"), Order.placed_at >= sa.bindparam("since"))
    .add_columns(sa.func.row_number().over(partition_by=OrderLine.isbn, order_by=_LATEST_FIRST).label("age"))
    .subquery()
)
_LAST_SINCE = sa.select(_SINCE).where(_SINCE.c.age == 1)
_OF_TITLE = (
    _RECALLED.where(OrderLine.account_id == sa.bindparam("account_id"))
    .order_by(*_LATEST_FIRST)
    .limit(sa.bindparam("limit"))
)


def of_isbns(account_id: int, isbns: Collection[str], since: dt.datetime) -> dict[str, LastOrder]:
    """The account's latest order of each of these ISBN since then, cancelled ones left out.

    The account is asked of the orders, not of their lines: so the databases walk the few recent orders,
    and not every order that a much sold title ever had.
    """
    asked = {"account_id": account_id, "isbns": list(isbns), "since": since}
    return {row.isbn: _recalled(row) for row in db.session.execute(_LAST_SINCE, asked)}


def of_title(account_id: int, isbn: str, limit: int) -> list[LastOrder]:
    """The account's latest orders of a title, cancelled ones left out."""
    asked = {"account_id": account_id, "isbns": [isbn], "limit": limit}
    return [_recalled(row) for row in db.session.execute(_OF_TITLE, asked)]


def _recalled(row: sa.Row[*tuple[Any, ...]]) -> LastOrder:
    return LastOrder(row.reference, row.placed_at, row.quantity, row.status)


@dataclass(frozen=True)
class Summary:
    """What a message about an order shows beside it."""

    reference: str
    standing: standings.Standing
    gross_cents: int
    placed_at: dt.datetime


def summary(reference: str) -> Summary | None:
    """The order that a message is about, for staff."""
    states = (Order.status, Order.status_since, Order.promised_on, Order.urgent_date_state)
    columns = (*states, Order.gross_cents, Order.placed_at)
    row = db.session.execute(sa.select(*columns).where(Order.reference == reference)).one_or_none()
    if row is None:
        return None
    standing = standings.standing(
        row.status, row.status_since, house(), row.promised_on, row.urgent_date_state
    )
    return Summary(reference, standing, row.gross_cents, row.placed_at)
