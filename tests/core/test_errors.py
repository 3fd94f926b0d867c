"""Every refusal and failure is a French page with a reference, a fragment with HTMX, and no trace."""

import logging
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup, Tag
from flask import Flask, abort
from flask.testing import FlaskClient
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.test import TestResponse

from harmattan.core import database
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.throttle import TooMany
from tests import cast
from tests.browser import Browser, fold

TITLES = {
    400: "La demande n'a pas pu être lue",
    403: "Vous n'avez pas accès à cette page",
    404: "Cette page n'existe pas",
    405: "Cette action ne se fait pas ainsi",
    409: "Cette action n'est plus possible",
    413: "L'envoi est trop lourd",
    415: "La demande n'a pas pu être lue",
    429: "Trop d'essais en peu de temps",
    500: "Le portail a rencontré une panne",
    501: "Le portail a rencontré une panne",
    503: "Le portail est très occupé",
}


class TooLate(Refusal):
    title = "La commande est validée"


@pytest.fixture(autouse=True)
def as_in_production(app: Flask) -> None:
    """Failures are answered, not raised into the test."""
    app.config["PROPAGATE_EXCEPTIONS"] = False


@pytest.fixture(params=["page", "fragment"])
def shown(request: pytest.FixtureRequest, client: FlaskClient) -> Callable[..., Tag]:
    """`shown(url, status)` asks for the address and gives the part of the answer that explains."""

    def ask(url: str, status: int, method: str = "GET") -> Tag:
        headers = {"HX-Request": "true"} if request.param == "fragment" else {}
        answer = client.open(url, method=method, headers=headers)
        assert answer.status_code == status
        return explanation(answer, whole_page=request.param == "page")

    return ask


def explanation(answer: TestResponse, whole_page: bool) -> Tag:
    soup = BeautifulSoup(answer.text, "html.parser")
    assert "Traceback" not in answer.text
    assert "sqlalchemy" not in answer.text
    if whole_page:
        assert soup.html is not None
        assert len(soup.find_all("h1")) == 1
        assert answer.headers["X-Request-Id"] in soup.find(id="contenu").get_text()
        return soup.find(id="contenu")
    roots = [child for child in soup.children if isinstance(child, Tag)]
    assert [root["id"] for root in roots] == ["avis"]
    assert roots[0].find(role="alert", autofocus=True)
    assert answer.headers["X-Request-Id"] in roots[0].get_text()
    return roots[0]


@pytest.mark.parametrize("status", TITLES)
def test_every_status_is_explained_in_french(status: int, shown: Callable, page_that: Callable) -> None:
    part = shown(page_that(lambda: abort(status)), status)
    assert fold(part.find(["h1", "h2"]).get_text()) == TITLES[status]


def test_an_unknown_address_is_the_same_404_for_everybody(
    client: FlaskClient, people: SimpleNamespace
) -> None:
    visitor = client.get("/n-importe-quoi")
    Browser(client).log_in("anne@grandlarge.example")
    bookseller = client.get("/n-importe-quoi")
    assert (visitor.status_code, bookseller.status_code) == (404, 404)


def test_a_refusal_says_why_and_shows_the_open_door(shown: Callable, page_that: Callable) -> None:
    def view() -> None:
        raise TooLate("Validée le 23 novembre : écrivez-nous.", ("Écrire au service commercial", "/contact"))

    part = shown(page_that(view), 409)
    assert "La commande est validée" in fold(part.get_text())
    assert part.find("a", href="/contact").get_text() == "Écrire au service commercial"


def test_too_many_tries_say_when_to_come_back(client: FlaskClient, page_that: Callable) -> None:
    def view() -> None:
        raise TooMany(17)

    answer = client.get(page_that(view))
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "17")


