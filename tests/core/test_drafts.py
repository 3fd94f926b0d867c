"""What was typed survives a lost session (J5), and goes to nobody else."""

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from harmattan.access.models import LoginSession
from harmattan.core import clock
from harmattan.core.drafts import Draft
from harmattan.core.extensions import db
from tests.browser import Browser

pytestmark = pytest.mark.usefixtures("trial", "people")
TYPED = "rendez-moi à la pluie"[:20]


def lose_every_session() -> None:
    db.session.execute(sa.delete(LoginSession))
    db.session.commit()


def drafts() -> list[Draft]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Draft)))


def typed(browser: Browser) -> str:
    return str(browser.page.find(attrs={"name": "note"})["value"])


def test_what_was_typed_comes_back_after_log_in_once(browser: Browser) -> None:
    browser.log_in("anne@grandlarge.example").open("/essai")
    lose_every_session()
    browser.submit("/essai", note=TYPED, password="secret-de-polichinelle")
    assert browser.url == "/connexion?next=/essai"
    browser.submit("/connexion", email="anne@grandlarge.example", password="trois-libraires-au-soleil")
    assert browser.url == "/essai"
    assert "repris" in browser.text
    assert typed(browser) == TYPED
    assert browser.page.find(attrs={"name": "password"})["value"] == ""
    assert typed(browser.open("/essai")) == ""
    assert drafts() == []


def test_a_password_bank_details_and_a_token_are_never_kept(browser: Browser) -> None:
    browser.log_in("anne@grandlarge.example").open("/essai")
    lose_every_session()
    browser.submit("/essai", note=TYPED, password="secret-de-polichinelle", iban="FR76 3000 6000")
    assert [draft.fields for draft in drafts()] == [[["note", TYPED]]]


def test_a_closed_browser_loses_the_cookie_and_not_the_text(browser: Browser) -> None:
    browser.log_in("anne@grandlarge.example").open("/essai")
    browser.client.delete_cookie("session")
    browser.submit("/essai", note=TYPED)
    assert browser.url == "/connexion?next=/essai"
    browser.submit("/connexion", email="anne@grandlarge.example", password="trois-libraires-au-soleil")
    assert typed(browser) == TYPED


def test_an_expired_form_says_so_and_gives_back_what_was_typed(browser: Browser) -> None:
    browser.log_in("anne@grandlarge.example").open("/essai")
    browser.submit("/essai", note=TYPED, csrf_token="too old")
    assert browser.status == 400
    assert "Le formulaire a expiré" in browser.text
    assert typed(browser.open("/essai")) == TYPED


def test_a_visitor_whose_cookie_is_lost_keeps_the_public_form(browser: Browser) -> None:
    said = {"objet": "autres", "nom": "Zoé", "message": TYPED}
    browser.open("/contact").post("/contact", said, csrf_token="of no cookie")
    assert browser.status == 400
    assert "Le formulaire a expiré" in browser.text
    assert browser.open("/contact").page.find(attrs={"name": "message"}).get_text().strip() == TYPED


def test_a_bookseller_whose_cookie_is_lost_logs_in_and_goes_on_writing(browser: Browser) -> None:
    browser.log_in("anne@grandlarge.example").open("/contact?objet=autres")
    browser.client.delete_cookie("session")
    browser.submit("/contact", message=TYPED)
    assert browser.url.startswith("/connexion?next=/contact")
    browser.submit("/connexion", email="anne@grandlarge.example", password="trois-libraires-au-soleil")
    assert browser.page.find(attrs={"name": "message"}).get_text().strip() == TYPED


def test_a_draft_is_given_back_to_its_own_browser_and_page_only(new_browser) -> None:
    anne = new_browser().log_in("anne@grandlarge.example").open("/essai")
    anne.submit("/essai", note=TYPED, csrf_token="too old")
    other = new_browser().log_in("anne@grandlarge.example").open("/essai")
    assert typed(other) == ""
    anne.open("/")
    assert len(drafts()) == 1
    assert typed(anne.open("/essai")) == TYPED


def test_a_draft_is_kept_a_day(new_browser) -> None:
    anne = new_browser().log_in("anne@grandlarge.example").open("/essai")
    anne.submit("/essai", note=TYPED, csrf_token="too old")
    clock.start_at(clock.now() + dt.timedelta(hours=25))
    anne.log_in("anne@grandlarge.example")
    assert typed(anne.open("/essai")) == ""


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://mechant.example"},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize("logged_in", [True, False])
def test_nothing_that_another_site_sends_is_kept(
    client: FlaskClient, logged_in: bool, headers: dict[str, str]
) -> None:
    if logged_in:
        Browser(client).log_in("anne@grandlarge.example")
    answer = client.post("/essai", data={"note": TYPED}, headers=headers)
    assert answer.status_code == 403
    assert drafts() == []


def test_our_own_origin_is_not_foreign(app: Flask, client: FlaskClient) -> None:
    client.post("/essai", data={"note": TYPED}, headers={"Origin": "http://localhost"})
    assert len(drafts()) == 1
