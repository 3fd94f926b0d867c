"""What a log-in counts, remembers and tells: limits, browsers known and new, hashes renewed."""

import datetime as dt
import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from harmattan.access import browsers, passwords
from harmattan.access.browsers import KnownBrowser
from harmattan.access.models import LoginSession
from harmattan.core import clock, jobs, security
from harmattan.core.extensions import db
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.browser import Browser

ANNE = "anne@grandlarge.example"
NEW = "phare gabion marée tisane"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"
NewBrowser = Callable[..., Browser]


def attempt(browser: Browser, password: str = "pas le bon", email: str = ANNE) -> int:
    browser.open("/connexion").submit("/connexion", email=email, password=password)
    return browser.status


def attack(app: Flask, tries: int = 40, email: str = ANNE) -> list[int]:
    """Guesses from so many networks, four from each."""
    codes = []
    for number in range(tries):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"198.51.100.{number // 4}"
        codes.append(attempt(Browser(client), email=email))
    return codes


def told() -> list[str]:
    mails = sa.select(OutboxMessage.recipient).where(OutboxMessage.kind == "new_browser")
    return list(db.session.scalars(mails))


@pytest.mark.parametrize("email", [ANNE, "nobody@nowhere.example"])
def test_25_guesses_a_day_are_heard_from_all_networks_together_known_or_not(
    app: Flask, people: SimpleNamespace, email: str
) -> None:
    assert attack(app, 40, email) == [422] * 25 + [429] * 15


def test_the_right_password_still_opens_from_a_known_browser_during_an_attack(
    app: Flask, people: SimpleNamespace, new_browser: NewBrowser
) -> None:
    anne = new_browser().log_in(ANNE).log_out()
    attack(app)
    assert attempt(new_browser(), cast.PASSWORD) == 429
    assert attempt(anne, cast.PASSWORD) == 200
    assert anne.url == "/"


def test_a_known_browser_has_its_own_few_tries(people: SimpleNamespace, new_browser: NewBrowser) -> None:
    anne = new_browser().log_in(ANNE).log_out()
    assert [attempt(anne) for _ in range(6)] == [422] * 5 + [429]


def test_whoever_reads_the_persons_mail_gets_in_from_anywhere_during_an_attack(
    app: Flask, people: SimpleNamespace, new_browser: NewBrowser
) -> None:
    attack(app)
    elsewhere = new_browser().open("/mot-de-passe-oublie").submit("/mot-de-passe-oublie", email=ANNE)
    jobs.run_due()
    link = re.search(r"/mot-de-passe-oublie/[\w-]+", db.session.scalars(sa.select(OutboxMessage)).one().body)[
        0
    ]
    elsewhere.open(link).submit(link)
    elsewhere.submit("/mot-de-passe", new_password=NEW, repeated_password=NEW)
    assert attempt(elsewhere, NEW) == 200
    assert attempt(new_browser(), NEW) == 429


def test_a_new_browser_is_told_by_mail_once_a_day_and_the_first_one_never(
    app: Flask, people: SimpleNamespace
) -> None:
    desk, tablet, phone = (Browser(app.test_client()) for _ in range(3))
    phone.client.environ_base["HTTP_USER_AGENT"] = PHONE
    desk.log_in(ANNE).log_out().log_in(ANNE)
    assert told() == []
    phone.log_in(ANNE)
    assert told() == [ANNE]
    mail = db.session.scalars(sa.select(OutboxMessage)).one()
    assert "Safari, iPhone, le 23 novembre 2026" in mail.body.replace("\u00a0", " ")
    tablet.log_in(ANNE)
    phone.log_out().log_in(ANNE)
    assert told() == [ANNE]
    clock.start_at(cast.MONDAY + dt.timedelta(days=2))
    Browser(app.test_client()).log_in(ANNE)
    assert told() == [ANNE, ANNE]


def test_colleagues_share_a_browser_and_each_is_known_there(
    people: SimpleNamespace, new_browser: NewBrowser
) -> None:
    till = new_browser()
    for email in (ANNE, people.karim.email):
        till.log_in(email).log_out()
    keys = db.session.execute(sa.select(KnownBrowser.user_id, KnownBrowser.key_hash)).all()
    assert {user for user, _ in keys} == {people.anne.id, people.karim.id}
    assert len({key for _, key in keys}) == 1


def test_the_cookie_of_a_browser_is_not_in_the_database_and_no_script_reads_it(
    client: FlaskClient, people: SimpleNamespace
) -> None:
    Browser(client).log_in(ANNE)
    cookie = client.get_cookie("navigateur")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert cookie.value not in db.session.scalars(sa.select(KnownBrowser.key_hash)).all()


def test_browsers_unused_for_long_are_forgotten(people: SimpleNamespace, new_browser: NewBrowser) -> None:
    new_browser().log_in(ANNE)
    clock.start_at(cast.MONDAY + dt.timedelta(days=401))
    browsers.forget_old()
    assert db.session.scalars(sa.select(KnownBrowser)).all() == []


def test_each_log_in_opens_a_session_of_its_own(client: FlaskClient, people: SimpleNamespace) -> None:
    browser = Browser(client).log_in(ANNE)
    first = client.get_cookie("session").value
    browser.open("/connexion")
    browser.log_out().log_in(ANNE)
    assert client.get_cookie("session").value != first
    assert db.session.scalar(sa.select(sa.func.count(LoginSession.id))) == 1


def test_a_password_hashed_at_a_lower_cost_is_hashed_anew_at_log_in(
    app: Flask, people: SimpleNamespace, new_browser: NewBrowser
) -> None:
    before = people.anne.password_hash
    app.extensions["password_hasher"] = PasswordHasher(time_cost=2, memory_cost=64, parallelism=1)
    attempt(new_browser(), "pas le bon")
    assert people.anne.password_hash == before
    new_browser().log_in(ANNE)
    assert people.anne.password_hash != before
    assert "t=2" in people.anne.password_hash
    assert passwords.matches(people.anne.password_hash, cast.PASSWORD)


def test_a_password_is_the_same_however_a_keyboard_writes_its_accents(app: Flask) -> None:
    hashed = passwords.hash_password("marée haute à l’écluse")
    assert passwords.matches(hashed, "mare\u0301e haute a\u0300 l’e\u0301cluse")
    assert not passwords.matches(hashed, "maree haute a l’ecluse")
    assert not passwords.matches(hashed, "marée haute à l’écluse ")


def test_nobody_who_has_chosen_no_password_is_let_in(app: Flask) -> None:
    assert not passwords.matches("", "nobody has this password")
    assert not passwords.matches("", "")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", "-"),
    ],
)
def test_limits_count_all_the_addresses_of_one_line_together(app: Flask, address: str, network: str) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert security.network() == network
