"""Fifty second uses of each mailed link at once have one effect, on both databases (issue 3)."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.access.models import Account, User
from harmattan.applications.models import Application, ApplicationEvent
from harmattan.applications.rules import Action
from harmattan.core.extensions import db
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.browser import Browser, form_data
from tests.journeys import test_j03
from tests.journeys.wanting_in import EVA, ZOE, ask
from tests.test_concurrency import at, at_once

TIMES = 50


@pytest.fixture
def people(any_app: Flask) -> SimpleNamespace:
    any_app.config["THROTTLE"] = 1000.0
    return cast.everybody()


def fifty(app: Flask, page: str, action: str, **fields: str) -> list[int]:
    """The form of a page, sent by fifty browsers at once; the statuses they got."""
    sendings = []
    for _ in range(TIMES):
        browser = Browser(app.test_client()).open(page)
        sendings.append((browser.client, action, form_data(browser.form(action)) | fields))
    return [answer.status_code for answer in at_once(sendings)]


def count(table: type, *criteria: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table).where(*criteria)) or 0


def test_an_activation_makes_one_principal_user(any_app: Flask, people: SimpleNamespace) -> None:
    link = ask(Browser(any_app.test_client()), EVA)
    statuses = fifty(any_app, link, f"{link}/activer")
    assert sorted(set(statuses)) == [303, 410]
    assert statuses.count(303) == 1
    assert count(User, User.email == EVA["email"]) == 1


def test_an_approval_makes_one_user(any_app: Flask, people: SimpleNamespace) -> None:
    link = ask(Browser(any_app.test_client()), ZOE)
    anne = at(any_app, people.anne.email).open(link)
    form = form_data(anne.form(f"{link}/accorder")) | {"rights": ["orders"]}
    answers = at_once([(anne.client, f"{link}/accorder", form)] * TIMES)
    assert [answer.status_code for answer in answers].count(303) == 1
    assert count(User, User.email == ZOE["email"]) == 1
    assert count(OutboxMessage, OutboxMessage.kind == "access_granted") == 1


def test_an_answer_by_the_private_link_is_one_answer(any_app: Flask, people: SimpleNamespace) -> None:
    applicant = Browser(any_app.test_client())
    link = test_j03.apply(applicant)
    form = form_data(applicant.open(link).form(link)) | {"message": "Une seule fois"}
    answers = at_once([(applicant.client, link, form)] * TIMES)
    assert {answer.status_code for answer in answers} == {303}
    assert count(ApplicationEvent, ApplicationEvent.action == Action.ANSWER) == 1


def test_an_account_is_opened_once(any_app: Flask, people: SimpleNamespace) -> None:
    test_j03.apply(Browser(any_app.test_client()))
    page = "/equipe/acces/OUV-2026-000001"
    marie = at(any_app, people.marie.email).open(page)
    form = form_data(marie.form(f"{page}/ouvrir"))
    answers = at_once([(marie.client, f"{page}/ouvrir", form)] * TIMES)
    assert [answer.status_code for answer in answers].count(303) == 1
    assert count(Account, Account.siret == "81234567600017") == 1
    assert count(Application) == count(OutboxMessage, OutboxMessage.kind == "account_opened") == 1
