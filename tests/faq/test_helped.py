"""« Cette réponse vous a-t-elle aidé ? » and « Cela répond à ma question »: counted, nobody kept (R104)."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.conversations.models import Thread
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.faq import helped
from harmattan.faq.models import AnswerCount
from harmattan.faq.rules import ORDER_STATE
from tests import cast
from tests.browser import Browser

KARIM, MARIE = "karim@grandlarge.example", "marie@equipe.example"
Counts = dict[tuple[str, str], dict[str, int]]


def counts() -> Counts:
    found: Counts = {}
    for row in db.session.scalars(sa.select(AnswerCount)):
        found.setdefault((row.question, row.subject), {})[row.said.value] = row.count
    return found


def vote(browser: Browser, answer: str, question: str = "avoirs") -> Browser:
    return browser.post("/faq/avis", question=question, aide=answer)


@pytest.mark.parametrize(
    ("answer", "said", "thanks"),
    [("oui", "helped", "cette réponse suffit"), ("non", "no_help", "Poser la question à un service")],
)
def test_a_visitor_says_once_whether_an_answer_helped(
    browser: Browser, answer: str, said: str, thanks: str
) -> None:
    browser.open("/faq").open("/faq?question=avoirs")
    browser.submit(
        "/faq/avis", button="Oui , cette réponse m'a aidé : Mes avoirs sont-ils déduits de ce que je dois ?"
    )
    assert counts() == {("avoirs", ""): {"shown": 1, "helped": 1}}
    assert "cette réponse suffit" in browser.text
    assert browser.reloaded()
    vote(browser, answer, "frais-de-port")
    vote(browser, answer, "frais-de-port")
    assert counts()["frais-de-port", ""] == {"shown": 1, said: 1}
    assert thanks in browser.text


def test_what_did_not_help_leads_to_the_service_that_answers_it(browser: Browser) -> None:
    browser.open("/faq?question=retourner-des-livres")
    vote(browser, "non", "retourner-des-livres")
    assert browser.page.find("a", href="/contact?objet=retours")


def test_nothing_of_who_answers_is_kept(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in(KARIM).open("/faq?question=avoirs")
    vote(browser, "oui")
    assert {column.name for column in AnswerCount.__table__.columns} == {
        "day", "question", "subject", "said", "count",
    }  # fmt: skip
    assert {row.day for row in db.session.scalars(sa.select(AnswerCount))} == {clock.today()}


@pytest.mark.parametrize(
    ("question", "answer", "status"), [("inconnue", "oui", 404), ("avoirs", "peut-être", 400)]
)
def test_a_made_up_vote_is_no_vote(browser: Browser, question: str, answer: str, status: int) -> None:
    browser.open("/faq")
    assert vote(browser, answer, question).status == status
    assert counts() == {}


def test_a_network_does_not_press_without_end(app: Flask, new_browser: Callable[..., Browser]) -> None:
    for _ in range(helped.OF_A_NETWORK):
        vote(new_browser().open("/faq"), "oui")
    late = vote(new_browser().open("/faq"), "oui")
    assert late.status == 429
    assert counts()["avoirs", ""]["helped"] == helped.OF_A_NETWORK
    seen = new_browser().open("/faq").open("/faq?question=avoirs")
    assert seen.status == 200
    assert counts()["avoirs", ""]["shown"] == helped.OF_A_NETWORK


def test_a_robot_without_cookies_and_our_own_services_count_for_nothing(
    app: Flask, browser: Browser, people: SimpleNamespace
) -> None:
    app.test_client(use_cookies=False).get("/faq?question=avoirs")
    browser.log_in(MARIE).open("/faq?question=avoirs")
    assert "vous a-t-elle aidé" not in browser.text
    browser.htmx = False
    vote(browser, "oui")
    assert counts() == {}


def test_the_contact_form_proposes_what_is_known_and_hears_that_it_does(
    browser: Browser, people: SimpleNamespace
) -> None:
    reference = cast.order(people.karim, number=1).reference
    db.session.commit()
    browser.log_in(KARIM).open(f"/contact?objet=suivi&commande={reference}")
    assert counts() == {(ORDER_STATE, "suivi"): {"shown": 1}}
    browser.submit("/contact", button="Cela répond à ma question : voir la commande", message="Trop tard ?")
    assert browser.url == f"/commandes/{reference}"
    assert "n'a pas été envoyée" in browser.text
    assert counts() == {(ORDER_STATE, "suivi"): {"shown": 1, "helped": 1}}
    assert db.session.scalar(sa.select(Thread.id)) is None


def test_the_button_alone_is_enough_as_its_own_form_sends_it(
    browser: Browser, people: SimpleNamespace
) -> None:
    browser.open("/contact?objet=retours")
    button = browser.page.find("button", attrs={"name": "repondu"})
    assert browser.page.find("form", id=button["form"])["action"] == "/contact"
    browser.post("/contact", repondu=button["value"])
    assert browser.url == "/contact"
    assert counts() == {("retourner-des-livres", "retours"): {"shown": 1, "helped": 1}}


def test_a_message_sent_all_the_same_is_counted_under_its_question(
    browser: Browser, people: SimpleNamespace
) -> None:
    browser.log_in(KARIM).open("/contact?objet=lcr").submit("/contact", message="Je paie par LCR ?")
    assert counts() == {("payer-une-facture", "lcr"): {"shown": 1, "written": 1}}


def test_whoever_writes_after_all_was_not_helped(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in(KARIM).open("/contact?objet=lcr").post("/contact", repondu="lcr")
    assert counts()["payer-une-facture", "lcr"] == {"shown": 1, "helped": 1}
    browser.open("/contact?objet=lcr").submit("/contact", message="Je paie par LCR ?")
    browser.open("/contact?objet=lcr").post("/contact", repondu="lcr")
    assert counts()["payer-une-facture", "lcr"] == {"shown": 1, "helped": 0, "written": 1}


def test_of_yes_and_no_the_last_word_counts(browser: Browser) -> None:
    browser.open("/faq?question=avoirs")
    for answer in ("oui", "non", "non"):
        vote(browser, answer)
    assert counts()["avoirs", ""] == {"shown": 1, "helped": 0, "no_help": 1}


def test_another_day_counts_for_itself(browser: Browser) -> None:
    browser.open("/faq").open("/faq?question=avoirs")
    vote(browser, "oui")
    clock.start_at(cast.MONDAY + dt.timedelta(days=1))
    browser.open("/faq?question=avoirs")
    vote(browser, "non")
    rows = db.session.scalars(sa.select(AnswerCount).where(AnswerCount.day == clock.today()))
    assert {row.said.value: row.count for row in rows} == {"shown": 1, "no_help": 1}


@pytest.mark.parametrize("word", ["", "inconnu", "suivi CMD-2026-999999", "x y z"])
def test_a_made_up_answer_sends_and_breaks_nothing(
    browser: Browser, people: SimpleNamespace, word: str
) -> None:
    browser.log_in(KARIM).open("/contact")
    assert browser.post("/contact", repondu=word).status == 200
    assert db.session.scalar(sa.select(Thread.id)) is None


def test_a_subject_chosen_with_htmx_brings_the_form_of_its_button(
    new_browser: Callable[..., Browser],
) -> None:
    page = new_browser().open("/contact?objet=suivi").page
    radio = page.select_one("#objet-lcr")
    assert radio["data-hx-select-oob"] == "#answered"
    assert page.select_one("#answered #answered-form")


def test_old_counts_are_forgotten(app: Flask) -> None:
    days = {"day": clock.today() - dt.timedelta(days=401)}, {"day": clock.today()}
    for day in days:
        db.session.add(AnswerCount(**day, question="avoirs", subject="", said="shown", count=1))
    helped.forget_old()
    assert [row.day for row in db.session.scalars(sa.select(AnswerCount))] == [clock.today()]


@pytest.mark.parametrize("path", ["/faq", "/contact?objet=retours"])
def test_counts_stand_on_both_databases(any_app: Flask, path: str) -> None:
    cast.everybody()
    db.session.commit()
    for _ in range(2):
        browser = Browser(any_app.test_client()).open("/faq").open(path)
        vote(browser, "oui", "retourner-des-livres")
    assert counts()["retourner-des-livres", ""] == {"shown": 2, "helped": 2}
