"""Which mails one wants: at once, in one mail each morning, or in the portal alone (issue 6)."""

from types import SimpleNamespace

import pytest
from flask import Flask

from harmattan.conversations import service as conversations
from harmattan.core.extensions import db
from harmattan.core.jobs import WorkState
from harmattan.mails import preferences
from harmattan.mails.preferences import TOPICS, Topic
from harmattan.outbox import digest
from harmattan.outbox import service as outbox
from harmattan.outbox.models import Delivery, OutboxMessage
from tests import cast
from tests.browser import Browser
from tests.core.test_database import in_threads

KARIM = "karim@grandlarge.example"


def answer(people: SimpleNamespace, text: str = "Voilà.") -> OutboxMessage:
    thread = cast.thread(people.karim)
    conversations.answer(thread, people.marie, text, 1)
    db.session.commit()
    return db.session.query(OutboxMessage).filter_by(kind="message_answered").all()[-1]


def digests() -> list[OutboxMessage]:
    return db.session.query(OutboxMessage).filter_by(kind="digest").all()


def test_the_choices_are_kept_and_shown(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in(KARIM).open("/compte/courriels")
    browser.submit("/compte/courriels", messages="digest", orders="portal")
    assert browser.status == 200
    browser.open("/compte/courriels")
    chosen = {field["value"] for field in browser.page.select("input[type=radio][checked]")}
    assert chosen == {"digest", "portal"}
    assert preferences.of(people.karim) == {Topic.MESSAGES: Delivery.DIGEST, Topic.ORDERS: Delivery.PORTAL}
    assert preferences.of(people.anne) == dict.fromkeys(Topic, Delivery.NOW)


@pytest.mark.parametrize("value", ["", "jamais", "now'--"])
def test_an_unknown_choice_is_asked_again(value: str, browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in(KARIM).open("/compte/courriels").submit("/compte/courriels", messages=value)
    assert browser.status == 422
    assert preferences.of(people.karim)[Topic.MESSAGES] is Delivery.NOW


def test_nothing_chosen_means_at_once(people: SimpleNamespace) -> None:
    assert answer(people).delivery is Delivery.NOW


def test_a_digest_gathers_what_was_written_and_goes_once(app: Flask, people: SimpleNamespace) -> None:
    preferences.choose(people.karim, {Topic.MESSAGES: Delivery.DIGEST})
    mails = [answer(people), answer(people, "Et ceci.")]
    while outbox.send_due():
        pass
    assert [mail.state for mail in mails] == [WorkState.WAITING] * 2
    digest.send_all()
    digest.send_all()
    (one,) = digests()
    assert one.recipient == KARIM
    assert "2 courriels" in one.subject.replace("\u00a0", " ")
    assert all(f"/messages/courriels/{mail.key}" in one.body for mail in mails)
    db.session.expire_all()
    assert [mail.state for mail in mails] == [WorkState.DONE] * 2


def test_two_workers_send_one_digest(app: Flask, people: SimpleNamespace) -> None:
    preferences.choose(people.karim, {Topic.MESSAGES: Delivery.DIGEST})
    answer(people)
    db.session.commit()
    in_threads(app, digest.send_all, count=3)
    assert len(digests()) == 1


def test_what_is_read_in_the_portal_alone_is_not_sent(browser: Browser, people: SimpleNamespace) -> None:
    preferences.choose(people.karim, {Topic.MESSAGES: Delivery.PORTAL})
    mail = answer(people)
    while outbox.send_due():
        pass
    digest.send_all()
    assert (mail.state, mail.sent_at, digests()) == (WorkState.DONE, None, [])
    browser.log_in(KARIM).open(f"/messages/courriels/{mail.key}")
    assert "Lisible ici seulement" in browser.text
    assert "Voilà." in browser.text


def test_secrets_and_confirmations_go_at_once_whatever_was_chosen(people: SimpleNamespace) -> None:
    preferences.choose(people.karim, dict.fromkeys(Topic, Delivery.PORTAL))
    for kind in (
        "password_changed",
        "message_received",
        "order_recorded",
        "order_changed",
        "password_recovery",
    ):
        assert preferences.delivery_of(kind, KARIM) is None
    assert preferences.delivery_of("message_answered", KARIM) is Delivery.PORTAL


def test_every_kind_that_is_a_matter_of_choice_exists(app: Flask) -> None:
    written = {name.removesuffix(".txt") for name in app.jinja_env.list_templates(["txt"])}
    assert {f"mail/{kind}" for kind in TOPICS} <= written
