"""Pages and fragments, and what every answer carries."""

import gzip
import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from harmattan.core import answers
from tests.browser import Browser

HTMX = {"HX-Request": "true"}
RESTORED = HTMX | {"HX-History-Restore-Request": "true"}


@pytest.mark.parametrize(
    ("headers", "whole"), [({}, True), (HTMX, False), (RESTORED, True), ({"HX-Request": "no"}, True)]
)
def test_a_plain_browser_gets_the_page_and_htmx_its_fragment(
    client: FlaskClient, headers: dict[str, str], whole: bool
) -> None:
    answer = client.get("/connexion", headers=headers)
    assert ("<html" in answer.text) is whole
    assert 'id="log-in"' in answer.text


def test_success_redirects_a_plain_browser_and_answers_htmx(
    app: Flask, client: FlaskClient, page_that: Callable
) -> None:
    url = page_that(lambda: answers.done("/faq"))
    plain, htmx = client.get(url), client.get(url, headers=HTMX)
    assert (plain.status_code, plain.headers["Location"]) == (303, "/faq")
    assert (htmx.status_code, htmx.headers["HX-Redirect"], htmx.text) == (200, "/faq", "")


def test_several_fragments_are_answered_side_by_side(client: FlaskClient, page_that: Callable) -> None:
    url = page_that(lambda: answers.done("/", ("layout/_avis.html", "layout/_avis.html")))
    assert client.get(url, headers=HTMX).text.count('<div id="avis">') == 2


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("url", ["/", "/connexion", "/sante", "/n-importe-quoi", "/equipe", "/deconnexion"])
def test_every_answer_is_protected_and_not_to_be_kept(
    client: FlaskClient, people: SimpleNamespace, url: str, headers: dict[str, str]
) -> None:
    carried = client.get(url, headers=headers).headers
    assert carried["Cache-Control"] == "no-store"
    assert "HX-Request" in carried["Vary"]
    assert carried["X-Content-Type-Options"] == "nosniff"
    assert carried["Referrer-Policy"] == "same-origin"
    assert carried["Cross-Origin-Opener-Policy"] == carried["Cross-Origin-Resource-Policy"] == "same-origin"
    assert re.fullmatch("[0-9a-f]{12}", carried["X-Request-Id"])
    policy = carried["Content-Security-Policy"]
    assert "unsafe" not in policy
    for rule in ("default-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"):
        assert rule in policy


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(
    client: FlaskClient, people: SimpleNamespace
) -> None:
    Browser(client).log_in("anne@grandlarge.example")
    cookie = client.get_cookie("session")
    assert cookie.http_only
    assert cookie.same_site == "Lax"


# static files


@pytest.fixture
def files(client: FlaskClient) -> list[str]:
    """The addresses of the static files that a page names."""
    return re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get("/connexion").text)


def test_a_page_names_a_stylesheet_an_icon_and_htmx_by_their_content(
    client: FlaskClient, files: list[str]
) -> None:
    assert sorted(re.sub(r"-[0-9a-f]{12}", "", name) for name in files) == [
        "/static/app.css", "/static/htmx.min.js", "/static/icon.svg"
    ]  # fmt: skip
    for name in files:
        answer = client.get(name)
        assert hashlib.sha256(answer.data).hexdigest()[:12] in name
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_static_files_travel_compressed(client: FlaskClient, files: list[str]) -> None:
    for name in [name for name in files if not name.endswith("svg")]:
        answer = client.get(name, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(answer.data) == client.get(name).data


def test_htmx_is_the_file_of_its_wheel_unchanged(client: FlaskClient, files: list[str]) -> None:
    content = client.get(next(name for name in files if "htmx" in name)).data
    assert b'version:"2.0.3"' in content
    assert hashlib.sha256(content).hexdigest().startswith("491955cd1810747d")


def test_the_stylesheet_stays_small(client: FlaskClient, files: list[str]) -> None:
    sheet = client.get(next(name for name in files if name.endswith("css"))).data
    assert len(sheet) < 14_000
    assert b"@import" not in sheet
    assert b"url(" not in sheet


def test_the_icon_is_an_svg(client: FlaskClient, files: list[str]) -> None:
    answer = client.get(next(name for name in files if name.endswith("svg")))
    assert answer.mimetype == "image/svg+xml"


@pytest.mark.parametrize("name", ["/static/app.css", "/static/../harmattan.db", "/static/%2e%2e/secret_key"])
def test_nothing_else_of_the_instance_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(name).status_code == 404


def test_the_operator_may_give_a_newer_htmx(tmp_path: Path, new_app: Callable[..., Flask]) -> None:
    newer = tmp_path / "htmx-2.0.9.min.js"
    newer.write_text("// newer")
    app = new_app(HTMX_FILE=str(newer))
    assert "/static/htmx-2.0.9.min-" in app.test_client().get("/connexion").text
