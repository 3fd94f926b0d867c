"""The gate: what a lost session does to a form that is sent."""

import datetime as dt
from types import SimpleNamespace

from flask import Blueprint, Flask, Response, make_response, request
from werkzeug.datastructures import MultiDict

from harmattan.core import clock, drafts
from harmattan.core.extensions import db
from tests import cast
from tests.browser import Browser


def _add_a_form(app: Flask, given_back: list[MultiDict[str, str] | None]) -> None:
    """A page at /carnet whose form is sent to /carnet/lignes, as the cart's are."""
    bp = Blueprint("notebook", __name__)

    @bp.get("/carnet")
    def show() -> Response:
        given_back.append(drafts.give_back())
        return make_response("<main id=contenu>carnet</main>")

    @bp.post("/carnet/lignes")
    def add() -> Response:
        return make_response(f"<main id=contenu>{len(request.form)}</main>")

    app.register_blueprint(bp)


def test_what_was_typed_waits_for_the_page_of_its_form_and_is_given_back_once(
    app: Flask, browser: Browser, people: SimpleNamespace
) -> None:
    given_back: list[MultiDict[str, str] | None] = []
    _add_a_form(app, given_back)
    browser.open("/connexion")
    token = browser.token()
    browser.url = "/carnet?page=2"
    browser.post("/carnet/lignes", csrf_token=token, comment="Livrer par l’arrière", new_password="secret")
    assert browser.url.startswith("/connexion?next=/carnet")
    browser.submit("/connexion", email="karim@grandlarge.example", password="trois-libraires-au-soleil")
    assert browser.url == "/carnet?page=2"
    assert given_back == [MultiDict({"comment": "Livrer par l’arrière"})]
    browser.open("/carnet")
    assert given_back[1:] == [None]


def test_a_foreign_site_cannot_plant_a_draft(app: Flask, browser: Browser, people: SimpleNamespace) -> None:
    given_back: list[MultiDict[str, str] | None] = []
    _add_a_form(app, given_back)
    answer = browser.client.post(
        "/carnet/lignes", data={"comment": "planté"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code in (303, 403)
    browser.log_in("karim@grandlarge.example").open("/carnet")
    assert given_back == [None]


def test_what_an_open_page_asks_by_itself_keeps_no_session_alive(app: Flask, people: SimpleNamespace) -> None:
    placed = cast.order(people.karim, (cast.title(), 1))
    db.session.commit()
    browser = Browser(app.test_client()).log_in("karim@grandlarge.example")
    for minutes in (50, 100):
        clock.start_at(cast.MONDAY + dt.timedelta(minutes=minutes))
        assert browser.client.get(f"/commandes/{placed.reference}/suivi").status_code == 200
    clock.start_at(cast.MONDAY + dt.timedelta(minutes=121))
    answer = browser.client.get(f"/commandes/{placed.reference}/suivi")
    assert answer.headers["Location"].startswith("/connexion")
