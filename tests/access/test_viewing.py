"""« Voir comme le client »: the bookseller's own pages, to read, within what the looking service may read."""

import datetime as dt
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.access import sessions
from harmattan.contact import service as contact
from harmattan.contact.rules import Subject
from harmattan.conversations import service as conversations
from harmattan.conversations.attachments import NewFile
from harmattan.conversations.models import Thread
from harmattan.conversations.service import Writer
from harmattan.core import clock
from harmattan.core.audit import AuditEntry
from harmattan.core.extensions import db
from tests import cast
from tests.browser import Browser
from tests.site.scene import crawl

MARIE, HUGO, INES, ROOT = (f"{name}@equipe.example" for name in ("marie", "hugo", "ines", "root"))
NewBrowser = Callable[..., Browser]


def look(browser: Browser, target: Any, email: str = MARIE) -> Browser:
    """Log in as staff and look as this bookseller."""
    page = f"/equipe/acces/comptes/{target.account.number}/{target.key}"
    return browser.log_in(email).open(page).submit(f"{page}/vue")


def views() -> list[tuple[str, str, str]]:
    acts = sa.select(AuditEntry).where(AuditEntry.action.endswith("_view")).order_by(AuditEntry.id)
    return [(each.action, each.actor, each.subject) for each in db.session.scalars(acts)]


def messages(by: Any) -> dict[Subject, Thread]:
    """One of each service, with a file."""
    file = NewFile("rib.txt", "text/plain", b"IBAN")
    subjects = (Subject.QUOTE, Subject.TRACKING, Subject.LCR)
    threads = {
        subject: contact.send(Writer.of(by), subject, f"CANARI-{subject.value}", files=[file])
        for subject in subjects
    }
    db.session.commit()
    return threads


def file_of(thread: Thread) -> str:
    return f"/messages/pieces/{thread.messages[0].attachments[0].key}"


def test_staff_see_the_pages_of_the_chosen_person_with_a_way_out_on_each(
    browser: Browser, people: SimpleNamespace
) -> None:
    look(browser, people.anne)
    assert browser.url == "/"
    assert "Bonjour, Librairie Le Grand Large" in browser.text
    seen = crawl(browser.client, "/")
    assert {page.url for page in seen} >= {"/", "/panier", "/commandes", "/compte", "/compte/utilisateurs"}
    for page in seen:
        assert page.status == 200, page.url
        if page.html:
            assert "Vous voyez l’espace comme <strong>Anne Le Goff</strong>" in page.html, page.url
    browser.open("/commandes").submit("/vue/fin")
    assert browser.url == "/equipe/acces/comptes/104512"
    assert browser.page.find(id="viewing") is None


def test_the_pages_are_those_that_the_person_sees(people: SimpleNamespace, new_browser: NewBrowser) -> None:
    cast.order(people.karim, (cast.title(), 2))
    db.session.commit()
    karim, marie = new_browser().log_in(people.karim.email), look(new_browser(), people.karim)
    for url in ("/", "/commandes", "/commandes/CMD-2026-000001", "/catalogue", "/compte", "/panier"):
        theirs, ours = (
            re.sub(r'name="(csrf_token|once)"[^>]*', "", str(each.open(url).main()))
            for each in (karim, marie)
        )
        if url == "/compte":
            personal = r'<li><a href="/compte/(?:securite|courriels)">[^<]*</a></li>'
            theirs = re.sub(personal, "", theirs)
        assert re.sub(r"\s+", "", ours) == re.sub(r"\s+", "", theirs), url
    assert marie.open("/documents").status == karim.open("/documents").status


def test_nothing_is_done_in_the_persons_name(app: Flask, browser: Browser, people: SimpleNamespace) -> None:
    look(browser, people.anne).open("/panier")
    rules = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    urls = {re.sub(r"<int:\w+>", "1", re.sub(r"<any\((\w+).*?>", r"\1", rule.rule)) for rule in rules}
    for url in sorted(re.sub(r"<[^>]+>", "x", url) for url in urls - {"/vue/fin", "/deconnexion"}):
        browser.post(url, isbn="9782343000015")
        assert browser.status == 403, url
        assert "rien ne se fait à sa place" in browser.response.text.replace("\u00a0", " "), url
    assert db.session.scalar(sa.text("SELECT count(*) FROM cart_lines")) == 0


def test_looking_changes_no_row(browser: Browser, people: SimpleNamespace) -> None:
    thread = messages(people.anne)[Subject.QUOTE]
    conversations.answer(thread, people.marie, "Oui.", thread.version)
    db.session.commit()
    look(browser, people.anne)
    before = everything()
    crawl(browser.client, "/")
    browser.open(f"/messages/{thread.reference}")
    assert browser.status == 200
    assert everything() == before


