"""One offer, many who decide at the same moment, on both databases: one effect (R47)."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.access.models import User
from harmattan.core import database
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.orders.models import Order
from harmattan.outbox.models import OutboxMessage
from harmattan.quotes import deciding
from harmattan.quotes.models import Offer, Quote
from harmattan.quotes.rules import Outcome, Status
from tests import cast
from tests.core.test_database import in_threads

MANY = 8


@pytest.fixture
def offered(any_app: Flask) -> SimpleNamespace:
    people, titles = cast.everybody(), cast.titles()
    cast.tariffs()
    quote = cast.quote(people.karim, (titles.t1, 60))
    cast.offer(quote, people.marie)
    return SimpleNamespace(app=any_app, quote=quote.id, karim=people.karim.id, seen=quote.version)


def count(table: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_accepted_in_many_tabs_it_is_one_order(offered: SimpleNamespace) -> None:
    answers: list[str] = []
    db.session.commit()

    def accept() -> None:
        database.writing()
        quote, karim = db.session.get_one(Quote, offered.quote), db.session.get_one(User, offered.karim)
        try:
            answers.append(deciding.accept(quote, karim, number=1, seen=offered.seen).reference)
            db.session.commit()
        except Refusal as refused:
            db.session.rollback()
            answers.append(type(refused).__name__)

    in_threads(offered.app, accept, MANY)
    db.session.expire_all()
    assert count(Order) == 1
    assert [each for each in answers if each.startswith("CMD-")] == ["CMD-2026-000001"]
    kinds = db.session.scalars(sa.select(OutboxMessage.kind)).all()
    assert kinds.count("order_recorded") == 1


def test_accepted_and_declined_at_once_it_is_one_of_them(offered: SimpleNamespace) -> None:
    done: list[str] = []
    db.session.commit()
    turns = iter(["accept", "decline"] * (MANY // 2))

    def decide() -> None:
        turn = next(turns)
        database.writing()
        quote, karim = db.session.get_one(Quote, offered.quote), db.session.get_one(User, offered.karim)
        try:
            if turn == "accept":
                deciding.accept(quote, karim, number=1, seen=offered.seen)
            else:
                deciding.decline(quote, "", karim, number=1, seen=offered.seen)
            db.session.commit()
            done.append(turn)
        except Refusal:
            db.session.rollback()

    in_threads(offered.app, decide, MANY)
    db.session.expire_all()
    quote, offer = db.session.get_one(Quote, offered.quote), db.session.scalars(sa.select(Offer)).one()
    assert len(done) == 1
    accepted = done == ["accept"]
    assert count(Order) == int(accepted)
    assert quote.status is (Status.ACCEPTED if accepted else Status.DECLINED)
    assert offer.outcome is (Outcome.ACCEPTED if accepted else Outcome.DECLINED)
