"""Mails that wait: each service decides about its own; nothing of them is rendered or read meanwhile."""

from types import SimpleNamespace

import pytest

from harmattan.conversations.models import Attachment, Message, Thread
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.mails.receiving import receive
from harmattan.mails.rules import MailState
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.browser import Browser
from tests.mails.letters import letter, taken_in, the_one, with_file

MARIE, HUGO, KARIM = "marie@equipe.example", "hugo@equipe.example", "karim@grandlarge.example"
LIST = "/equipe/courriels"


@pytest.fixture
def thread(people: SimpleNamespace) -> Thread:
    thread = cast.thread(people.karim)
    receive(
        letter("Texte du courriel", sender="Zoé <zoe@ailleurs.example>", subject=f"Re: {thread.reference}")
    )
    return thread


def address() -> str:
    return f"{LIST}/recus/{the_one().key}"


def test_it_waits_on_the_page_of_its_service_alone(browser: Browser, thread: Thread) -> None:
    browser.log_in(MARIE).open(LIST)
    assert "zoe@ailleurs.example" in browser.text
    assert thread.reference in browser.text
    assert "1 courriel reçu à placer" in browser.open("/equipe/messages").text
    browser.log_out().log_in(HUGO)
    assert "zoe@ailleurs.example" not in browser.open(LIST).text
    for path in ("", "/message", "/nouveau", "/ecarter"):
        assert browser.open(address() + path).status == 404
        browser.post(address() + path, numero=thread.reference, service="sales")
        assert browser.status in (404, 405)
    assert the_one().state is MailState.QUARANTINED


def test_the_customer_reads_nothing_of_it(browser: Browser, thread: Thread) -> None:
    browser.log_in(KARIM)
    for page in ("/", "/messages", f"/messages/{thread.reference}", "/messages/courriels"):
        assert "Texte du courriel" not in browser.open(page).response.text


def test_released_into_the_thread_it_names(browser: Browser, thread: Thread) -> None:
    browser.log_in(MARIE).open(address()).submit(f"{address()}/message")
    assert browser.url == f"/equipe/messages/{thread.reference}"
    assert "Texte du courriel" in browser.text
    assert "le lire en entier" in browser.text
    db.session.expire_all()
    mail = the_one()
    assert (mail.state, mail.decided_by, mail.octets) == (MailState.JOINED, "Marie Duval", None)
    assert thread.messages[-1].author_name == "Zoé"


@pytest.mark.parametrize("typed", ["msg 2026-{n}", "{n}", "MSG-2026-{n:06}"])
def test_the_number_is_read_as_people_type_it(typed: str, browser: Browser, thread: Thread) -> None:
    number = typed.format(n=int(thread.reference[-6:]))
    browser.log_in(MARIE).open(address()).submit(f"{address()}/message", numero=number)
    assert browser.url == f"/equipe/messages/{thread.reference}"


@pytest.mark.parametrize("typed", ["", "MSG-2026-999999", "bonjour", "other"])
def test_a_number_that_leads_nowhere_is_asked_again(
    typed: str, browser: Browser, people: SimpleNamespace, thread: Thread
) -> None:
    if typed == "other":
        typed = cast.thread(people.karim, Service.AFTER_SALES).reference
    browser.log_in(MARIE).open(address()).submit(f"{address()}/message", numero=typed)
    assert browser.status == 422
    assert len(browser.faults()) == 1
    assert db.session.query(Message).filter_by(by_mail=True).count() == 0


def test_released_as_a_new_message_of_a_service(browser: Browser, people: SimpleNamespace) -> None:
    receive(with_file("bon.pdf", b"%PDF-1.7", "commercial@harmattan.example"))
    browser.log_in(MARIE).open(address()).submit(f"{address()}/nouveau", service="after_sales")
    [made] = db.session.query(Thread)
    assert browser.url == LIST
    assert made.reference in browser.text
    assert (made.service, made.opened_by_id) == (Service.AFTER_SALES, people.karim.id)
    assert [file.name for file in db.session.query(Attachment)] == ["bon.pdf"]
    (sent,) = db.session.query(OutboxMessage).filter_by(kind="message_received")
    assert sent.recipient == KARIM


def test_a_stranger_gets_a_private_link(browser: Browser, thread: Thread) -> None:
    browser.log_in(MARIE).open(address()).submit(f"{address()}/nouveau", service="sales")
    (sent,) = db.session.query(OutboxMessage).filter_by(recipient="zoe@ailleurs.example")
    assert "/messages/suivi/" in sent.body
    assert sent.is_secret


def test_dropped_without_a_word(browser: Browser, thread: Thread) -> None:
    before = db.session.query(OutboxMessage).count()
    browser.log_in(MARIE).open(address()).submit(f"{address()}/ecarter")
    assert browser.url == LIST
    db.session.expire_all()
    assert the_one().state is MailState.DROPPED
    assert db.session.query(OutboxMessage).count() == before


def test_of_two_who_decide_the_second_is_told(browser: Browser, thread: Thread) -> None:
    browser.log_in(MARIE).open(address())
    other = Browser(browser.client.application.test_client()).log_in("root@equipe.example").open(address())
    other.submit(f"{address()}/ecarter")
    browser.submit(f"{address()}/message")
    assert browser.status == 409
    assert "Un collègue vient d'en décider" in browser.text
    assert db.session.query(Message).filter_by(by_mail=True).count() == 0


def test_hostile_mails_are_read_as_text(browser: Browser, people: SimpleNamespace) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}"
    receive(letter(attack, sender='"<b>x</b>" <x@ailleurs.example>', subject=attack))
    receive(with_file("<img src=x>.exe", b"MZ", "commercial@harmattan.example"))
    browser.log_in(MARIE)
    for url in (LIST, *(f"{LIST}/recus/{mail.key}" for mail in taken_in())):
        page = browser.open(url)
        assert not page.page.find_all("img")
        assert "alert(1)" not in "".join(str(script) for script in page.page.find_all("script"))
        assert "49" not in page.main().get_text()
