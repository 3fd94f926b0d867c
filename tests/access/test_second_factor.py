"""The second factor of staff: set up once, asked at each log-in; codes that serve once; without the phone."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.access import second_factor
from harmattan.access.models import User
from harmattan.access.second_factor import SecondFactor
from harmattan.core import clock, sealed
from harmattan.core.audit import AuditEntry
from harmattan.core.extensions import db
from harmattan.core.sealed import Sealed
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.browser import Browser
from tests.conftest import application

HUGO, ANNE = "hugo@equipe.example", "anne@grandlarge.example"
NewBrowser = Callable[..., Browser]


@pytest.fixture(autouse=True)
def asked_for(app: Flask) -> None:
    app.config["STAFF_TOTP"] = True


def log_in(browser: Browser, email: str = HUGO) -> Browser:
    return browser.open("/connexion").submit("/connexion", email=email, password=cast.PASSWORD)


def code_of(secret: str, later: int = 0) -> str:
    return pyotp.TOTP(secret).at(clock.now() + dt.timedelta(seconds=later))


def answer(browser: Browser, code: str) -> Browser:
    page = "/connexion/code" if "/connexion/code" in browser.url else "/connexion/application"
    return browser.submit(page, one_time_password=code)


def shown_secret(browser: Browser) -> str:
    return browser.page.select_one("form p code").get_text().replace(" ", "")


def set_up(browser: Browser) -> tuple[str, list[str]]:
    """Go through the first log-in; returns the secret and the recovery codes."""
    log_in(browser)
    secret = shown_secret(browser)
    codes = [code.get_text() for code in browser.page.select("form li code")]
    answer(browser, code_of(secret))
    return secret, codes


def after(seconds: int) -> None:
    clock.start_at(clock.now() + dt.timedelta(seconds=seconds))


def test_the_first_log_in_sets_it_up_and_leads_where_one_wanted_to_go(
    browser: Browser, people: SimpleNamespace
) -> None:
    browser.open("/equipe/messages")
    browser.submit("/connexion", email=HUGO, password=cast.PASSWORD)
    assert browser.url.startswith("/connexion/application")
    assert browser.page.select_one("svg.qr title").get_text() == "Code QR du second facteur"
    assert len(browser.page.select("form li code")) == 8
    secret = shown_secret(browser)
    assert f"secret={secret}" in second_factor.of(people.hugo).offer.address(HUGO)
    browser.submit("/connexion/application", one_time_password="000000")
    assert browser.status == 422
    assert shown_secret(browser) == secret
    answer(browser, code_of(secret))
    assert browser.url == "/equipe/messages"


def test_nothing_else_opens_before_the_code(browser: Browser, people: SimpleNamespace) -> None:
    set_up(browser)
    log_in(browser.log_out())
    for url in ("/equipe", "/faq", "/compte/securite", "/mot-de-passe", "/connexion/application"):
        assert browser.open(url).url.startswith("/connexion/code"), url
    browser.post("/compte/sessions")
    assert browser.url.startswith("/connexion/code")
    assert browser.submit("/deconnexion").url == "/connexion"


def test_each_log_in_asks_for_a_code_that_serves_once(browser: Browser, people: SimpleNamespace) -> None:
    secret, _ = set_up(browser)
    after(30)
    log_in(browser.log_out())
    code = code_of(secret)
    assert answer(browser, f" {code[:3]} {code[3:]}").url == "/equipe"
    log_in(browser.log_out())
    assert answer(browser, code).faults() == [
        "Vérifiez le code : il change toutes les 30 secondes et sert une fois"
    ]


@pytest.mark.parametrize(("late", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_half_a_minute_wrong(
    browser: Browser, people: SimpleNamespace, late: int, taken: bool
) -> None:
    secret, _ = set_up(browser)
    after(300)
    log_in(browser.log_out())
    assert (answer(browser, code_of(secret, late)).url == "/equipe") is taken


def test_an_older_code_does_not_serve_after_a_newer_one(browser: Browser, people: SimpleNamespace) -> None:
    secret, _ = set_up(browser)
    after(300)
    older = code_of(secret, -30)
    log_in(browser.log_out())
    answer(browser, code_of(secret))
    log_in(browser.log_out())
    assert answer(browser, older).status == 422


def test_a_recovery_code_stands_in_once(browser: Browser, people: SimpleNamespace) -> None:
    _, codes = set_up(browser)
    log_in(browser.log_out())
    assert answer(browser, codes[0].lower().replace("-", " ")).url == "/equipe"
    assert second_factor.codes_left(people.hugo) == 7
    log_in(browser.log_out())
    assert answer(browser, codes[0]).status == 422
    assert answer(browser, codes[1]).url == "/equipe"


def test_a_sixth_wrong_code_is_refused_and_the_right_one_too(
    browser: Browser, people: SimpleNamespace
) -> None:
    secret, _ = set_up(browser)
    after(300)
    log_in(browser.log_out())
    assert [answer(browser, "000000").status for _ in range(5)] == [422] * 5
    browser.open("/connexion/code")
    assert answer(browser, code_of(secret)).status == 429


def test_only_wrong_codes_count(browser: Browser, people: SimpleNamespace) -> None:
    secret, _ = set_up(browser)
    for _ in range(7):
        after(30)
        log_in(browser.log_out())
        assert answer(browser, code_of(secret)).url == "/equipe"


def test_a_forgotten_password_does_not_skip_it(app: Flask, browser: Browser, people: SimpleNamespace) -> None:
    secret, _ = set_up(browser)
    browser.log_out().open("/mot-de-passe-oublie").submit("/mot-de-passe-oublie", email=HUGO)
    app.test_cli_runner().invoke(args=["worker", "--once"])
    mail = "".join(path.read_text() for path in Path(app.instance_path, "mail").glob("*.eml"))
    link = re.search(r"/mot-de-passe-oublie/[\w-]+", mail.replace("=\n", ""))[0]
    browser.open(link).submit(link)
    new = "phare gabion marée tisane"
    browser.submit("/mot-de-passe", new_password=new, repeated_password=new)
    browser.submit("/connexion", email=HUGO, password=new)
    assert browser.url.startswith("/connexion/code")
    after(60)
    assert answer(browser, code_of(secret)).url == "/equipe"


def test_whoever_left_before_the_end_is_offered_another_secret(
    browser: Browser, people: SimpleNamespace, new_browser: NewBrowser
) -> None:
    log_in(browser)
    log_in(new_browser())
    assert second_factor.of(people.hugo).secret != shown_secret(browser)


def test_booksellers_are_not_asked(browser: Browser, people: SimpleNamespace) -> None:
    assert log_in(browser, ANNE).url == "/"


def test_one_is_known_in_a_browser_only_after_the_code(browser: Browser, people: SimpleNamespace) -> None:
    log_in(browser)
    assert browser.client.get_cookie("navigateur") is None
    assert people.hugo.last_log_in_at is None
    secret = shown_secret(browser)
    answer(browser, code_of(secret))
    assert browser.client.get_cookie("navigateur") is not None
    assert people.hugo.last_log_in_at is not None


def test_the_secret_is_sealed_and_the_recovery_codes_are_hashed(
    browser: Browser, people: SimpleNamespace
) -> None:
    secret, codes = set_up(browser)
    with db.engine.connect() as connection:
        rows = [
            str(row)
            for table in ("second_factors", "recovery_codes", "audit_entries", "outbox_messages")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
        ]
    assert not [row for row in rows if secret in row or any(code in row for code in codes)]
    kept = db.session.scalar(sa.select(sa.type_coerce(SecondFactor.secret, sa.Text)))
    assert isinstance(SecondFactor.__table__.c.secret.type, Sealed)
    assert sealed.unseal(kept) == secret


def test_production_asks_for_it_and_the_rest_does_not(tmp_path: Path, migrated: Path) -> None:
    def setting(**settings: object) -> Iterator[bool]:
        for app in application(settings, tmp_path):
            yield app.config["STAFF_TOTP"]

    assert [*setting(ENV_NAME="production", PUBLIC_URL="https://libraires.example")] == [True]
    assert [*setting()] == [False]


def test_a_reset_ends_every_session_and_is_told_and_recorded(
    browser: Browser, people: SimpleNamespace
) -> None:
    set_up(browser)
    second_factor.reset(people.hugo, by=people.root)
    db.session.commit()
    assert browser.open("/equipe").url.startswith("/connexion")
    assert log_in(browser).url.startswith("/connexion/application")
    mail = db.session.scalars(sa.select(OutboxMessage)).one()
    assert (mail.kind, mail.recipient) == ("second_factor_reset", HUGO)
    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "access.reset_second_factor")
    ).one()
    assert (entry.actor, entry.subject) == ("Root Admin", HUGO)


def test_whoever_is_in_is_not_asked_again(browser: Browser, people: SimpleNamespace) -> None:
    set_up(browser)
    for page in ("code", "application"):
        assert browser.open(f"/connexion/{page}").url == "/equipe"
    assert db.session.scalar(sa.select(User.id).where(User.email == HUGO)) == people.hugo.id
