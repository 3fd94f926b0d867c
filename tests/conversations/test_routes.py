"""The customer's messages, plain and with HTMX."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.conversations import scope, service
from harmattan.conversations.attachments import NewFile
from harmattan.conversations.models import Attachment, Message, Thread
from harmattan.conversations.rules import ThreadState
from harmattan.conversations.service import Writer
from harmattan.core import clock, database
from harmattan.core.extensions import db
from harmattan.core.once import OneTimeKey
from harmattan.core.services import Service
from harmattan.outbox import service as outbox
from tests import cast
from tests.browser import Browser

RIB = NewFile("rib.pdf", "application/pdf", b"%PDF-1.7 FR76")


def attached(thread: Thread) -> str:
    """The address of a thread's first file."""
    found = db.session.query(Attachment).join(Message).filter(Message.thread_id == thread.id).one()
    return f"/messages/pieces/{found.key}"


def test_the_list_says_state_service_and_when_an_answer_is_due(
    browser: Browser, people: SimpleNamespace
) -> None:
    thread = cast.thread(people.karim)
    browser.log_in("karim@grandlarge.example").open("/messages")
    assert thread.reference in browser.text
    assert "Service commercial" in browser.text
    assert "au plus tard le 24 novembre 2026, 10 h" in browser.text


def test_no_message_yet_says_where_to_write(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in("karim@grandlarge.example").open("/messages")
    assert "Aucun message" in browser.text
    assert browser.page.select('a[href="/contact"]')


def test_a_reply_joins_the_thread_and_opens_it_again(browser: Browser, people: SimpleNamespace) -> None:
    thread = cast.thread(people.karim)
    service.answer(thread, people.marie, "C’est fait.", thread.version, close=True)
    browser.log_in("karim@grandlarge.example").open(f"/messages/{thread.reference}")
    browser.submit(f"/messages/{thread.reference}", message="Et pour l’autre titre ?")
    assert browser.status == 200
    assert "Et pour l'autre titre ?" in browser.text
    assert browser.reloaded()
    assert db.session.get_one(Thread, thread.id).state is ThreadState.OPEN


def test_a_reply_sent_twice_is_said_once(browser: Browser, people: SimpleNamespace) -> None:
    thread = cast.thread(people.karim)
    browser.log_in("karim@grandlarge.example").open(f"/messages/{thread.reference}")
    once = browser.page.find(attrs={"name": "once"})["value"]
    for _ in range(2):
        browser.post(f"/messages/{thread.reference}", message="Une seule fois", once=once)
        assert browser.status == 200
    assert db.session.query(Message).filter_by(body="Une seule fois").count() == 1


def test_an_empty_reply_is_asked_again(browser: Browser, people: SimpleNamespace) -> None:
    thread = cast.thread(people.karim)
    browser.log_in("karim@grandlarge.example").open(f"/messages/{thread.reference}")
    browser.submit(f"/messages/{thread.reference}", message="  ")
    assert browser.status == 422
    assert browser.faults() == ["Écrivez votre réponse"]


def test_an_answer_to_read_comes_first_on_the_home_page(app: Flask, people: SimpleNamespace) -> None:
    answered = cast.thread(people.karim)
    service.answer(answered, people.marie, "Bien reçu.", answered.version)
    clock.start_at(clock.now() + dt.timedelta(hours=1))
    newer = cast.thread(people.karim)
    db.session.commit()
    assert scope.recent(people.karim, 2) == [answered, newer]
    answered.read_at = clock.now()
    assert scope.recent(people.karim, 2) == [newer, answered]


def test_a_new_answer_is_marked_until_it_is_read(browser: Browser, people: SimpleNamespace) -> None:
    thread = cast.thread(people.karim)
    service.answer(thread, people.marie, "Bien reçu.", thread.version)
    db.session.commit()
    browser.log_in("karim@grandlarge.example").open("/messages")
    assert "Nouvelle réponse" in browser.text
    browser.open(f"/messages/{thread.reference}").open("/messages")
    assert "Nouvelle réponse" not in browser.text


@pytest.mark.parametrize(
    ("email", "status"),
    [
        ("anne@grandlarge.example", 200),
        ("karim@grandlarge.example", 200),
        ("lucie@grandlarge.example", 403),
        ("paul@quais.example", 404),
        ("marie@equipe.example", 403),
    ],
)
def test_the_principal_reads_the_accounts_threads_the_others_their_own(
    email: str, status: int, browser: Browser, people: SimpleNamespace
) -> None:
    thread = cast.thread(people.karim)
    browser.log_in(email)
    assert browser.open(f"/messages/{thread.reference}").status == status
    browser.post(f"/messages/{thread.reference}", message="Moi aussi")
    assert browser.status == status
    assert (thread.reference in browser.open("/messages").text) is (status == 200)


def test_unknown_and_foreign_threads_read_the_same(browser: Browser, people: SimpleNamespace) -> None:
    thread = cast.thread(people.karim)
    browser.log_in("paul@quais.example")
    texts = []
    for reference in (thread.reference, "MSG-2026-999999"):
        browser.open(f"/messages/{reference}")
        assert browser.status == 404
        texts.append(browser.page.find("h1").get_text())
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    ("email", "status"),
    [
        ("anne@grandlarge.example", 200),
        ("lucie@grandlarge.example", 200),
        ("karim@grandlarge.example", 403),
        ("paul@quais.example", 404),
        ("ines@equipe.example", 200),
        ("marie@equipe.example", 403),
        ("hugo@equipe.example", 403),
        ("root@equipe.example", 403),
    ],
)
def test_bank_details_open_to_few(email: str, status: int, browser: Browser, people: SimpleNamespace) -> None:
    thread = cast.thread(people.karim, Service.ACCOUNTING, files=[RIB], bank_details=True)
    url = attached(thread)
    browser.log_in(email)
    if email.endswith("equipe.example"):
        url = f"/equipe{url}"
    assert browser.open(url).status == status


