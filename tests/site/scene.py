"""The scene: the application after everything happened (`happenings.py`), its roles, and ways through it."""

import io
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from werkzeug.test import TestResponse

from harmattan.core.extensions import db
from tests.browser import Browser
from tests.site.happenings import Addresses

ROLES = {
    "visitor": None,
    "principal": "anne@grandlarge.example",
    "commandes": "karim@grandlarge.example",
    "documents": "lucie@grandlarge.example",
    "other": "paul@quais.example",
    "sales": "marie@equipe.example",
    "after_sales": "hugo@equipe.example",
    "accounting": "ines@equipe.example",
    "settings": "root@equipe.example",
}

STAFF = ("sales", "after_sales", "accounting", "settings")


@dataclass
class Scene:
    app: Flask
    addresses: Addresses

    def client(self, role: str) -> FlaskClient:
        """A browser of this role, logged in."""
        client = self.app.test_client()
        if email := ROLES[role]:
            Browser(client).log_in(email)
        return client

    def address(self, rule: str) -> str | None:
        """An address of this rule that exists for the Librairie Le Grand Large; None where none is known."""
        rule, _, which = short(rule).partition("#")
        begins = {key.partition("#")[0]: key for key in self.addresses if key.partition("#")[2] == which}
        known = [begin for begin in begins if f"{rule}/".startswith(f"{begin}/")]
        if known:
            begin = max(known, key=len)
            rule = self.addresses[begins[begin]] + rule.removeprefix(begin).replace(
                "<_act>", "prise"
            ).replace("<_decision>", "ecarter")
        return None if "<" in rule else rule

    def nowhere(self, rule: str) -> str:
        """An address of this rule that looks like it and is nobody's."""
        others = {}
        for begin, address in self.addresses.items():
            whose, slash, act = address.rpartition("/") if begin.endswith("<_act>") else (address, "", "")
            others[begin] = re.sub(r"[^/.]{1,6}(?=(\.[a-z]{3})?$)", "999999", whose, count=1) + slash + act
        return Scene(self.app, others).address(rule) or rule


def short(rule: str) -> str:
    """The rule with the bare names of its arguments."""
    return re.sub(r"<(?:[^<>]*:)?(\w+)>", r"<\1>", rule)


class Asker:
    """One browser that asks again and again, each time in the scene as it was at first."""

    def __init__(self, client: FlaskClient, instance: Path):
        self.client = client
        self.token = _token(self.client)
        self.database, self.kept = instance / "harmattan.db", instance / "kept.db"
        self._let_go()
        shutil.copy(self.database, self.kept)

    def ask(
        self, method: str, url: str, *, htmx: bool = False, follow: bool = False, **fields: Any
    ) -> TestResponse:
        cookies = dict(self.client._cookies)
        data = {"csrf_token": self.token} | fields if method == "POST" else None
        headers = {"HX-Request": "true"} if htmx else {}
        answer = self.client.open(url, method=method, data=data, headers=headers, follow_redirects=follow)
        self.client._cookies = cookies
        if method == "POST":
            self.rewind()
        return answer

    def rewind(self) -> None:
        """Make the scene again as it was at first."""
        self._let_go()
        shutil.copy(self.kept, self.database)

    def _let_go(self) -> None:
        """Close every connection, with which SQLite puts its journal back into the file."""
        db.session.remove()
        db.engine.dispose()


def _token(client: FlaskClient) -> str:
    """A token of this session, from the log-out of any page or from the log-in."""
    found = re.search(
        r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/faq").text + client.get("/connexion").text
    )
    assert found
    return found.group(1)


# going through the site


def words_of(answer: TestResponse) -> str:
    """What an answer says, whatever it is written in: HTML, other text, a PDF."""
    if answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF-"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    return answer.data.decode("utf-8", "replace")


@dataclass
class Page:
    url: str
    status: int
    html: str


def crawl(client: FlaskClient, start: str, limit: int = 250) -> list[Page]:
    """Every page of ours that links lead to, one per path and set of parameters."""
    waiting, seen, pages = [start], set(), []
    while waiting and len(pages) < limit:
        url = waiting.pop(0)
        key = (urlsplit(url).path, frozenset(part.split("=")[0] for part in urlsplit(url).query.split("&")))
        if key in seen:
            continue
        seen.add(key)
        answer = client.get(url, follow_redirects=True)
        html = answer.text if answer.mimetype == "text/html" else ""
        pages.append(Page(answer.request.full_path.rstrip("?"), answer.status_code, html))
        if answer.mimetype == "text/html":
            waiting += _links(answer.text, url)
    return pages


def _links(html: str, here: str) -> list[str]:
    found = []
    for link in BeautifulSoup(html, "html.parser").find_all("a", href=True):
        url = urldefrag(urljoin(here, link["href"])).url
        if url.startswith("/") and not url.startswith("/static/"):
            found.append(url)
    return found


def start_of(role: str) -> str:
    return "/equipe" if role in STAFF else "/"


class Walk:
    """A role's way through the scene: what links lead to, and every page that has an address."""

    def __init__(self, scene: Scene, role: str, instance: Path):
        client = scene.client(role)
        self.instance, self._cookies = instance, client._cookies
        self.linked = crawl(client, start_of(role))
        self.pages = [*self.linked, *_others(scene, client, {page.url for page in self.linked})]

    def browser(self, app: Flask) -> FlaskClient:
        """The browser that went there, with its session, in another application of the same instance."""
        client = app.test_client()
        client._cookies = self._cookies
        return client


def _others(scene: Scene, client: FlaskClient, known: set[str]) -> Iterator[Page]:
    for rule in scene.app.url_map.iter_rules():
        url = scene.address(rule.rule)
        if url and "GET" in (rule.methods or ()) and url not in known and not url.startswith("/demo"):
            answer = client.get(url, follow_redirects=True)
            html = answer.text if answer.mimetype == "text/html" else ""
            yield Page(answer.request.full_path.rstrip("?"), answer.status_code, html)
