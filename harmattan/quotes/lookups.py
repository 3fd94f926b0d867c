"""Quotes as pages and other areas look for them."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import joinedload, selectinload

from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.worklist import Work, some
from harmattan.quotes.models import Offer, Quote
from harmattan.quotes.rules import Outcome, Status

PAGE_LENGTH = 25

WAITING_FOR_SALES = (Status.REQUESTED, Status.COUNTERED)


def of_cart(cart_id: int) -> Quote | None:
    """The request that this cart became."""
    return db.session.scalar(sa.select(Quote).where(Quote.cart_id == cart_id))


def in_time() -> sa.ColumnElement[bool]:
    """Offers that may still be accepted today."""
    return sa.and_(Quote.status == Status.OFFERED, Quote.valid_until >= clock.today())


@dataclass(frozen=True)
class Page:
    """A page of quotes, and whether more follow."""

    quotes: Sequence[Quote]
    has_more: bool


def page_of(quotes: sa.Select[Quote], before: str = "") -> Page:
    """The next page of these quotes after the one with this reference."""
    rows = quotes.options(selectinload(Quote.offers)).order_by(Quote.requested_at.desc(), Quote.id.desc())
    if before:
        last = sa.select(Quote.requested_at, Quote.id).where(Quote.reference == before).subquery()
        here = sa.tuple_(Quote.requested_at, Quote.id)
        rows = rows.join(last, here < sa.tuple_(last.c.requested_at, last.c.id))
    found = db.session.scalars(rows.limit(PAGE_LENGTH + 1)).all()
    return Page(found[:PAGE_LENGTH], len(found) > PAGE_LENGTH)


def awaiting_shop(account_id: int) -> Sequence[Quote]:
    """The account's offers that wait for its agreement, the first to end first; revisions too."""
    waiting = sa.select(Offer.quote_id).where(
        Offer.outcome == Outcome.OPEN, Offer.valid_until >= clock.today()
    )
    return db.session.scalars(
        sa.select(Quote)
        .where(Quote.account_id == account_id, Quote.id.in_(waiting))
        .options(selectinload(Quote.offers))
        .order_by(Quote.valid_until, Quote.id)
    ).all()


def work() -> Work:
    """Requests that wait for sales, and offers that wait for shops, for sales' worklist."""
    waits = Quote.status.in_(WAITING_FOR_SALES)
    numbers = sa.select(
        sa.func.count(sa.case((waits, 1))),
        sa.func.count(sa.case((waits & (Quote.answer_by < clock.now()), 1))),
        sa.func.count(sa.case((in_time(), 1))),
    ).where(Quote.status.in_((*WAITING_FOR_SALES, Status.OFFERED)))
    waiting, late, offered = db.session.execute(numbers).one()
    elsewhere = some(offered, "devis en attente du libraire", "devis en attente du libraire")
    one, many = "demande de devis à répondre", "demandes de devis à répondre"
    return Work(one, many, url_for("staff.quotes.index"), waiting, late, elsewhere=elsewhere)


def queue(of: str, after: str = "") -> Page:
    """One part of sales' queue: `a-repondre` by time left, `proposes` by last day, `clos` latest first."""
    condition, column, is_latest_first = {
        "a-repondre": (Quote.status.in_(WAITING_FOR_SALES), Quote.answer_by, False),
        "proposes": (in_time(), Quote.valid_until, False),
        "clos": (sa.and_(Quote.status.not_in(WAITING_FOR_SALES), ~in_time()), Quote.status_since, True),
    }[of]
    order = (column, Quote.id)
    rows = (
        sa.select(Quote)
        .options(joinedload(Quote.account), selectinload(Quote.offers))
        .where(condition)
        .order_by(*(each.desc() if is_latest_first else each for each in order))
        .limit(PAGE_LENGTH + 1)
    )
    if after:
        last = sa.select(*order).where(Quote.reference == after).subquery()
        here, there = sa.tuple_(*order), sa.tuple_(*last.c)
        rows = rows.join(last, here < there if is_latest_first else here > there)
    found = db.session.scalars(rows).all()
    return Page(found[:PAGE_LENGTH], len(found) > PAGE_LENGTH)
