"""One returnable copy is announced once, whoever asks at the same moment, on both databases (R99)."""

from types import SimpleNamespace

import pytest
from flask import Flask

from harmattan.billing import holding
from harmattan.billing.models import DocumentLine
from harmattan.core.extensions import db
from harmattan.returns import service
from harmattan.returns.models import ReturnSlip
from harmattan.returns.rules import Route
from tests import cast
from tests.core.test_database import in_threads
from tests.returns.conftest import draft

MANY = 50


@pytest.fixture
def both(any_app: Flask) -> SimpleNamespace:
    people = cast.everybody()
    titles = cast.titles()
    return SimpleNamespace(
        app=any_app, people=people, titles=titles, documents=cast.documents(people, titles)
    )


def test_so_many_copies_are_held_as_were_left(both: SimpleNamespace) -> None:
    line_id = both.documents.f3.lines[0].id

    answers: list[bool] = []
    db.session.commit()

    def hold() -> None:
        answers.append(holding.hold(line_id, 1))
        db.session.commit()

    in_threads(both.app, hold, MANY)
    db.session.expire_all()
    assert answers.count(True) == 7
    assert db.session.get_one(DocumentLine, line_id).held_quantity == 7


def test_a_draft_issued_in_many_tabs_is_one_slip(both: SimpleNamespace) -> None:
    slip_id, karim_id = draft(both, ("t1", 8)).id, both.people.karim.id

    answers: list[bool] = []
    db.session.commit()

    def issue() -> None:
        slip, karim = (
            db.session.get_one(ReturnSlip, slip_id),
            db.session.get_one(type(both.people.karim), karim_id),
        )
        try:
            service.issue(slip, karim, route=Route.PRISME, parcel_count=1, is_declared=True)
        except (service.NotInThisState, service.NothingToReturn):
            db.session.rollback()
            answers.append(False)
        else:
            db.session.commit()
            answers.append(True)

    in_threads(both.app, issue, 12)
    db.session.expire_all()
    assert answers.count(True) == 1
    assert sum(line.held_quantity for line in db.session.query(DocumentLine)) == 8
