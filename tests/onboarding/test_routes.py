"""Journeys J1 (first access) and J2 (one more user), plain and with HTMX."""

import datetime as dt
import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from harmattan.access.models import User
from harmattan.access.rules import Right
from harmattan.conversations.models import Thread
from harmattan.core import clock, jobs
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.onboarding.models import AccessRequest
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.browser import Browser

CHOSEN = "quatre phares sous la marée"
EVA = {"number": "104800", "last_name": "Tanguy", "first_name": "Eva", "email": "eva@x.example"}
ZOE = {"number": "104512", "last_name": "Prat", "first_name": "Zoé", "email": "zoe@x.example"}


def _mails(kind: str = "") -> list[OutboxMessage]:
    found = db.session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id)).all()
    return [mail for mail in found if kind in ("", mail.kind)]


def _ask(browser: Browser, person: dict[str, str]) -> str:
    """Send the form and let the worker do its part; returns the path of the last link mailed."""
    browser.open("/acces").submit("/acces", password=CHOSEN, **person)
    assert browser.url == "/acces/envoyee", browser.text
    jobs.run_due()
    return _last_link()


def _last_link() -> str:
    links = [re.search(r"http://[^/]+(/acces/\S+)", mail.body) for mail in _mails()]
    return next((link[1] for link in reversed(links) if link), "")


def _at(days: float = 0, hours: float = 0) -> None:
    clock.start_at(cast.MONDAY + dt.timedelta(days=days, hours=hours))
    jobs.run_due()


def _logs_in(browser: Browser, email: str) -> bool:
    browser.open("/connexion").submit("/connexion", email=email, password=CHOSEN)
    return browser.url == "/"


def test_the_log_in_page_leads_to_the_request(browser: Browser, people: SimpleNamespace) -> None:
    link = browser.open("/connexion").page.find("a", string="Demande d’accès à l’espace client")
    assert link["href"] == "/acces"
    assert browser.open("/acces").page.find("a", string="Je ne suis pas client")


@pytest.mark.parametrize("missing", ["number", "last_name", "first_name", "email", "password"])
def test_each_missing_field_has_its_own_message_and_the_rest_is_kept(
    browser: Browser, people: SimpleNamespace, missing: str
) -> None:
    browser.open("/acces").submit("/acces", **(EVA | {"password": CHOSEN} | {missing: ""}))
    assert browser.status == 422
    assert len(browser.faults()) == 1
    if missing != "last_name":
        assert browser.page.find(id="last_name")["value"] == "Tanguy"


def test_a_first_access_is_confirmed_from_the_address_on_file(
    browser: Browser, people: SimpleNamespace
) -> None:
    link = _ask(browser, EVA)
    assert [mail.recipient for mail in _mails()] == ["compta@petitport.example"]
    assert not _logs_in(browser, "eva@x.example")
    assert browser.faults() == ["Vérifiez l'adresse e-mail et le mot de passe"]
    for _ in range(3):
        browser.open(link)
    browser.client.head(link)
    assert "Eva Tanguy" in browser.text
    assert "23 novembre 2026, 10 h" in browser.text
    browser.submit(f"{link}/activer")
    assert _logs_in(browser, "eva@x.example")
    eva = db.session.scalar(sa.select(User).where(User.email == "eva@x.example"))
    assert eva.is_principal
    browser.log_out().open(link)
    assert browser.status == 410
    assert "Cet accès est déjà activé le 23/11/2026" in browser.text


def test_an_unknown_account_number_reads_the_same_and_leaves_nothing(
    browser: Browser, people: SimpleNamespace
) -> None:
    _ask(browser, EVA)
    known = browser.text
    mails, requests = len(_mails()), db.session.scalar(sa.select(sa.func.count(AccessRequest.id)))
    _ask(browser, EVA | {"number": "999999"})
    assert browser.text == known
    assert len(_mails()) == mails
    assert db.session.scalar(sa.select(sa.func.count(AccessRequest.id))) == requests


def test_it_was_not_me_kills_the_password_and_tells_sales(browser: Browser, people: SimpleNamespace) -> None:
    link = _ask(browser, EVA)
    browser.open(link).submit(f"{link}/ce-n-est-pas-moi")
    assert "n'ouvrira jamais rien" in browser.text
    browser.open("/connexion").post(f"{link}/activer")
    assert browser.status == 410
    assert not _logs_in(browser, "eva@x.example")
    told = db.session.scalars(sa.select(Thread)).one()
    assert told.service is Service.SALES


def test_after_48_hours_the_link_is_dead_and_can_be_sent_again(
    browser: Browser, people: SimpleNamespace
) -> None:
    link = _ask(browser, EVA)
    _at(hours=49)
    browser.open(link)
    assert "plus de 48 heures" in browser.text
    browser.post(f"{link}/activer")
    assert browser.status == 410
    browser.open(link).submit(f"{link}/renvoyer")
    assert len(_mails("access_first_access")) == 2
    fresh = _last_link()
    browser.open(fresh).submit(f"{fresh}/activer")
    assert _logs_in(browser, "eva@x.example")


