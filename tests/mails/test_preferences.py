"""Which mails one wants: at once, in one mail each morning, or in the portal alone (issue 6)."""

import datetime as dt
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from harmattan.conversations import service as conversations
from harmattan.core import clock, jobs
from harmattan.core.extensions import db
from harmattan.core.jobs import WorkState
from harmattan.core.services import Service
from harmattan.mails import preferences
from harmattan.mails.preferences import BINDING, TO_OUR_SERVICES, TOPICS, Topic
from harmattan.outbox import digest, rendering
from harmattan.outbox import service as outbox
from harmattan.outbox.commands import work
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
    assert chosen == {"digest", "portal", "now"}
    now = dict.fromkeys(Topic, Delivery.NOW)
    chosen_now = {Topic.MESSAGES: Delivery.DIGEST, Topic.ORDERS: Delivery.PORTAL}
    assert preferences.of(people.karim) == now | chosen_now
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


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a mail says is no matter here."""
    monkeypatch.setattr(rendering, "text_of", lambda kind, **_: (kind, "Texte."))


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize("delivery", Delivery)
@pytest.mark.parametrize("kind", TOPICS)
def test_each_notice_and_reminder_goes_as_its_reader_chose(
    kind: str, delivery: Delivery, people: SimpleNamespace
) -> None:
    preferences.choose(people.karim, {TOPICS[kind]: delivery})
    ours, colleagues = (outbox.queue(kind, to, service=Service.SALES) for to in (KARIM, people.anne.email))
    assert (ours.delivery, colleagues.delivery) == (delivery, Delivery.NOW)
    assert (ours.state is WorkState.DONE) is (delivery is Delivery.PORTAL)


BOUND = [kind for kinds in BINDING.values() for kind in kinds]


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize("kind", BOUND)
def test_what_is_proof_security_or_a_question_goes_at_once_whatever_was_chosen(
    kind: str, people: SimpleNamespace
) -> None:
    preferences.choose(people.karim, dict.fromkeys(Topic, Delivery.PORTAL))
    assert outbox.queue(kind, KARIM, service=Service.SALES).delivery is Delivery.NOW


def test_every_mail_is_either_a_matter_of_choice_or_says_why_not(app: Flask) -> None:
    names = (Path(name).stem for name in app.jinja_env.list_templates(["txt"]) if name.startswith("mail/"))
    listed = [*TOPICS, *BOUND, *TO_OUR_SERVICES, "digest"]
    assert sorted(listed) == sorted(name for name in names if not name.startswith("_"))


def test_every_mail_of_choice_leads_to_the_page_where_one_chooses(app: Flask) -> None:
    texts = Path(app.root_path) / "templates" / "mail"
    assert [kind for kind in TOPICS if "mail/_choose.txt" not in (texts / f"{kind}.txt").read_text()] == []


def test_no_mail_is_written_past_the_outbox() -> None:
    sources = Path(preferences.__file__).parents[1].rglob("*.py")
    writers = [path.name for path in sources if re.search(r"(?<!class )OutboxMessage\(", path.read_text())]
    assert writers == ["service.py"]


def test_the_page_says_what_is_not_a_matter_of_choice(browser: Browser, people: SimpleNamespace) -> None:
    text = browser.log_in(KARIM).open("/compte/courriels").text
    assert "Ce qui part toujours, tout de suite" in text
    assert "factures, avoirs et relances" in text
    assert "mots de passe, accès, coordonnées, connexions" in text


def test_a_quote_that_ends_reminds_in_the_digest_of_the_same_morning(
    app: Flask, people: SimpleNamespace
) -> None:
    titles = cast.titles()
    cast.tariffs()
    quote = cast.quote(people.karim, (titles.t1, 60))
    cast.offer(quote, people.marie)
    preferences.choose(people.karim, {Topic.QUOTES: Delivery.DIGEST})
    db.session.commit()
    clock.start_at(cast.MONDAY + dt.timedelta(days=9, hours=-3))
    jobs.start_day()
    db.session.commit()
    while work():
        pass
    (one,) = digests()
    assert f"Devis {quote.reference} : plus que quelques jours" in one.body.replace("\u00a0", " ")


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
