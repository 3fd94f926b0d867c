"""Log-in and log-out, plain and with HTMX."""

from types import SimpleNamespace
from urllib.parse import urlencode

from harmattan.core.extensions import db
from tests import cast
from tests.browser import Browser


def test_a_bookseller_logs_in_and_out(browser: Browser, people: SimpleNamespace) -> None:
    browser.open("/connexion").submit("/connexion", email="ANNE@grandlarge.example ", password=cast.PASSWORD)
    assert browser.status == 200
    assert browser.url == "/"
    assert "Bonjour, Librairie Le Grand Large" in browser.text
    browser.submit("/deconnexion")
    assert browser.open("/").url.startswith("/connexion")


def test_wrong_password_and_unknown_address_read_the_same(browser: Browser, people: SimpleNamespace) -> None:
    answers = []
    for email in ("anne@grandlarge.example", "nobody@nowhere.example"):
        browser.open("/connexion").submit("/connexion", email=email, password="pas le bon")
        assert browser.status == 422
        answers.append(browser.text.replace(email, ""))
    assert answers[0] == answers[1]
    assert browser.faults() == ["Vérifiez l'adresse e-mail et le mot de passe"]


def test_the_typed_address_stays_after_a_fault(browser: Browser, people: SimpleNamespace) -> None:
    browser.open("/connexion").submit("/connexion", email="anne@grandlarge.example", password="")
    assert browser.status == 422
    assert browser.faults() == ["Saisissez votre mot de passe"]
    assert browser.page.find(id="email")["value"] == "anne@grandlarge.example"


def test_an_old_cookie_opens_nothing_after_log_out(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in("anne@grandlarge.example")
    cookie = browser.client.get_cookie("session")
    browser.log_out()
    browser.client.set_cookie("session", cookie.value)
    assert browser.open("/").url.startswith("/connexion")


def test_a_sixth_wrong_try_in_ten_minutes_is_refused(browser: Browser, people: SimpleNamespace) -> None:
    browser.open("/connexion")
    for _ in range(5):
        browser.post("/connexion", email="anne@grandlarge.example", password="faux")
        assert browser.status == 422
    browser.post("/connexion", email="anne@grandlarge.example", password="faux")
    assert browser.status == 429
    assert "Retry-After" in browser.response.headers


def test_only_failures_count_against_the_limit(browser: Browser, people: SimpleNamespace) -> None:
    for _ in range(7):
        browser.log_in("anne@grandlarge.example").log_out()


def test_log_in_leads_back_to_the_page_asked_for_and_never_elsewhere(
    browser: Browser, people: SimpleNamespace
) -> None:
    for wished, reached in (("//mechant.test", "/"), ("/\tmechant.test", "/"), ("/sante", "/sante")):
        browser.open("/connexion?" + urlencode({"next": wished}))
        browser.submit("/connexion", email="paul@quais.example", password=cast.PASSWORD)
        assert browser.url == reached
        browser.open("/").log_out()


def test_the_session_holds_no_secret_in_the_database(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in("anne@grandlarge.example")
    with browser.client.session_transaction() as cookie:
        token = cookie["_user_id"]
    stored = db.session.connection().exec_driver_sql("SELECT token_hash FROM login_sessions").scalars()
    assert token not in list(stored)
