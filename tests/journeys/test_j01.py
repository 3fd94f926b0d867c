"""J1: first access of an existing account, from the form to the first log-in (R1–R12)."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from harmattan.access.models import User
from harmattan.conversations.models import Thread
from harmattan.core import jobs
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.onboarding.models import AccessRequest
from tests.browser import Browser
from tests.journeys.wanting_in import CHOSEN, EVA, ZOE, ask, at, last_link, logs_in, sent


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
    link = ask(browser, EVA)
    assert [mail.recipient for mail in sent()] == ["compta@petitport.example"]
    assert not logs_in(browser, "eva@x.example")
    assert browser.faults() == ["Vérifiez l'adresse e-mail et le mot de passe"]
    for _ in range(3):
        browser.open(link)
    browser.client.head(link)
    assert "Eva Tanguy" in browser.text
    assert "23 novembre 2026, 10 h" in browser.text
    browser.submit(f"{link}/activer")
    assert logs_in(browser, "eva@x.example")
    eva = db.session.scalar(sa.select(User).where(User.email == "eva@x.example"))
    assert eva.is_principal
    browser.log_out().open(link)
    assert browser.status == 410
    assert "Cet accès est déjà activé le 23/11/2026" in browser.text


def test_an_unknown_account_number_reads_the_same_and_leaves_nothing(
    browser: Browser, people: SimpleNamespace
) -> None:
    ask(browser, EVA)
    known = browser.text
    mails, requests = len(sent()), db.session.scalar(sa.select(sa.func.count(AccessRequest.id)))
    ask(browser, EVA | {"number": "999999"})
    assert browser.text == known
    assert len(sent()) == mails
    assert db.session.scalar(sa.select(sa.func.count(AccessRequest.id))) == requests


def test_it_was_not_me_kills_the_password_and_tells_sales(browser: Browser, people: SimpleNamespace) -> None:
    link = ask(browser, EVA)
    browser.open(link).submit(f"{link}/ce-n-est-pas-moi")
    assert "n'ouvrira jamais rien" in browser.text
    browser.open("/connexion").post(f"{link}/activer")
    assert browser.status == 410
    assert not logs_in(browser, "eva@x.example")
    told = db.session.scalars(sa.select(Thread)).one()
    assert told.service is Service.SALES


def test_after_48_hours_the_link_is_dead_and_can_be_sent_again(
    browser: Browser, people: SimpleNamespace
) -> None:
    link = ask(browser, EVA)
    at(hours=49)
    browser.open(link)
    assert "plus de 48 heures" in browser.text
    browser.post(f"{link}/activer")
    assert browser.status == 410
    browser.open(link).submit(f"{link}/renvoyer")
    assert len(sent("access_first_access")) == 2
    fresh = last_link()
    browser.open(fresh).submit(f"{fresh}/activer")
    assert logs_in(browser, "eva@x.example")


def test_a_second_request_kills_the_first_link(browser: Browser, people: SimpleNamespace) -> None:
    first = ask(browser, EVA)
    ask(browser, EVA)
    assert browser.open(first).status == 410


def test_the_sixth_request_in_ten_minutes_is_refused(browser: Browser, people: SimpleNamespace) -> None:
    for _ in range(5):
        ask(browser, EVA | {"number": "999999"})
    browser.open("/acces").submit("/acces", password=CHOSEN, **EVA)
    assert browser.status == 429
    assert sent() == []


def test_a_known_address_is_told_so_by_mail_and_nothing_shows(
    browser: Browser, people: SimpleNamespace
) -> None:
    ask(browser, ZOE | {"email": people.karim.email})
    assert [(mail.kind, mail.recipient) for mail in sent()] == [("access_already", people.karim.email)]


def test_a_forgotten_password_of_a_pending_request_explains_its_state(
    browser: Browser, people: SimpleNamespace
) -> None:
    ask(browser, ZOE)
    browser.open("/mot-de-passe-oublie").submit("/mot-de-passe-oublie", email="zoe@x.example")
    jobs.run_due()
    assert [mail.recipient for mail in sent("access_pending")] == ["zoe@x.example"]


def test_links_that_lead_nowhere_are_the_usual_404(browser: Browser, people: SimpleNamespace) -> None:
    assert browser.open("/acces/nulle-part").status == 404
