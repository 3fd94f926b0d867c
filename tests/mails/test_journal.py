"""The mails that the portal sent: all of them to the shop, what failed to the staff, sent again (R107)."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from harmattan.conversations import service as conversations
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.jobs import WorkState
from harmattan.core.services import Service
from harmattan.outbox import service as outbox
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.browser import Browser

MARIE, HUGO, ANNE, KARIM = (
    *("marie@equipe.example", "hugo@equipe.example"),
    *("anne@grandlarge.example", "karim@grandlarge.example"),
)
LIST = "/equipe/courriels"


def sent(people: SimpleNamespace, to: str = KARIM, **facts: Any) -> OutboxMessage:
    about = {"service": Service.SALES, "account_id": people.grand_large.id, "user": people.karim}
    mail = outbox.queue("password_changed", to, **(about | facts))
    db.session.commit()
    return mail


def failed(people: SimpleNamespace, **facts: Any) -> OutboxMessage:
    mail = sent(people, **facts)
    mail.state, mail.error = WorkState.FAILED, "550 5.1.1 boîte inconnue"
    db.session.commit()
    return mail


def test_every_mail_can_be_read_page_after_page(browser: Browser, people: SimpleNamespace) -> None:
    for number in range(123):
        clock.start_at(clock.now() + dt.timedelta(seconds=number % 3))
        sent(people)
    browser.log_in(ANNE).open("/messages/courriels")
    seen = [link["href"] for link in browser.page.select("tbody a")]
    while more := browser.page.select_one("a[rel=next]"):
        browser.open(more["href"])
        seen += [link["href"] for link in browser.page.select("tbody a")]
    assert len(seen) == len(set(seen)) == 123
    assert browser.open("/messages/courriels?apres=inconnu").status == 200


def test_a_colleague_reads_their_own_alone(browser: Browser, people: SimpleNamespace) -> None:
    mine, annes = sent(people), sent(people, to=ANNE)
    browser.log_in(KARIM).open("/messages/courriels")
    assert [mine.key in str(browser.main()), annes.key in str(browser.main())] == [True, False]
    assert browser.open(f"/messages/courriels/{annes.key}").status == 403


def test_staff_see_first_what_did_not_arrive_and_why(browser: Browser, people: SimpleNamespace) -> None:
    bad, good, other = failed(people), sent(people), failed(people, service=Service.AFTER_SALES)
    browser.log_in(MARIE).open(LIST)
    page = str(browser.main())
    assert [bad.key in page, good.key in page, other.key in page] == [True, False, False]
    assert "550 5.1.1 boîte inconnue" in browser.text
    assert browser.page.select_one(".onglets [aria-current]").get_text() == "Non remis"
    assert good.key in str(browser.open(f"{LIST}?etat=en-attente").main())
    assert browser.open(f"{LIST}/{other.key}").status == 404


def test_mails_are_found_by_address_and_reference(browser: Browser, people: SimpleNamespace) -> None:
    mine, annes = sent(people, reference="CMD-2026-000007"), sent(people, to=ANNE)
    browser.log_in(MARIE)
    for words, found in (("anne@", annes), ("cmd-2026-000007", mine)):
        page = str(browser.open(f"{LIST}?etat=en-attente&q={words}").main())
        assert [one.key in page for one in (mine, annes)] == [one is found for one in (mine, annes)]
    assert "Aucun courriel de cet état" in browser.open(f"{LIST}?etat=en-attente&q=%25").text


def test_a_mail_is_sent_again_to_a_corrected_address_once(browser: Browser, people: SimpleNamespace) -> None:
    bad = failed(people)
    browser.log_in(MARIE).open(f"{LIST}/{bad.key}")
    form = {"destinataire": "juste@x.example"}
    once = browser.form(f"{LIST}/{bad.key}/renvoi").find(attrs={"name": "once"})["value"]
    browser.submit(f"{LIST}/{bad.key}/renvoi", **form)
    (again,) = db.session.query(OutboxMessage).filter_by(recipient="juste@x.example")
    assert browser.url == f"{LIST}/{again.key}"
    assert (again.body, again.message_id != bad.message_id) == (bad.body, True)
    db.session.refresh(bad)
    assert bad.state is WorkState.DONE
    assert "Renvoyé à juste@x.example par Marie Duval" in bad.remark
    browser.post(f"{LIST}/{bad.key}/renvoi", once=once, **form)
    assert db.session.query(OutboxMessage).filter_by(recipient="juste@x.example").count() == 1


@pytest.mark.parametrize("to", ["", "pas une adresse", "a@x.example\r\nBcc: b@x.example"])
def test_an_address_that_is_none_is_asked_again(to: str, browser: Browser, people: SimpleNamespace) -> None:
    bad = failed(people)
    browser.log_in(MARIE).open(f"{LIST}/{bad.key}").submit(f"{LIST}/{bad.key}/renvoi", destinataire=to)
    assert browser.status == 422
    assert db.session.query(OutboxMessage).count() == 1


def test_a_mail_that_carried_a_secret_is_not_sent_again(browser: Browser, people: SimpleNamespace) -> None:
    secret = failed(people, is_secret=True)
    browser.log_in(MARIE).open(f"{LIST}/{secret.key}")
    assert "il ne se renvoie pas" in browser.text
    browser.post(f"{LIST}/{secret.key}/renvoi", destinataire=KARIM, once="x")
    assert browser.status == 409
    assert db.session.query(OutboxMessage).count() == 1


def test_what_came_back_about_a_message_stands_beside_it(browser: Browser, people: SimpleNamespace) -> None:
    thread = cast.thread(people.karim)
    conversations.answer(thread, people.marie, "Voilà.", 1)
    (mail,) = db.session.query(OutboxMessage).filter_by(kind="message_answered")
    mail.state, mail.error = WorkState.FAILED, "550 5.1.1 boîte inconnue"
    db.session.commit()
    browser.log_in(MARIE).open(f"/equipe/messages/{thread.reference}")
    assert "n'est pas arrivé à karim@grandlarge.example : 550 5.1.1 boîte inconnue" in browser.text