def test_a_second_request_kills_the_first_link(browser: Browser, people: SimpleNamespace) -> None:
    first = _ask(browser, EVA)
    _ask(browser, EVA)
    assert browser.open(first).status == 410


def test_the_sixth_request_in_ten_minutes_is_refused(browser: Browser, people: SimpleNamespace) -> None:
    for _ in range(5):
        _ask(browser, EVA | {"number": "999999"})
    browser.open("/acces").submit("/acces", password=CHOSEN, **EVA)
    assert browser.status == 429
    assert _mails() == []


def test_a_colleague_is_let_in_by_the_principal_user(browser: Browser, people: SimpleNamespace) -> None:
    link = _ask(browser, ZOE | {"words": "Stagiaire au rayon jeunesse"})
    assert [mail.recipient for mail in _mails()] == [people.anne.email]
    assert browser.open(link).url.startswith("/connexion")
    browser.submit("/connexion", email=people.anne.email, password=cast.PASSWORD)
    assert browser.url == link
    assert "Stagiaire au rayon jeunesse" in browser.text
    browser.submit(f"{link}/accorder", rights=["orders"], ends_on="31/01/2027")
    assert browser.url == "/compte/utilisateurs"
    assert [mail.recipient for mail in _mails("access_granted")] == ["zoe@x.example"]
    browser.log_out()
    assert _logs_in(browser, "zoe@x.example")
    browser.log_out()
    clock.start_at(dt.datetime(2027, 2, 1, 9, 0, tzinfo=clock.PARIS))
    assert not _logs_in(browser, "zoe@x.example")
    assert browser.faults()[0].startswith("Cet accès est terminé")


def test_only_the_right_people_decide(
    browser: Browser, people: SimpleNamespace, new_browser: Callable[..., Browser]
) -> None:
    link = _ask(browser, ZOE)
    for person, status in ((people.karim, 403), (people.paul, 404), (people.marie, 403)):
        other = new_browser(browser.htmx).log_in(person.email)
        assert other.open(link).status == status
        other.open("/compte/securite")
        for act in ("accorder", "refuser"):
            assert other.post(f"{link}/{act}", rights=["orders"]).status == status


def test_a_second_answer_is_told_who_answered(browser: Browser, people: SimpleNamespace) -> None:
    link = _ask(browser, ZOE)
    browser.log_in(people.anne.email).open(link).submit(f"{link}/accorder", rights=["orders"])
    browser.post(f"{link}/accorder", rights=["documents"])
    assert browser.status == 410
    assert "Déjà traité par Anne Le Goff le 23/11/2026" in browser.text
    zoe = db.session.scalar(sa.select(User).where(User.email == "zoe@x.example"))
    assert zoe.rights == {Right.ORDERS}


def test_a_refusal_is_told_without_a_reason(browser: Browser, people: SimpleNamespace) -> None:
    link = _ask(browser, ZOE)
    browser.log_in(people.anne.email).open(link).submit(f"{link}/refuser")
    assert [mail.recipient for mail in _mails("access_refused")] == ["zoe@x.example"]
    browser.log_out()
    assert not _logs_in(browser, "zoe@x.example")


def test_a_request_without_answer_is_sent_again_then_handed_to_sales_then_expires(
    browser: Browser, people: SimpleNamespace
) -> None:
    _ask(browser, ZOE)
    _at(days=2, hours=1)
    assert len(_mails("access_colleague")) == 2
    _at(days=6, hours=1)
    assert db.session.scalars(sa.select(Thread)).all() == []
    _at(days=7, hours=1)
    assert db.session.scalars(sa.select(Thread)).one().service is Service.SALES
    _at(days=14, hours=1)
    assert {mail.recipient for mail in _mails("access_expired")} == {people.anne.email, "zoe@x.example"}
    browser.log_in(people.anne.email)
    assert browser.open(_last_link()).status == 410


def test_a_known_address_is_told_so_by_mail_and_nothing_shows(
    browser: Browser, people: SimpleNamespace
) -> None:
    _ask(browser, ZOE | {"email": people.karim.email})
    assert [(mail.kind, mail.recipient) for mail in _mails()] == [("access_already", people.karim.email)]


def test_a_forgotten_password_of_a_pending_request_explains_its_state(
    browser: Browser, people: SimpleNamespace
) -> None:
    _ask(browser, ZOE)
    browser.open("/mot-de-passe-oublie").submit("/mot-de-passe-oublie", email="zoe@x.example")
    jobs.run_due()
    assert [mail.recipient for mail in _mails("access_pending")] == ["zoe@x.example"]


def test_links_that_lead_nowhere_are_the_usual_404(browser: Browser, people: SimpleNamespace) -> None:
    assert browser.open("/acces/nulle-part").status == 404
