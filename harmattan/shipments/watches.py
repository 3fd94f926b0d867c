"""« Prévenez-moi »: news of what remains of a title, one mail a day to each person (features.md, row 24)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from harmattan.access.models import User
from harmattan.access.rules import Permission
from harmattan.catalogue.models import Title
from harmattan.core import clock, database
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.core.typography import date_long, plural
from harmattan.orders.models import Order, OrderLine
from harmattan.outbox import service as outbox
from harmattan.shipments.models import Watch

JOB = "shipments.tell_news"


@dataclass(frozen=True)
class News:
    """What is to be said of a title of an order today."""

    order: Order
    title: str
    text: str
    is_last: bool
    """Nothing more is to come, so nothing more will be told."""


def watched(user_id: int, order_id: int) -> frozenset[str]:
    """The ISBN of this order that the person wants to hear of."""
    mine = sa.select(Watch.isbn).where(Watch.user_id == user_id, Watch.order_id == order_id)
    return frozenset(db.session.scalars(mine))


def watch(order: Order, isbn: str, user: User) -> None:
    """Tell this person when there is news; what is known today is no news."""
    present = _news(order, [line for line in order.lines if line.isbn == isbn])
    row = {"user_id": user.id, "order_id": order.id, "isbn": isbn, "told": present.text}
    db.session.execute(database.insert(Watch).values(row).on_conflict_do_nothing())


def unwatch(order: Order, isbn: str, user: User) -> None:
    """No more news of it."""
    db.session.execute(sa.delete(Watch).filter_by(user_id=user.id, order_id=order.id, isbn=isbn))


def tell() -> None:
    """The work of each day: whoever waits for several titles gets one mail about those that have news."""
    news: defaultdict[User, list[News]] = defaultdict(list)
    for row, today in _all():
        if today.text != row.told:
            news[row.user].append(today)
            row.told = today.text
        if today.is_last:
            db.session.delete(row)
    for user, items in news.items():
        if _may_hear(user):
            outbox.queue(
                "news_of_titles",
                user.email,
                service=Service.AFTER_SALES,
                account_id=user.account_id,
                news=items,
            )


def _all() -> Iterator[tuple[Watch, News]]:
    rows = sa.select(Watch).options(joinedload(Watch.user), joinedload(Watch.order)).order_by(Watch.order_id)
    for row in db.session.scalars(rows).all():
        lines = sa.select(OrderLine).where(OrderLine.order_id == row.order_id, OrderLine.isbn == row.isbn)
        yield row, _news(row.order, db.session.scalars(lines).all())


def _news(order: Order, lines: Sequence[OrderLine]) -> News:
    remaining = sum(line.remaining for line in lines)
    if not remaining:
        lost = sum(line.cancelled for line in lines)
        text = f"{plural(lost, 'exemplaire')} ne viendront pas" if lost else "tout est parti"
        return News(order, lines[0].title, text, is_last=True)
    title = db.session.get_one(Title, lines[0].title_id)
    days = [day for day in (*(line.news_on for line in lines), title.expected_on) if day]
    when = min((day for day in days if day >= clock.today()), default=None)
    text = f"{plural(remaining, 'exemplaire')} à venir, {title.availability.label.lower()}"
    return News(
        order, lines[0].title, text + (f", nouvelles le {date_long(when)}" if when else ""), is_last=False
    )


def _may_hear(user: User) -> bool:
    """Whoever has lost the access or the right hears nothing more."""
    return user.has_access and user.may(Permission.ORDER)
