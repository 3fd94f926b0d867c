"""Journey J4: a forgotten password, plain and with HTMX."""

import datetime as dt
import re
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from harmattan.access import secret_words
from harmattan.access.models import LoginSession
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.outbox import commands
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.browser import Browser

ANNE = "anne@grandlarge.example"
NEW = "phare gabion marée tisane"


def _mails() -> list[OutboxMessage]:
    return list(db.session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id)))


def _ask(browser: Browser, email: str = ANNE) -> tuple[str, str]:
    """Ask for the mail; returns the temporary password and the path of the link that it holds."""
    browser.open("/connexion").open("/mot-de-passe-oublie").submit("/mot-de-passe-oublie", email=email)
    assert browser.status == 200
    before = len(_mails())
    commands.jobs.run_due()
    found = _mails()[before:]
    if not found:
        return "", ""
    temporary = re.search(r"\b(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}\b", found[0].body)
    link = re.search(r"http://[^/]+(\S+)", found[0].body)
    assert link is not None
    return (temporary[0] if temporary else ""), link[1]


def _try_to_log_in(browser: Browser, password: str, email: str = ANNE) -> Browser:
    return browser.open("/connexion").submit("/connexion", email=email, password=password)


def _choose(browser: Browser, password: str = NEW) -> Browser:
    return browser.submit("/mot-de-passe", new_password=password, repeated_password=password)


def test_the_page_says_to_look_among_the_spam(browser: Browser, people: SimpleNamespace) -> None:
    _ask(browser)
    assert "indésirables (spam)" in browser.text
    assert "30 minutes" in browser.text


def test_the_old_password_still_works_and_makes_the_temporary_one_useless(
    browser: Browser, people: SimpleNamespace
) -> None:
    temporary, _ = _ask(browser)
    assert _try_to_log_in(browser, cast.PASSWORD).url == "/"
    browser.log_out()
    assert _try_to_log_in(browser, temporary).status == 422


@pytest.mark.parametrize("retyped", [str, str.lower, lambda text: text.replace("-", "")])
def test_the_temporary_password_leads_once_and_only_to_a_new_one(
    browser: Browser, people: SimpleNamespace, retyped
) -> None:
    temporary, _ = _ask(browser)
    assert _try_to_log_in(browser, retyped(temporary)).url == "/mot-de-passe"
    assert browser.open("/").url == "/mot-de-passe"
    assert _choose(browser).url == "/connexion"
    assert "Votre mot de passe a changé" in browser.text
    assert _try_to_log_in(browser, temporary).status == 422
    assert _try_to_log_in(browser, cast.PASSWORD).status == 422
    assert _try_to_log_in(browser, NEW).url == "/"
    assert [mail.kind for mail in _mails()] == ["password_recovery", "password_changed"]


def test_the_link_is_harmless_to_look_at_and_serves_once(browser: Browser, people: SimpleNamespace) -> None:
    _, link = _ask(browser)
    for _ in range(3):
        assert browser.open(link).status == 200
    assert browser.client.head(link).status_code == 200
    browser.submit(link)
    assert browser.url == "/mot-de-passe"
    browser.log_out()
    assert browser.open(link).status == 410
    assert "Ce lien ne peut plus servir" in browser.text


def test_a_newer_request_kills_the_older_one(browser: Browser, people: SimpleNamespace) -> None:
    older, link = _ask(browser)
    _ask(browser)
    assert _try_to_log_in(browser, older).status == 422
    assert browser.open(link).status == 410


def test_nothing_serves_in_the_31st_minute(browser: Browser, people: SimpleNamespace) -> None:
    temporary, link = _ask(browser)
    clock.start_at(cast.MONDAY + dt.timedelta(minutes=31))
    assert _try_to_log_in(browser, temporary).status == 422
    assert browser.faults() == ["Vérifiez l'adresse e-mail et le mot de passe"]
    assert browser.open(link).status == 410


