"""Sales' queue: orders by urgency then age, with what each should make one look at twice (R38, R56, R61)."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import joinedload, load_only

from harmattan.access.models import Account
from harmattan.billing.lookups import Balance, balances
from harmattan.catalogue.models import Title
from harmattan.catalogue.rules import Availability
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.paging import Sheet
from harmattan.core.typography import date_short, euros, plural
from harmattan.core.worklist import Work, some
from harmattan.orders.lookups import TO_CHECK, WAITS_FOR_SHOP
from harmattan.orders.models import ChangeRequest, Order, OrderLine
from harmattan.orders.requests import RequestState
from harmattan.orders.rules import NOT_YET_PREPARED, TO_VALIDATE, Status
from harmattan.orders.service import standing_of

TABS = {
    "a-verifier": "À vérifier",
    "complement": "Attendent la librairie",
    "differees": "Différées",
    "validees": "Validées",
}
PAGE_LENGTH = 50
_LISTED = (
    *(Order.reference, Order.account_id, Order.placed_at, Order.status, Order.comment),
    *(Order.status_since, Order.promised_on),
    *(Order.deliver_by, Order.urgent_date_state, Order.not_before, Order.gross_cents),
)

_NOT_FROM_STOCK = [each for each in Availability if not each.ships_from_stock]
_NOT_ORDERABLE = [each for each in Availability if not each.is_orderable]


@dataclass(frozen=True)
class Row:
    """An order of the queue, and its alerts: (tone, words)."""

    order: Order
    alerts: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Queue:
    tab: str
    counts: dict[str, int]
    sheet: Sheet
    rows: Sequence[Row]


def of(tab: str, page: int) -> Queue:
    """One page of a tab; its cost does not grow with what other pages hold."""
    today = clock.today()
    counts = _counts(today)
    sheet = Sheet.of(page, counts[tab], PAGE_LENGTH)
    chosen = sa.select(Order).where(_conditions(today)[tab]).order_by(*_order(tab))
    orders = db.session.scalars(
        chosen.options(load_only(*_LISTED), joinedload(Order.account)).offset(sheet.offset).limit(PAGE_LENGTH)
    ).all()
    return Queue(tab, counts, sheet, _with_alerts(orders, today))


def work() -> Work:
    """Orders to check, and those that wait for their shop (R38, R56), for sales' worklist."""
    numbers = sa.select(
        sa.func.count(sa.case((TO_CHECK, 1))),
        sa.func.count(sa.case((TO_CHECK & Order.deliver_by.is_not(None), 1))),
        sa.func.count(sa.case((WAITS_FOR_SHOP, 1))),
    )
    count, pressing, waiting = db.session.execute(numbers.where(Order.status.in_(TO_VALIDATE))).one()
    return Work(
        *("commande à vérifier", "commandes à vérifier", url_for("staff.orders.index"), count),
        pressing=some(pressing, "urgente"),
        elsewhere=some(waiting, "commande en attente du libraire", "commandes en attente du libraire"),
    )


def _conditions(today: dt.date) -> dict[str, sa.ColumnElement[bool]]:
    return {
        "a-verifier": TO_CHECK,
        "complement": WAITS_FOR_SHOP,
        "differees": sa.and_(Order.status == Status.VALIDATED, Order.not_before > today),
        "validees": Order.status == Status.VALIDATED,
    }


def _counts(today: dt.date) -> dict[str, int]:
    conditions = _conditions(today)
    numbers = [sa.func.count(sa.case((condition, 1))) for condition in conditions.values()]
    found = db.session.execute(sa.select(*numbers).where(Order.status.in_(NOT_YET_PREPARED))).one()
    return dict(zip(conditions, found, strict=True))


def _order(tab: str) -> tuple[Any, ...]:
    if tab == "differees":
        return (Order.not_before, Order.id)
    if tab == "validees":
        return (Order.status_since.desc(), Order.id.desc())
    return (Order.deliver_by.is_(None), Order.deliver_by, Order.placed_at, Order.id)


def _with_alerts(orders: Sequence[Order], today: dt.date) -> list[Row]:
    ids = [order.id for order in orders]
    owed = balances({order.account_id for order in orders}, today)
    lines, asked = _lines(ids), _asked(ids)
    return [
        Row(
            order,
            [
                *_late(order, today),
                *([("att", "Modification demandée")] if order.id in asked else []),
                *([("att", "Complément demandé")] if order.status is Status.DETAILS_REQUESTED else []),
                *account_alerts(order.account, owed.get(order.account_id, Balance()), order.gross_cents),
                *_line_alerts(order, lines.get(order.id)),
            ],
        )
        for order in orders
    ]


def _late(order: Order, today: dt.date) -> list[tuple[str, str]]:
    """What the shop reads on its page of a check that has taken too long (R38)."""
    until = standing_of(order).until
    if order.status is not Status.RECORDED or until is None or until >= today:
        return []
    return [("err", f"Vérification promise pour le {date_short(until)}")]


def account_alerts(account: Account, owed: Balance, more_cents: int) -> list[tuple[str, str]]:
    """What the account owes too long, or too much once this order is added."""
    alerts = []
    if owed.overdue_cents:
        alerts.append(("err", f"{euros(owed.overdue_cents)} échus"))
    limit = account.credit_limit_cents
    if limit is not None and owed.owed_cents + more_cents > limit:
        alerts.append(("err", f"Plafond d’encours dépassé ({euros(limit)})"))
    return alerts


def _asked(order_ids: Collection[int]) -> set[int]:
    pending = (ChangeRequest.order_id.in_(order_ids), ChangeRequest.state == RequestState.PENDING)
    return set(db.session.scalars(sa.select(ChangeRequest.order_id).where(*pending)))


def _lines(order_ids: Collection[int]) -> dict[int, Any]:
    """For each order: titles gone, titles to come, titles short of stock, the last day one is expected."""
    gone = sa.or_(Title.availability.in_(_NOT_ORDERABLE), Title.deleted_at.is_not(None))
    to_come = sa.and_(Title.availability.in_(_NOT_FROM_STOCK), ~gone)
    short = sa.and_(Title.availability == Availability.AVAILABLE, Title.stock < OrderLine.quantity)
    rows = (
        sa.select(
            OrderLine.order_id,
            sa.func.count(sa.case((gone, 1))).label("gone"),
            sa.func.count(sa.case((to_come, 1))).label("to_come"),
            sa.func.count(sa.case((short, 1))).label("short"),
            sa.func.max(sa.case((to_come, Title.expected_on))).label("expected_on"),
        )
        .join(Title, Title.id == OrderLine.title_id)
        .where(OrderLine.order_id.in_(order_ids))
        .group_by(OrderLine.order_id)
    )
    return {row.order_id: row for row in db.session.execute(rows)}


def _line_alerts(order: Order, lines: Any) -> list[tuple[str, str]]:
    if order.status.is_validated or lines is None:
        return []
    alerts = []
    if lines.gone:
        alerts.append(("err", plural(lines.gone, "titre épuisé", "titres épuisés")))
    if lines.to_come:
        alerts.append(("att", f"{plural(lines.to_come, 'titre')} à paraître ou en réimpression"))
    if lines.short:
        alerts.append(("att", f"{plural(lines.short, 'titre')} en stock insuffisant"))
    if order.deliver_by and lines.expected_on and lines.expected_on >= order.deliver_by:
        alerts.append(("err", "Paraît après la date impérative"))
    return alerts
