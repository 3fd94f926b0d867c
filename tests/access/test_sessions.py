"""How long a session lives, and that what was typed outlives it (ASVS 7; J5)."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from harmattan.access.models import LoginSession
from harmattan.core import clock
from harmattan.core.extensions import db
from tests import cast
from tests.browser import Browser

KARIM, HUGO = "karim@grandlarge.example", "hugo@equipe.example"
NewBrowser = Callable[..., Browser]


def at(**later: float) -> None:
    clock.start_at(cast.MONDAY + dt.timedelta(**later))


def is_in(browser: Browser) -> bool:
    return not browser.open("/compte/securite").url.startswith("/connexion")


@pytest.mark.parametrize(
    ("email", "minutes", "lives"),
    [(KARIM, 119, True), (KARIM, 121, False), (HUGO, 29, True), (HUGO, 31, False)],
)
def test_a_session_ends_when_nothing_happens(
    browser: Browser, people: SimpleNamespace, email: str, minutes: int, lives: bool
) -> None:
    browser.log_in(email)
    at(minutes=minutes)
    assert is_in(browser) is lives


@pytest.mark.parametrize("email", [KARIM, HUGO])
def test_a_session_in_use_ends_after_20_hours(browser: Browser, people: SimpleNamespace, email: str) -> None:
    browser.log_in(email)
    for minutes in range(20, 20 * 60, 20):
        at(minutes=minutes)
        assert is_in(browser), minutes
    at(hours=20, minutes=1)
    assert not is_in(browser)


def test_a_message_typed_before_the_session_ended_is_given_back(
    browser: Browser, people: SimpleNamespace
) -> None:
    browser.log_in(KARIM).open("/contact?objet=autres")
    at(minutes=121)
    browser.submit("/contact", message="Trois lignes\nécrites avec soin.")
    assert browser.url.startswith("/connexion?next=/contact")
    browser.submit("/connexion", email=KARIM, password=cast.PASSWORD)
    assert browser.url == "/contact?objet=autres"
    assert "Votre session avait expiré" in browser.text
    assert "Trois lignes\nécrites avec soin." in browser.page.find(id="message").get_text()


def test_an_answer_of_staff_too_even_where_a_code_is_asked_for(
    browser: Browser, people: SimpleNamespace
) -> None:
    thread = cast.thread(people.karim)
    page = f"/equipe/messages/{thread.reference}"
    browser.log_in(people.marie.email).open(page)
    at(minutes=31)
    browser.submit(f"{page}/reponse", reponse="Une réponse de dix minutes.")
    browser.submit("/connexion", email=people.marie.email, password=cast.PASSWORD)
    assert browser.url.startswith(page)
    assert "Une réponse de dix minutes." in browser.page.find(id="reponse").get_text()


def test_one_other_session_is_ended_and_the_others_stay(
    browser: Browser, people: SimpleNamespace, new_browser: NewBrowser
) -> None:
    till, office = (new_browser().log_in(KARIM) for _ in range(2))
    browser.log_in(KARIM).open("/compte/securite")
    keys = [button["value"] for button in browser.page.find_all("button", attrs={"name": "session"})]
    assert len(keys) == 2
    gone = db.session.scalars(sa.select(LoginSession).order_by(LoginSession.id)).first()
    browser.submit("/compte/sessions", session=gone.key)
    assert browser.reloaded()
    assert [is_in(each) for each in (till, office, browser)] == [False, True, True]


def test_nobody_ends_the_session_of_somebody_else(
    browser: Browser, people: SimpleNamespace, new_browser: NewBrowser
) -> None:
    new_browser().log_in(people.anne.email)
    theirs = db.session.scalars(sa.select(LoginSession)).one().key
    new_browser().log_in(KARIM)
    browser.log_in(KARIM).open("/compte/securite").submit("/compte/sessions", session=theirs)
    assert db.session.scalar(sa.select(sa.func.count(LoginSession.id))) == 3
    browser.post("/compte/sessions", session="%")
    assert db.session.scalar(sa.select(sa.func.count(LoginSession.id))) == 3