def test_five_wrong_tries_use_the_temporary_password_up(
    app: Flask, browser: Browser, people: SimpleNamespace
) -> None:
    app.config["THROTTLE"] = 100
    temporary, _ = _ask(browser)
    for _ in range(5):
        assert _try_to_log_in(browser, "ABCD-EFGH-JKLM-NPQR").status == 422
    assert _try_to_log_in(browser, temporary).status == 422


def test_an_unknown_address_reads_the_same_and_sends_nothing(
    browser: Browser, people: SimpleNamespace
) -> None:
    _ask(browser)
    known = browser.text
    assert _ask(browser, "nobody@nowhere.example") == ("", "")
    assert browser.text == known


def test_three_mails_an_hour_are_sent_and_the_page_stays_the_same(
    browser: Browser, people: SimpleNamespace
) -> None:
    for _ in range(5):
        _ask(browser)
    assert len(_mails()) == 3


def test_the_21st_request_from_one_network_in_an_hour_is_refused(
    browser: Browser, people: SimpleNamespace
) -> None:
    for _ in range(20):
        browser.open("/mot-de-passe-oublie").submit("/mot-de-passe-oublie", email="x@nowhere.example")
    browser.open("/mot-de-passe-oublie").submit("/mot-de-passe-oublie", email="x@nowhere.example")
    assert browser.status == 429


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("court", "Allongez le mot de passe de 7 caractères : il en faut 12"),
        ("librairie104512", "Choisissez un mot de passe plus difficile à deviner"),
        ("a" * 129, "Raccourcissez le mot de passe : 128 caractères au plus"),
        (cast.PASSWORD, "Choisissez un autre mot de passe que l'ancien"),
    ],
)
def test_a_poor_new_password_is_refused_with_its_reason(
    browser: Browser, people: SimpleNamespace, password: str, message: str
) -> None:
    temporary, _ = _ask(browser)
    _try_to_log_in(browser, temporary)
    _choose(browser, password)
    assert browser.status == 422
    assert browser.faults()[0].startswith(message)


def test_two_different_texts_are_refused(browser: Browser, people: SimpleNamespace) -> None:
    temporary, _ = _ask(browser)
    _try_to_log_in(browser, temporary)
    browser.submit("/mot-de-passe", new_password=NEW, repeated_password=NEW + "s")
    assert browser.faults() == ["Tapez deux fois le même mot de passe : les deux textes diffèrent"]


def test_every_session_ends_with_the_new_password(
    browser: Browser, people: SimpleNamespace, new_browser
) -> None:
    elsewhere = new_browser().log_in(ANNE)
    temporary, _ = _ask(browser)
    _try_to_log_in(browser, temporary)
    _choose(browser)
    assert elsewhere.open("/").url.startswith("/connexion")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(LoginSession)) == 0


def test_a_lasting_password_is_not_changed_without_proof(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in(ANNE).post("/mot-de-passe", new_password=NEW, repeated_password=NEW)
    assert browser.status == 403


def test_staff_get_the_link_only(browser: Browser, people: SimpleNamespace) -> None:
    temporary, link = _ask(browser, "marie@equipe.example")
    assert temporary == ""
    assert browser.open(link).status == 200


def test_the_text_of_the_mail_goes_once_it_is_sent(browser: Browser, people: SimpleNamespace) -> None:
    temporary, _ = _ask(browser)
    commands.service.send_due()
    db.session.expire_all()
    assert temporary not in _mails()[0].body
    assert _mails()[0].sent_at is not None


@given(st.text(max_size=40))
def test_only_texts_of_its_shape_are_taken_for_a_temporary_password(typed: str) -> None:
    meant = secret_words.as_temporary_password(typed)
    assert meant is None or (len(meant) == 19 and secret_words.as_temporary_password(meant) == meant)


def test_temporary_passwords_are_readable_over_the_phone() -> None:
    for _ in range(50):
        made = secret_words.new_temporary_password()
        assert secret_words.as_temporary_password(made.lower().replace("-", " ")) == made
        assert not set(made) & set("O0I1U")
