"""Fifty uses of one secret at the same moment have one effect, on both databases (reliability.md §4)."""

import re
from types import SimpleNamespace

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.access.models import LoginSession, User
from harmattan.access.rules import Stage
from harmattan.core import clock, jobs
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.outbox.models import OutboxMessage
from harmattan.team import service as team
from harmattan.team.rules import NewPerson
from tests import cast
from tests.browser import Browser, form_data
from tests.test_concurrency import at_once

ANNE, HUGO = "anne@grandlarge.example", "hugo@equipe.example"
USES = 50


@pytest.fixture
def shop(any_app: Flask) -> SimpleNamespace:
    any_app.config["THROTTLE"] = 1_000.0
    people = cast.everybody()
    db.session.commit()
    return SimpleNamespace(app=any_app, people=people)


def use(shop: SimpleNamespace, page: str, action: str, **fields: str) -> int:
    """Send the form of this page fifty times at once; how many sendings led on."""
    sendings = []
    for _ in range(USES):
        browser = Browser(shop.app.test_client()).open(page)
        sendings.append((browser.client, action, form_data(browser.form(action)) | fields))
    return sum(answer.status_code == 303 for answer in at_once(sendings))


def word(pattern: str) -> str:
    bodies = db.session.scalars(sa.select(OutboxMessage.body).order_by(OutboxMessage.id.desc())).all()
    return next(found[0] for found in (re.search(pattern, body) for body in bodies) if found)


def restricted_sessions() -> int:
    to_choose = LoginSession.stage == Stage.NEW_PASSWORD
    return db.session.scalar(sa.select(sa.func.count()).where(to_choose)) or 0


def ask_recovery(shop: SimpleNamespace) -> None:
    Browser(shop.app.test_client()).open("/mot-de-passe-oublie").submit("/mot-de-passe-oublie", email=ANNE)
    jobs.run_due()


def test_a_recovery_link_opens_once(shop: SimpleNamespace) -> None:
    ask_recovery(shop)
    link = word(r"/mot-de-passe-oublie/[\w-]+")
    assert use(shop, link, link) == 1
    assert restricted_sessions() == 1


def test_a_temporary_password_opens_once(shop: SimpleNamespace) -> None:
    ask_recovery(shop)
    db.session.execute(sa.text("UPDATE recoveries SET tries = -1000"))
    db.session.commit()
    temporary = word(r"(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}")
    assert use(shop, "/connexion", "/connexion", email=ANNE, password=temporary) == 1
    assert restricted_sessions() == 1


def test_the_link_of_a_new_member_of_staff_opens_once(shop: SimpleNamespace) -> None:
    team.add(NewPerson("Léa", "Brun", "lea@equipe.example"), Service.SALES, by="Root")
    db.session.commit()
    link = word(r"/mot-de-passe-oublie/[\w-]+")
    assert use(shop, link, link) == 1


def test_a_request_for_access_is_activated_once(shop: SimpleNamespace) -> None:
    eva = {"number": "104800", "last_name": "Tanguy", "first_name": "Eva", "email": "eva@x.example"}
    asking = Browser(shop.app.test_client()).open("/acces")
    asking.submit("/acces", password="quatre phares sous la marée", **eva)
    jobs.run_due()
    link = word(r"/acces/[\w-]+")
    assert use(shop, link, f"{link}/activer") == 1
    assert db.session.scalar(sa.select(sa.func.count(User.id)).where(User.email == "eva@x.example")) == 1


def test_a_code_of_the_second_factor_opens_once(shop: SimpleNamespace) -> None:
    shop.app.config["STAFF_TOTP"] = True
    first = Browser(shop.app.test_client()).open("/connexion")
    first.submit("/connexion", email=HUGO, password=cast.PASSWORD)
    secret = first.page.select_one("form p code").get_text().replace(" ", "")
    first.submit("/connexion/application", one_time_password=pyotp.TOTP(secret).at(clock.now()))
    sendings = []
    for _ in range(USES):
        browser = Browser(shop.app.test_client()).open("/connexion")
        browser.submit("/connexion", email=HUGO, password=cast.PASSWORD)
        sendings.append((browser.client, "/connexion/code", form_data(browser.form("/connexion/code"))))
    clock.start_at(cast.MONDAY.replace(minute=5))
    code = {"one_time_password": pyotp.TOTP(secret).at(clock.now())}
    answers = at_once([(client, url, data | code) for client, url, data in sendings])
    assert sum(answer.status_code == 303 for answer in answers) == 1
