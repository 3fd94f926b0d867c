"""The mailbox of the demonstration."""

from types import SimpleNamespace

import pytest
from flask import Flask

from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.outbox.models import OutboxMessage
from tests.browser import Browser


@pytest.fixture
def message(app: Flask) -> OutboxMessage:
    row = OutboxMessage(
        message_id="<abc123@harmattan.example>",
        kind="test",
        service=Service.SALES,
        recipient="anne@grandlarge.example",
        reply_to="commercial@harmattan.example",
        subject="Commande enregistrée",
        body="Bonjour,\n\nvoyez https://libraires.example/commandes/CMD-1 <b>",
    )
    db.session.add(row)
    db.session.commit()
    return row


def test_the_mail_sent_is_listed_and_read(app: Flask, browser: Browser, message: OutboxMessage) -> None:
    app.config["DEMO"] = True
    browser.open("/demo/courriels")
    assert "Commande enregistrée" in browser.text
    browser.open(browser.page.select_one("main table a")["href"])
    assert "anne@grandlarge.example" in browser.text
    assert browser.page.select_one('main a[href="https://libraires.example/commandes/CMD-1"]')
    assert "<b>" in browser.text


def test_an_empty_mailbox_says_what_will_fill_it(app: Flask, browser: Browser) -> None:
    app.config["DEMO"] = True
    assert "Aucun courriel" in browser.open("/demo/courriels").text


def test_an_unknown_message_is_a_404(app: Flask, browser: Browser, message: OutboxMessage) -> None:
    app.config["DEMO"] = True
    assert browser.open("/demo/courriels/%25").status == 404


def test_outside_the_demonstration_there_is_no_mailbox(
    browser: Browser, people: SimpleNamespace, message: OutboxMessage
) -> None:
    browser.log_in("root@equipe.example")
    assert browser.open("/demo/courriels").status == 404
    assert browser.open("/demo/courriels/abc123").status == 404
