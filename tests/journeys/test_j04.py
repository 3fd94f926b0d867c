"""J4: a forgotten password, as the journey is written, with each of its refusals (R30–R36)."""

import datetime as dt
import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from harmattan.access.models import LoginSession
from harmattan.core import clock, jobs
from harmattan.core.extensions import db
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.browser import Browser
from tests.journeys.acts import mails

ANNE, NOBODY = "anne@grandlarge.example", "personne@nulle-part.example"
NEW = "phare gabion marée tisane"
WRONG = "Vérifiez l'adresse e-mail et le mot de passe"
NewBrowser = Callable[..., Browser]


def ask(browser: Browser, email: str = ANNE) -> Browser:
    """From the log-in page, by « Mot de passe oublié »; the worker does its part."""
    link = browser.open("/connexion").page.find("a", string="Mot de passe oublié")
    browser.open(link["href"])
    assert [field["name"] for field in browser.page.select("main input:not([type=hidden])")] == ["email"]
    browser.submit("/mot-de-passe-oublie", email=email)
    jobs.run_due()
    return browser


def temporary_password() -> str:
    return re.search(r"^(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}$", mails("password_recovery")[-1].body, re.MULTILINE)[
        0
    ]


def try_password(browser: Browser, password: str) -> Browser:
    return browser.open("/connexion").submit("/connexion", email=ANNE, password=password)


def choose(browser: Browser, password: str) -> Browser:
    return browser.submit("/mot-de-passe", new_password=password, repeated_password=password)


def test_the_journey(browser: Browser, people: SimpleNamespace, new_browser: NewBrowser) -> None:
    elsewhere = new_browser().log_in(ANNE)
    ask(browser)
    assert "indésirables (spam)" in browser.text
    temporary = temporary_password()
    assert new_browser().log_in(people.karim.email).url == "/"
    assert browser.open("/connexion").url == "/connexion"
    assert try_password(browser, temporary).url == "/mot-de-passe"
    for page in ("/", "/panier", "/commandes", "/compte", "/compte/securite", "/faq"):
        assert browser.open(page).url == "/mot-de-passe"
    assert choose(browser, NEW).url == "/connexion"
    assert db.session.scalar(sa.select(sa.func.count()).where(LoginSession.user_id == people.anne.id)) == 0
    assert elsewhere.open("/").url.startswith("/connexion")
    assert try_password(browser, NEW).url == "/"
    changed = mails("password_changed")
    assert [mail.recipient for mail in changed] == [ANNE]
    assert changed[0].subject == "Votre mot de passe a changé"
    assert NEW not in changed[0].body


def test_the_old_password_opens_until_the_new_one_is_chosen(
    browser: Browser, people: SimpleNamespace, new_browser: NewBrowser
) -> None:
    ask(browser)
    assert try_password(new_browser(), temporary_password()).url == "/mot-de-passe"
    assert try_password(browser, cast.PASSWORD).url == "/"


def test_a_second_use_is_refused_in_the_same_words(
    browser: Browser, people: SimpleNamespace, new_browser: NewBrowser
) -> None:
    ask(browser)
    temporary = temporary_password()
    try_password(browser, temporary)
    assert try_password(new_browser(), temporary).faults() == [WRONG]


def test_the_31st_minute_is_too_late_in_the_same_words(browser: Browser, people: SimpleNamespace) -> None:
    ask(browser)
    temporary = temporary_password()
    clock.start_at(cast.MONDAY + dt.timedelta(minutes=31))
    assert try_password(browser, temporary).faults() == [WRONG]


def test_after_five_wrong_tries_the_sixth_is_refused_in_the_same_words(
    browser: Browser, people: SimpleNamespace
) -> None:
    browser.client.application.config["THROTTLE"] = 10
    ask(browser)
    temporary = temporary_password()
    for _ in range(5):
        assert try_password(browser, "ABCD-EFGH-JKLM-NPQR").faults() == [WRONG]
    assert try_password(browser, temporary).faults() == [WRONG]


def test_an_unknown_address_sees_the_same_page_and_gets_no_mail(
    browser: Browser, people: SimpleNamespace
) -> None:
    known = ask(browser).text
    assert ask(browser, NOBODY).text == known
    assert [mail.recipient for mail in db.session.scalars(sa.select(OutboxMessage))] == [ANNE]


def test_the_old_password_is_no_new_one(browser: Browser, people: SimpleNamespace) -> None:
    ask(browser)
    try_password(browser, temporary_password())
    assert choose(browser, cast.PASSWORD).status == 422
    assert browser.faults() == ["Choisissez un autre mot de passe que l'ancien"]


def test_whoever_waits_for_an_approval_is_told_how_far_it_is(
    browser: Browser, people: SimpleNamespace
) -> None:
    asked = {"number": "104512", "last_name": "Prat", "first_name": "Zoé", "email": "zoe@x.example"}
    browser.open("/acces").submit("/acces", password=NEW, **asked)
    jobs.run_due()
    ask(browser, "zoe@x.example")
    assert mails("password_recovery") == []
    pending = mails("access_pending")
    assert [mail.recipient for mail in pending] == ["zoe@x.example"]
    assert "attend encore l’accord de l’utilisateur principal" in pending[0].body


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_mail_scanner_uses_nothing_up(browser: Browser, people: SimpleNamespace, method: str) -> None:
    ask(browser)
    link = re.search(r"/mot-de-passe-oublie/[\w-]+", mails("password_recovery")[0].body)[0]
    for _ in range(3):
        assert getattr(browser.client, method)(link).status_code == 200
    browser.open(link).submit(link)
    assert browser.url == "/mot-de-passe"
    assert browser.log_out().open(link).status == 410