def everything() -> dict[str, list[Any]]:
    tables = [table for table in db.metadata.sorted_tables if table.name != "throttle_counts"]
    return {table.name: list(db.session.execute(sa.select(table))) for table in tables}


def test_start_and_end_are_in_the_journal_of_the_account(
    browser: Browser, people: SimpleNamespace, new_browser: NewBrowser
) -> None:
    look(browser, people.karim).submit("/vue/fin")
    assert views() == [
        ("access.start_view", "Marie Duval", people.karim.email),
        ("access.end_view", "Marie Duval", people.karim.email),
    ]
    acts = new_browser().log_in(people.anne.email).open("/compte/journal").text
    assert "Marie Duval Espace regardé par nos services karim@grandlarge.example" in acts


@pytest.mark.parametrize("way", ["log out", "forgotten"])
def test_the_end_is_noted_however_the_session_ends(
    browser: Browser, people: SimpleNamespace, way: str
) -> None:
    look(browser, people.anne)
    if way == "log out":
        browser.submit("/deconnexion")
    else:
        clock.start_at(cast.MONDAY + dt.timedelta(hours=21))
        sessions.forget_old()
    assert [action for action, *_ in views()] == ["access.start_view", "access.end_view"]


def test_it_lasts_no_longer_than_the_session_of_staff(browser: Browser, people: SimpleNamespace) -> None:
    look(browser, people.anne)
    clock.start_at(cast.MONDAY + dt.timedelta(minutes=31))
    assert browser.open("/commandes").url.startswith("/connexion")


def test_the_persons_own_secrets_stay_closed(browser: Browser, people: SimpleNamespace) -> None:
    look(browser, people.anne)
    for url in ("/compte/securite", "/compte/sessions"):
        assert browser.open(url).status == 403
    assert "Cette page n'est pas ouverte ici" in browser.text
    assert browser.open("/equipe").status == 403


@pytest.mark.parametrize(("email", "status"), [(MARIE, 200), (HUGO, 403), (INES, 403)])
def test_users_and_rights_are_seen_by_sales_alone(
    browser: Browser, people: SimpleNamespace, email: str, status: int
) -> None:
    look(browser, people.anne, email)
    assert browser.open("/compte/utilisateurs").status == status
    assert browser.open("/compte/journal").status == status


def test_a_right_that_the_person_lacks_is_lacking(browser: Browser, people: SimpleNamespace) -> None:
    look(browser, people.lucie)
    assert browser.open("/panier").status == 403
    assert browser.open("/commandes").status == 403


@pytest.mark.parametrize(
    ("email", "subject"), [(MARIE, Subject.QUOTE), (HUGO, Subject.TRACKING), (INES, Subject.LCR)]
)
def test_each_service_sees_the_messages_of_its_own_queue_alone(
    browser: Browser, people: SimpleNamespace, email: str, subject: Subject
) -> None:
    threads = messages(people.anne)
    look(browser, people.anne, email)
    everything_said = "".join(page.html for page in crawl(browser.client, "/"))
    for each, thread in threads.items():
        seen = each is subject
        assert browser.open(f"/messages/{thread.reference}").status == (200 if seen else 404)
        assert browser.client.get(file_of(thread)).status_code == (200 if seen else 404)
        assert (f"CANARI-{each.value}" in everything_said) is seen


def test_bank_details_that_sales_took_over_stay_closed_to_them(
    browser: Browser, people: SimpleNamespace
) -> None:
    thread = messages(people.anne)[Subject.LCR]
    thread.taken_by_id = people.marie.id
    db.session.commit()
    look(browser, people.anne)
    assert browser.open(f"/messages/{thread.reference}").status == 200
    assert browser.client.get(file_of(thread)).status_code == 403


def test_whoever_cannot_log_in_cannot_be_looked_at(browser: Browser, people: SimpleNamespace) -> None:
    people.karim.disabled_at = clock.now()
    page = f"/equipe/acces/comptes/104512/{people.karim.key}"
    browser.log_in(MARIE).open(page)
    assert browser.page.find("form", action=f"{page}/vue") is None
    assert browser.post(f"{page}/vue").status == 409
    assert views() == []


def test_settings_do_not_look(browser: Browser, people: SimpleNamespace) -> None:
    page = f"/equipe/acces/comptes/104512/{people.karim.key}"
    browser.log_in(ROOT).open(page)
    assert browser.page.find("form", action=f"{page}/vue") is None
    assert browser.post(f"{page}/vue").status == 403


def test_the_way_out_leads_whoever_does_not_look_home(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in(people.anne.email)
    assert browser.open("/vue/fin").url == "/"
    assert browser.post("/vue/fin").url == "/"
    assert views() == []