def test_a_file_is_saved_never_shown(browser: Browser, people: SimpleNamespace) -> None:
    file = NewFile('colis "été" <b>.pdf', "application/pdf", b"%PDF-1.7 colis")
    thread = cast.thread(people.karim, files=[file])
    browser.log_in("karim@grandlarge.example").open(attached(thread))
    headers = browser.response.headers
    assert headers["Content-Disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''colis%20%22%C3%A9t%C3%A9%22%20%3Cb%3E.pdf" in headers["Content-Disposition"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert browser.response.data == b"%PDF-1.7 colis"


def test_files_of_colleagues_other_shops_and_other_queues_stay_closed(
    new_browser: Callable[..., Browser], people: SimpleNamespace
) -> None:
    url = attached(cast.thread(people.karim, files=[RIB]))
    for email, address, status in (
        ("lucie@grandlarge.example", url, 403),
        ("paul@quais.example", url, 404),
        ("marie@equipe.example", f"/equipe{url}", 200),
        ("hugo@equipe.example", f"/equipe{url}", 404),
    ):
        assert new_browser().log_in(email).open(address).status == status
    assert new_browser().open(url).url.startswith("/connexion")


def visitor_thread() -> tuple[Thread, str]:
    thread = service.open_thread(
        Writer("Zoé Prat", "zoe@ailleurs.example"),
        Service.SALES,
        subject="acces",
        title="Accès",
        body="Bonjour",
    )
    token = service.give_visitor_link(thread)
    db.session.commit()
    return thread, token


def test_a_visitor_follows_and_completes_by_the_private_link(
    browser: Browser, people: SimpleNamespace
) -> None:
    thread, token = visitor_thread()
    browser.open(f"/messages/suivi/{token}")
    browser.submit(f"/messages/suivi/{token}", message="J’ajoute ceci", files={})
    assert browser.status == 200
    assert "J'ajoute ceci" in browser.text
    assert browser.reloaded()
    assert thread.visitor_token_hash != token
    kept = db.session.scalars(sa.select(OneTimeKey.result_url)).all()
    assert kept == [f"/messages/{thread.reference}"], "a private link is kept nowhere"


def test_a_wrong_private_link_is_a_404(browser: Browser, people: SimpleNamespace) -> None:
    _, token = visitor_thread()
    for wrong in ("nope", token[:-1], token.swapcase()):
        assert browser.open(f"/messages/suivi/{wrong}").status == 404
    assert browser.open(f"/messages/suivi/{token}/pieces/{'0' * 32}").status == 404


def test_mails_of_the_shop_are_read_by_their_recipient_and_the_principal(
    new_browser: Callable[..., Browser], people: SimpleNamespace
) -> None:
    thread = cast.thread(people.karim)
    service.answer(thread, people.marie, "Voici la réponse.", thread.version)
    db.session.commit()
    for email, status in (
        ("karim@grandlarge.example", 200),
        ("anne@grandlarge.example", 200),
        ("lucie@grandlarge.example", 403),
        ("paul@quais.example", 404),
    ):
        browser, reads = new_browser().log_in(email).open("/messages/courriels"), status == 200
        assert ("Réponse à votre message" in browser.text) is reads
        assert ("En attente d'envoi" in browser.text) is reads
        if reads:
            link = browser.page.select_one("tbody a")["href"]
            assert "Voici la réponse." in browser.open(link).text
        else:
            assert browser.open(link).status == status


def test_of_a_secret_mail_only_its_state_is_shown(browser: Browser, people: SimpleNamespace) -> None:
    thread = cast.thread(people.karim)
    outbox.queue(
        "message_received",
        people.karim.email,
        service=Service.SALES,
        account_id=people.karim.account_id,
        is_secret=True,
        thread=thread,
        token="CANARI",
    )
    db.session.commit()
    browser.log_in("karim@grandlarge.example").open("/messages/courriels")
    browser.open(browser.page.select_one("tbody a")["href"])
    assert browser.status == 200
    assert "CANARI" not in browser.text


def test_twenty_messages_an_hour_then_a_429_with_the_phone(browser: Browser, people: SimpleNamespace) -> None:
    thread = cast.thread(people.karim)
    browser.log_in("karim@grandlarge.example").open(f"/messages/{thread.reference}")
    database.writing()
    for _ in range(20):
        service.count_message(people.karim.id, "-")
    browser.submit(f"/messages/{thread.reference}", message="Le vingt et unième")
    assert browser.status == 429
    assert "01 40 46 79 20" in browser.text
    assert db.session.query(Message).count() == 1


def test_a_late_answer_is_owned_up_to(browser: Browser, people: SimpleNamespace) -> None:
    thread = cast.thread(people.karim)
    clock.start_at(cast.MONDAY + dt.timedelta(days=2))
    browser.log_in("karim@grandlarge.example").open(f"/messages/{thread.reference}")
    assert "elle est en retard" in browser.text
    assert "01 40 46 79 13" in browser.text


def test_the_list_goes_on_page_by_page(new_browser: Callable[..., Browser], people: SimpleNamespace) -> None:
    references = [cast.thread(people.karim).reference for _ in range(27)]
    browser = new_browser().log_in("karim@grandlarge.example").open("/messages")
    browser.open(browser.page.select_one("a[rel=next]")["href"])
    shown = [link["href"].rpartition("/")[2] for link in browser.page.select("tbody a")]
    assert shown == references[1::-1]
