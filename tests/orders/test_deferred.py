"""Deferred orders are told to sales in the morning (R61–R63)."""

import datetime as dt
from types import SimpleNamespace

import sqlalchemy as sa

from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.orders import deferred, service
from harmattan.orders.rules import Action
from harmattan.outbox.models import OutboxMessage
from tests import cast

THURSDAY = dt.date(2026, 11, 26)


def mails() -> list[OutboxMessage]:
    db.session.flush()
    told = sa.select(OutboxMessage).where(OutboxMessage.kind == "orders_deferred")
    return list(db.session.scalars(told))


def test_sales_are_reminded_three_working_days_before(people: SimpleNamespace) -> None:
    cast.order(people.karim, number=1, not_before=THURSDAY)
    cast.order(people.karim, number=2, not_before=THURSDAY + dt.timedelta(days=1))
    cast.order(people.karim, number=3)
    deferred.tell_sales()
    [mail] = mails()
    assert mail.recipient == "commercial@harmattan.example"
    assert "CMD-2026-000001" in mail.body
    assert "CMD-2026-000002" not in mail.body


def test_what_may_leave_is_listed_that_morning(people: SimpleNamespace) -> None:
    title = cast.title()
    order = cast.order(people.karim, (title, 2), not_before=dt.date(2026, 12, 10))
    service.act(order, Action.VALIDATE, people.marie)
    deferred.tell_sales()
    assert mails() == []
    clock.start_at(dt.datetime.combine(order.promised_on, dt.time(6), tzinfo=clock.PARIS))
    deferred.tell_sales()
    assert "À libérer ce matin" in mails()[0].body


def test_nothing_is_said_where_nothing_comes_up_or_nobody_works(people: SimpleNamespace) -> None:
    deferred.tell_sales()
    cast.order(people.karim, not_before=THURSDAY)
    clock.start_at(dt.datetime(2026, 11, 22, 6, tzinfo=clock.PARIS))
    deferred.tell_sales()
    assert mails() == []
