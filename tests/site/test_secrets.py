"""What is another's does not exist: one 404 for it all, and no canary where it has no business (R72, J14)."""

import logging
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyotp
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask

from harmattan.access import recovery, second_factor
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.outbox.models import OutboxMessage
from tests.site.scene import STAFF, Asker, Scene, crawl, words_of
from tests.site.test_access_table import rows

GRAND_LARGE, QUAIS, VISITOR, NOTE, RIB = (
    f"CANARI-{word}" for word in ("GRANDLARGE", "QUAIS", "VISITEUR", "NOTE", "RIB")
)
REQUESTS = ("CANARI-104512", "CANARI-104800")
OUR_PHONE, THEIR_PHONE = "CANARI-TEL-GL", "CANARI-TEL-QUAIS"
"""What a shop wants on file is for all its people, and for no other shop."""
OF_SERVICE = {
    slug: (f"{GRAND_LARGE}-{slug}", f"{QUAIS}-{slug}") for slug in ("commercial", "sav", "comptabilite")
}
NOT_FOR = {
    "visitor": (GRAND_LARGE, QUAIS, NOTE, RIB, REQUESTS[0], OUR_PHONE, THEIR_PHONE),
    "principal": (QUAIS, NOTE, VISITOR, THEIR_PHONE),
    "commandes": (QUAIS, NOTE, VISITOR, RIB, REQUESTS[0], THEIR_PHONE),
    "documents": (GRAND_LARGE, QUAIS, NOTE, VISITOR, REQUESTS[0], THEIR_PHONE),
    "other": (GRAND_LARGE, NOTE, VISITOR, REQUESTS[0], OUR_PHONE),
    "sales": (*OF_SERVICE["sav"], *OF_SERVICE["comptabilite"], RIB, *REQUESTS),
    "after_sales": (*OF_SERVICE["commercial"], *OF_SERVICE["comptabilite"], VISITOR, RIB, *REQUESTS),
    "accounting": (*OF_SERVICE["commercial"], *OF_SERVICE["sav"], VISITOR, *REQUESTS),
    "settings": (RIB, *REQUESTS),
}
SEEN_BY = {
    "principal": (f"{GRAND_LARGE}-sav", RIB, REQUESTS[0]),
    "commandes": (f"{GRAND_LARGE}-sav",),
    "documents": (RIB,),
    "other": (f"{QUAIS}-sav",),
    "sales": (f"{QUAIS}-commercial", NOTE),
    "after_sales": (f"{QUAIS}-sav", NOTE),
    "accounting": (f"{QUAIS}-comptabilite", NOTE, RIB),
    "settings": (f"{QUAIS}-comptabilite", f"{GRAND_LARGE}-sav", NOTE, VISITOR),
}
PRIVATE_LINKS = ("/messages/suivi/", "/acces/", "/mot-de-passe-oublie/")
"""Whoever has such a link may read what it leads to."""


@pytest.mark.parametrize("role", NOT_FOR)
def test_no_page_or_fragment_shows_what_is_anothers(scene: Scene, role: str) -> None:
    client = scene.client(role)
    shown = {page.url: page.html for page in crawl(client, "/equipe" if role in STAFF else "/")}
    for rule in scene.app.url_map.iter_rules():
        url = scene.address(rule.rule)
        if (
            url
            and "GET" in (rule.methods or ())
            and (role == "principal" or not url.startswith(PRIVATE_LINKS))
        ):
            shown[url] = words_of(client.get(url))
            shown[f"{url} (HTMX)"] = words_of(client.get(url, headers={"HX-Request": "true"}))
    for url in (url for begin, url in scene.addresses.items() if "#" in begin):
        shown[url] = "" if url.startswith("/acces/") else words_of(client.get(url))
    if role == "principal":
        shown = {url: text for url, text in shown.items() if not url.startswith("/messages/suivi/")}
    leaks = [(url, canary) for url, text in shown.items() for canary in NOT_FOR[role] if canary in text]
    assert leaks == []
    everything = "".join(shown.values())
    assert [canary for canary in SEEN_BY.get(role, ()) if canary not in everything] == []


