"""J2: add a user, whom the principal user lets in (R13–R21)."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import sqlalchemy as sa

from harmattan.access.models import User
from harmattan.access.rules import Right
from harmattan.conversations.models import Thread
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.services import Service
from tests import cast
from tests.browser import Browser
from tests.journeys.wanting_in import ZOE, ask, at, last_link, logs_in, sent


def test_a_colleague_is_let_in_by_the_principal_user(browser: Browser, people: SimpleNamespace) -> None:
    link = ask(browser, ZOE | {"words": "Stagiaire au rayon jeunesse"})
    assert [mail.recipient for mail in sent()] == [people.anne.email]
    assert browser.open(link).url.startswith("/connexion")
    browser.submit("/connexion", email=people.anne.email, password=cast.PASSWORD)
    assert browser.url == link
    assert "Stagiaire au rayon jeunesse" in browser.text
    browser.submit(f"{link}/accorder", rights=["orders"], ends_on="31/01/2027")
    assert browser.url == "/compte/utilisateurs"
    assert [mail.recipient for mail in sent("access_granted")] == ["zoe@x.example"]
    browser.log_out()
    assert logs_in(browser, "zoe@x.example")
    browser.log_out()
    clock.start_at(dt.datetime(2027, 2, 1, 9, 0, tzinfo=clock.PARIS))
    assert not logs_in(browser, "zoe@x.example")
    assert browser.faults()[0].startswith("Cet accès est terminé")


def test_only_the_right_people_decide(
    browser: Browser, people: SimpleNamespace, new_browser: Callable[..., Browser]
) -> None:
    link = ask(browser, ZOE)
    for person, status in ((people.karim, 403), (people.paul, 404), (people.marie, 403)):
        other = new_browser(browser.htmx).log_in(person.email)
        assert other.open(link).status == status
        other.open("/compte/securite")
        for act in ("accorder", "refuser"):
            assert other.post(f"{link}/{act}", rights=["orders"]).status == status


def test_a_second_answer_is_told_who_answered(browser: Browser, people: SimpleNamespace) -> None:
    link = ask(browser, ZOE)
    browser.log_in(people.anne.email).open(link).submit(f"{link}/accorder", rights=["orders"])
    browser.post(f"{link}/accorder", rights=["documents"])
    assert browser.status == 410
    assert "Déjà traité par Anne Le Goff le 23/11/2026" in browser.text
    zoe = db.session.scalar(sa.select(User).where(User.email == "zoe@x.example"))
    assert zoe.rights == {Right.ORDERS}


def test_a_refusal_is_told_without_a_reason(browser: Browser, people: SimpleNamespace) -> None:
    link = ask(browser, ZOE)
    browser.log_in(people.anne.email).open(link).submit(f"{link}/refuser")
    assert [mail.recipient for mail in sent("access_refused")] == ["zoe@x.example"]
    browser.log_out()
    assert not logs_in(browser, "zoe@x.example")


def test_a_request_without_answer_is_sent_again_then_handed_to_sales_then_expires(
    browser: Browser, people: SimpleNamespace
) -> None:
    ask(browser, ZOE)
    at(days=2, hours=1)
    assert len(sent("access_colleague")) == 2
    at(days=6, hours=1)
    assert db.session.scalars(sa.select(Thread)).all() == []
    at(days=7, hours=1)
    assert db.session.scalars(sa.select(Thread)).one().service is Service.SALES
    at(days=14, hours=1)
    assert {mail.recipient for mail in sent("access_expired")} == {people.anne.email, "zoe@x.example"}
    browser.log_in(people.anne.email)
    assert browser.open(last_link()).status == 410
