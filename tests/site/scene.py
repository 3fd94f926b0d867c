"""A shop where something has happened everywhere, so that every page of every role has something to show."""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from urllib.parse import urldefrag, urljoin, urlsplit

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from harmattan.core.extensions import db
from tests import cast
from tests.browser import Browser

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
    people: SimpleNamespace
    titles: SimpleNamespace
    values: dict[str, str]
    """Rule -> an address of it that exists for the Librairie Le Grand Large."""

    def client(self, role: str) -> FlaskClient:
        """A browser of this role, logged in."""
        client = self.app.test_client()
        if email := ROLES[role]:
            Browser(client).log_in(email)
        return client

    def address(self, rule: Rule) -> str | None:
        """An address of this rule, or None where it has arguments and the scene has no value."""
        return self.values.get(rule.rule) if rule.arguments else rule.rule


def play(app: Flask, people: SimpleNamespace) -> Scene:
    """Everything that happened, by the pages themselves where they exist."""
    titles = cast.titles()
    cast.tariffs()
    db.session.commit()
    scene = Scene(app, people, titles, {})
    for happened in HAPPENINGS:
        happened(scene)
    return scene


def _catalogue(scene: Scene) -> None:
    scene.values["/catalogue/<isbn>"] = "/catalogue/9782343000015"


def _people(scene: Scene) -> None:
    anne = Browser(scene.client("principal")).open("/compte/utilisateurs")
    links = [str(link["href"]) for link in anne.main().select('a[href^="/compte/utilisateurs/"]')]
    karim, lucie = (next(url for url in links if name in anne.open(url).text) for name in ("Karim", "Lucie"))
    for rule in scene.app.url_map.iter_rules():
        if rule.rule.startswith("/compte/utilisateurs/<key>"):
            whose = lucie if rule.rule.endswith("principal") else karim
            scene.values[rule.rule] = rule.rule.replace("/compte/utilisateurs/<key>", whose)


HAPPENINGS: tuple[Callable[[Scene], None], ...] = (_catalogue, _people)


# going through the site


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