def test_no_mail_tells_anybody_what_is_anothers(scene: Scene) -> None:
    may_read = {
        "anne@grandlarge.example": {GRAND_LARGE, REQUESTS[0]},
        "karim@grandlarge.example": {GRAND_LARGE},
        "paul@quais.example": {QUAIS},
        "vic@visiteur.example": {VISITOR},
        "compta@petitport.example": {REQUESTS[1]},
    }
    mails = db.session.query(OutboxMessage).all()
    told = {mail.recipient: set() for mail in mails}
    for mail in mails:
        told[mail.recipient] |= set(re.findall(r"CANARI-[A-Z0-9]+", mail.subject + mail.body))
    assert {
        to: seen - may_read.get(to, set()) for to, seen in told.items() if seen - may_read.get(to, set())
    } == {}
    assert told["anne@grandlarge.example"], "a mail that carries a canary, so that this test can fail"


@pytest.mark.parametrize("role", ["other", "after_sales", "accounting"])
def test_anothers_and_nobodys_are_the_same_404(scene: Scene, role: str, tmp_path: Path) -> None:
    asker = Asker(scene.client(role), tmp_path)
    unknown = BeautifulSoup(asker.ask("GET", "/equipe/x" if role in STAFF else "/x").text, "html.parser").main
    compared = 0
    for method, rule, cells in rows():
        if cells[role] == "404" and not rule.startswith("/demo"):
            anothers = asker.ask(method, scene.address(rule) or "")
            nobodys = asker.ask(method, scene.nowhere(rule))
            assert without_what_changes(anothers.text) == without_what_changes(nobodys.text), rule
            here = BeautifulSoup(nobodys.text, "html.parser").main
            if rule.startswith("/equipe") == (role in STAFF):
                assert without_what_changes(str(here)) == without_what_changes(str(unknown)), rule
            compared += 1
    assert compared > 4


def without_what_changes(html: str) -> str:
    """The page but for its request id and its token."""
    html = re.sub(r'name="csrf_token"[^>]*>', "", html)
    return re.sub(r"\b[0-9a-f]{12}\b", "…", html)


@pytest.mark.parametrize("octet", ["%00", "%1F", "%7F", "a%00b"])
def test_a_control_character_makes_any_address_unknown(scene: Scene, octet: str) -> None:
    client = scene.client("principal")
    rules = {
        re.sub(r"<[^>]+>", octet, rule.rule) for rule in scene.app.url_map.iter_rules() if rule.arguments
    }
    asked = [rule for rule in rules if octet in rule]
    assert [url for url in asked if client.get(url).status_code != 404] == []


def test_no_secret_of_an_access_stays_in_the_database_or_reaches_the_logs(
    app: Flask, people: SimpleNamespace, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Temporary passwords, links and codes, once their mails are sent and the factor is in place."""
    caplog.set_level("DEBUG")
    monkeypatch.setattr(logging.getLogger("harmattan"), "propagate", True)
    app.config["STAFF_TOTP"] = True
    recovery.send({"email": people.anne.email})
    recovery.welcome(people.hugo, by="Root")
    second_factor.begin(people.marie)
    db.session.commit()
    secrets = set(re.findall(r"[\w-]{43}|(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}", " ".join(_bodies())))
    factor = second_factor.of(people.marie)
    secrets |= {factor.secret, *factor.offer.codes}
    assert len(secrets) == 2 + 1 + 1 + 8
    second_factor.confirm(people.marie, pyotp.TOTP(factor.secret).at(clock.now()))
    db.session.commit()
    app.test_cli_runner().invoke(args=["worker", "--once"])
    db.session.remove()
    kept = "\n".join(str(row) for table in db.metadata.sorted_tables for row in _raw(table.name))
    assert [secret for secret in secrets if secret in kept or secret in caplog.text] == []


def _bodies() -> list[str]:
    return list(db.session.scalars(sa.select(OutboxMessage.body)))


def _raw(table: str) -> list[Any]:
    return list(db.session.connection().exec_driver_sql(f"SELECT * FROM {table}"))