def test_a_fault_of_ours_is_logged_once_with_its_trace(
    client: FlaskClient,
    page_that: Callable,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(logging.getLogger("harmattan"), "propagate", True)
    client.get(page_that(lambda: 1 / 0))
    logged = {id(record): record for record in caplog.records}
    assert [record.levelname for record in logged.values() if record.exc_info] == ["ERROR"]


def test_a_body_past_the_limit_is_refused(app: Flask, client: FlaskClient) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = client.post("/connexion", data={"email": "x" * 2000})
    assert answer.status_code == 413
    page = BeautifulSoup(answer.text, "html.parser").find(id="contenu")
    assert "10 Mo" in fold(page.get_text())
    assert page.find("a", href="/connexion").get_text() == "Rouvrir la page"


def test_a_method_that_an_address_does_not_know_is_a_405(shown: Callable) -> None:
    shown("/connexion", 405, method="PUT")


def test_a_database_that_stays_locked_answers_503_and_keeps_nothing_half(
    app: Flask, client: FlaskClient, page_that: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    def view() -> None:
        db.session.execute(sa.text("DELETE FROM counters"))

    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 20)
    db.session.remove()
    db.engine.dispose()
    app.config["WTF_CSRF_ENABLED"] = False
    url = page_that(view, ("GET", "POST"))
    with db.engine.connect() as other:
        other.exec_driver_sql("SELECT 1")
        answer = client.post(url)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert client.post(url).status_code == 200


@pytest.mark.parametrize("damage", ["missing", "garbage"])
@pytest.mark.parametrize("htmx", [False, True])
def test_a_database_that_is_gone_is_explained_too(
    app: Flask, client: FlaskClient, people: SimpleNamespace, damage: str, htmx: bool
) -> None:
    Browser(client).log_in("anne@grandlarge.example")
    db.session.remove()
    db.engine.dispose()
    for file in Path(app.instance_path).glob("harmattan.db*"):
        file.unlink()
    if damage == "missing":
        Path(app.instance_path, "harmattan.db").mkdir()
    else:
        Path(app.instance_path, "harmattan.db").write_bytes(b"no database at all " * 1000)
    answer = client.get("/", headers={"HX-Request": "true"} if htmx else {})
    assert answer.status_code in (500, 503)
    explanation(answer, whole_page=not htmx)


def test_a_page_that_cannot_be_drawn_is_explained(
    app: Flask, client: FlaskClient, page_that: Callable, tmp_path: Path
) -> None:
    def view() -> str:
        return app.jinja_env.from_string("{{ nobody.knows }}").render()

    answer = client.get(page_that(view))
    assert answer.status_code == 500
    assert "nobody" not in answer.text


@pytest.mark.parametrize("htmx", [False, True])
def test_an_error_page_that_cannot_be_drawn_itself_still_says_what_matters(
    app: Flask, client: FlaskClient, page_that: Callable, htmx: bool
) -> None:
    """The last resort (ASVS 16.5.4): plain French words, with the reference."""
    broken = DictLoader(dict.fromkeys(("errors/failure.html", "errors/_avis.html"), "{{ nobody.knows }}"))
    app.jinja_env.loader = ChoiceLoader([broken, app.jinja_env.loader])
    answer = client.get(page_that(lambda: 1 / 0), headers={"HX-Request": "true"} if htmx else {})
    assert (answer.status_code, answer.mimetype) == (500, "text/html")
    assert "Le portail a rencontré une panne" in answer.text
    assert answer.headers["X-Request-Id"] in answer.text
    assert "nobody" not in answer.text


def test_a_full_disk_is_a_503(app: Flask, client: FlaskClient, page_that: Callable) -> None:
    def view() -> None:
        db.session.execute(sa.text("PRAGMA max_page_count = 1"))
        db.session.execute(sa.text("CREATE TABLE big AS SELECT zeroblob(1000000)"))

    app.config["WTF_CSRF_ENABLED"] = False
    assert client.post(page_that(view, ("GET", "POST"))).status_code == 503


def test_that_no_connection_comes_free_is_a_503(client: FlaskClient, page_that: Callable) -> None:
    def view() -> str:
        raise NoConnectionFree("all of them are taken")

    assert client.get(page_that(view)).status_code == 503


def test_nobody_is_left_at_a_dead_end_and_staff_are_not_sent_to_a_bookshop(
    client: FlaskClient, people: SimpleNamespace
) -> None:
    marie = Browser(client).log_in(people.marie.email)
    assert marie.open("/rien").main().find("a", href="/").get_text() == "Revenir à l’accueil"
    assert "Elle est celle d'un autre service" in marie.open("/equipe/messages/comptabilite").text


@pytest.mark.parametrize("address", ["/commandes/%00", "/catalogue/a%1Fb", "/messages/pieces/%0A"])
def test_a_control_character_in_an_address_is_a_404_on_both_databases(any_app: Flask, address: str) -> None:
    people = cast.everybody()
    client = any_app.test_client()
    assert client.get(address).status_code == 404
    Browser(client).log_in(people.anne.email)
    assert client.get(address).status_code == 404
