"""The services' inboxes: who sees what, take, answer, note, hand on, close (J14)."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from harmattan.conversations import reply_address, service
from harmattan.conversations.models import InternalNote, Message, Thread
from harmattan.conversations.rules import ThreadState
from harmattan.core import clock
from harmattan.core.audit import AuditEntry
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.browser import Browser

CANARY = "CANARI-INTERNE"


def fresh(thread: Thread) -> Thread:
    db.session.refresh(thread)
    return thread


def mails(kind: str) -> list[OutboxMessage]:
    return db.session.query(OutboxMessage).filter_by(kind=kind).all()


@pytest.mark.parametrize(
    ("email", "slug", "status"),
    [
        ("marie@equipe.example", "commercial", 200),
        ("marie@equipe.example", "sav", 403),
        ("marie@equipe.example", "comptabilite", 403),
        ("hugo@equipe.example", "sav", 200),
        ("hugo@equipe.example", "commercial", 403),
        ("ines@equipe.example", "comptabilite", 200),
        ("ines@equipe.example", "commercial", 403),
        ("root@equipe.example", "commercial", 200),
        ("root@equipe.example", "comptabilite", 200),
        ("anne@grandlarge.example", "commercial", 403),
        ("root@equipe.example", "inconnu", 404),
    ],
)
def test_each_service_has_its_own_queue(
    email: str, slug: str, status: int, browser: Browser, people: SimpleNamespace
) -> None:
    assert browser.log_in(email).open(f"/equipe/messages/{slug}").status == status


@pytest.mark.parametrize(
    ("email", "status"),
    [
        ("marie@equipe.example", 200),
        ("root@equipe.example", 200),
        ("hugo@equipe.example", 404),
        ("ines@equipe.example", 404),
        ("anne@grandlarge.example", 403),
    ],
)
def test_a_thread_opens_to_its_service_alone(
    email: str, status: int, browser: Browser, people: SimpleNamespace
) -> None:
    thread = cast.thread(people.karim)
    url = f"/equipe/messages/{thread.reference}"
    browser.log_in(email)
    assert browser.open(url).status == status
    for act in ("prise", "reponse", "note", "service", "cloture"):
        assert browser.open(f"{url}/{act}").status == status
        if status != 200:
            browser.post(f"{url}/{act}", version="1", reponse="a", note="a", service="sales")
            assert browser.status == status
    assert fresh(thread).version == 1


def test_a_thread_taken_by_somebody_of_another_service_opens_to_that_person(
    browser: Browser, people: SimpleNamespace
) -> None:
    thread = cast.thread(people.karim)
    service.take(thread, people.ines, thread.version)
    db.session.commit()
    browser.log_in("ines@equipe.example").open("/equipe/messages?qui=moi")
    assert thread.reference in str(browser.main())
    assert browser.open(f"/equipe/messages/{thread.reference}").status == 200


def test_the_most_pressing_comes_first_with_its_time_left(browser: Browser, people: SimpleNamespace) -> None:
    wanted = []
    for days, words in ((4, "En retard de"), (0.9, "Reste 1 h 24"), (0, "Reste 8 h")):
        clock.start_at(cast.MONDAY - dt.timedelta(days=days))
        wanted.append((cast.thread(people.karim).reference, words))
    browser.log_in("marie@equipe.example").open("/equipe/messages")
    rows = [row.get_text(" ") for row in browser.page.select("#queue tbody tr")]
    links = [a["href"] for a in browser.page.select("#queue tbody a")]
    assert [reference in link for (reference, _), link in zip(wanted, links, strict=True)] == [True] * 3
    assert "En retard de" in rows[0]
    assert "1 message en retard" in browser.text


@pytest.mark.parametrize(
    ("filters", "shown"),
    [
        ("", {"new", "taken"}),
        ("?qui=moi", {"taken"}),
        ("?qui=personne", {"new"}),
        ("?etat=attend-le-client", {"answered"}),
        ("?etat=clos", {"closed"}),
        ("?etat=en-retard", set()),
        ("?etat=nimporte&qui=quoi", {"new", "taken"}),
    ],
)
def test_the_queue_is_filtered_by_state_and_person(
    filters: str, shown: set[str], browser: Browser, people: SimpleNamespace
) -> None:
    threads = {name: cast.thread(people.karim) for name in ("new", "taken", "answered", "closed")}
    service.take(threads["taken"], people.marie, 1)
    service.answer(threads["answered"], people.marie, "Voilà.", 1)
    service.close_thread(threads["closed"], people.marie, 1)
    db.session.commit()
    browser.log_in("marie@equipe.example").open(f"/equipe/messages{filters}")
    queue = str(browser.page.find(id="queue"))
    assert {name for name, thread in threads.items() if thread.reference in queue} == shown


def test_a_long_queue_goes_on_page_by_page(
    new_browser: Callable[..., Browser], people: SimpleNamespace
) -> None:
    references = [cast.thread(people.karim).reference for _ in range(53)]
    browser = new_browser().log_in("marie@equipe.example").open("/equipe/messages")
    assert len(browser.page.select("#queue tbody tr")) == 50
    browser.open(browser.page.select_one("#queue a[rel=next]")["href"])
    shown = [a["href"].split("/")[-1][:15] for a in browser.page.select("#queue tbody a")]
    assert shown == references[50:]


def test_take_names_who_takes(browser: Browser, people: SimpleNamespace) -> None:
    thread = cast.thread(people.karim)
    url = f"/equipe/messages/{thread.reference}"
    browser.log_in("marie@equipe.example").open(f"{url}?qui=personne")
    browser.submit(f"{url}/prise")
    assert browser.status == 200
    assert browser.reloaded()
    assert fresh(thread).taken_by_id == people.marie.id
    assert "Pris en charge par Marie Duval" in browser.text


def test_an_answer_reaches_the_customer_in_the_portal_and_by_mail(
    browser: Browser, people: SimpleNamespace
) -> None:
    thread = cast.thread(people.karim)
    url = f"/equipe/messages/{thread.reference}"
    browser.log_in("marie@equipe.example").open(url)
    browser.submit(f"{url}/reponse", reponse="C’est noté : 5 exemplaires.")
    assert browser.status == 200
    assert browser.reloaded()
    assert fresh(thread).state is ThreadState.WAITING_FOR_CUSTOMER
    assert thread.first_answered_at is not None
    (mail,) = mails("message_answered")
    assert (mail.recipient, mail.account_id) == ("karim@grandlarge.example", people.grand_large.id)
    assert mail.reply_to == reply_address.of(thread.reference)
    assert "C’est noté : 5 exemplaires." in mail.body
    assert f"/messages/{thread.reference}" in mail.body
    assert {entry.action for entry in db.session.query(AuditEntry).filter_by(subject=thread.reference)} == {
        "conversations.receive",
        "conversations.answer",
    }


def test_answer_and_close_at_once(browser: Browser, people: SimpleNamespace) -> None:
    thread = cast.thread(people.karim)
    url = f"/equipe/messages/{thread.reference}"
    browser.log_in("marie@equipe.example").open(url)
    browser.submit(f"{url}/reponse", reponse="Fait.", clore="y")
    assert fresh(thread).state is ThreadState.CLOSED
    assert len(mails("message_answered")) == 1


def test_an_answer_sent_twice_goes_once(browser: Browser, people: SimpleNamespace) -> None:
    thread = cast.thread(people.karim)
    url = f"/equipe/messages/{thread.reference}"
    browser.log_in("marie@equipe.example").open(url)
    once = browser.form(f"{url}/reponse").find(attrs={"name": "once"})["value"]
    for _ in range(2):
        browser.post(f"{url}/reponse", reponse="Fait.", version="1", once=once)
        assert browser.status == 200
    assert len(mails("message_answered")) == 1
    assert db.session.query(Message).filter_by(body="Fait.").count() == 1


def test_an_empty_answer_is_asked_again(browser: Browser, people: SimpleNamespace) -> None:
    thread = cast.thread(people.karim)
    url = f"/equipe/messages/{thread.reference}"
    browser.log_in("marie@equipe.example").open(url)
    browser.submit(f"{url}/reponse", reponse="")
    assert browser.status == 422
    assert browser.faults() == ["Écrivez la réponse"]
    assert mails("message_answered") == []


def test_an_answer_overtaken_by_the_customer_or_a_colleague_is_kept_not_sent(
    browser: Browser, people: SimpleNamespace
) -> None:
    thread = cast.thread(people.karim)
    url = f"/equipe/messages/{thread.reference}"
    browser.log_in("marie@equipe.example").open(url)
    service.write(thread, service.Writer.of(people.karim), "Non, finalement 8 exemplaires.")
    db.session.commit()
    browser.submit(f"{url}/reponse", reponse="Je passe à 5.")
    assert browser.status == 409
    assert "rien n'a été envoyé" in browser.text
    assert "Non, finalement 8 exemplaires." in browser.text
    assert browser.page.find(id="reponse").get_text().strip() == "Je passe à 5."
    assert mails("message_answered") == []
    browser.submit(f"{url}/reponse", reponse="Je passe à 8.")
    assert browser.status == 200
    assert len(mails("message_answered")) == 1


@pytest.mark.parametrize("act", ["prise", "cloture", "service"])
def test_an_act_on_an_old_page_changes_nothing(act: str, browser: Browser, people: SimpleNamespace) -> None:
    thread = cast.thread(people.karim)
    url = f"/equipe/messages/{thread.reference}"
    browser.log_in("marie@equipe.example").open(url)
    service.write(thread, service.Writer.of(people.karim), "Encore ceci.")
    db.session.commit()
    browser.submit(f"{url}/{act}", **({"service": "accounting"} if act == "service" else {}))
    assert browser.status == 409
    assert "a changé entre-temps" in browser.text
    assert (fresh(thread).version, thread.service, thread.taken_by_id) == (2, Service.SALES, None)


def test_an_internal_note_stays_in_the_house(browser: Browser, people: SimpleNamespace) -> None:
    thread = cast.thread(people.karim)
    url = f"/equipe/messages/{thread.reference}"
    browser.log_in("marie@equipe.example").open(url)
    browser.submit(f"{url}/note", note=CANARY)
    assert browser.status == 200
    assert CANARY in browser.text
    assert browser.reloaded()
    browser.submit(f"{url}/reponse", reponse="Bonjour.")
    browser.submit(f"{url}/service", service="accounting")
    browser.log_out().log_in("karim@grandlarge.example")
    for page in ("/", "/messages", f"/messages/{thread.reference}", "/messages/courriels"):
        browser.open(page)
        assert browser.status == 200
        assert CANARY not in browser.response.text
        assert "note" not in browser.text.lower()
    stored = [mail.subject + mail.body for mail in db.session.query(OutboxMessage)]
    assert len(stored) == 3
    assert not any(CANARY in text for text in stored)
    notes = db.session.query(AuditEntry).filter_by(action="conversations.add_note").all()
    assert [(entry.account_id, CANARY in str(entry.details)) for entry in notes] == [(None, False)]


def test_a_note_sent_twice_is_kept_once(browser: Browser, people: SimpleNamespace) -> None:
    thread = cast.thread(people.karim)
    url = f"/equipe/messages/{thread.reference}"
    browser.log_in("marie@equipe.example").open(url)
    once = browser.form(f"{url}/note").find(attrs={"name": "once"})["value"]
    for _ in range(2):
        browser.post(f"{url}/note", note=CANARY, once=once)
        assert browser.status == 200
    assert db.session.query(InternalNote).count() == 1


def test_an_empty_note_is_asked_again(browser: Browser, people: SimpleNamespace) -> None:
    thread = cast.thread(people.karim)
    url = f"/equipe/messages/{thread.reference}"
    browser.log_in("marie@equipe.example").open(url).submit(f"{url}/note", note="")
    assert browser.status == 422
    assert "Écrivez la note" in browser.text


def test_a_transfer_keeps_the_clock_tells_the_new_service_and_the_shop(
    browser: Browser, people: SimpleNamespace
) -> None:
    thread = cast.thread(people.karim)
    promised = thread.answer_by
    service.take(thread, people.marie, 1)
    db.session.commit()
    url = f"/equipe/messages/{thread.reference}"
    browser.log_in("marie@equipe.example").open(url)
    browser.submit(f"{url}/service", service="accounting")
    assert browser.url == "/equipe/messages/commercial"
    assert "est transmis à la comptabilité" in browser.text
    assert browser.open(url).status == 404
    fresh(thread)
    assert (thread.service, thread.taken_by_id) == (Service.ACCOUNTING, None)
    assert thread.answer_by == promised
    (mail,) = mails("message_transferred")
    assert (mail.recipient, mail.account_id) == ("comptabilite@harmattan.example", None)
    assert f"/equipe/messages/{thread.reference}" in mail.body
    browser.open("/equipe").log_out().log_in("karim@grandlarge.example").open(f"/messages/{thread.reference}")
    assert "Transmis à la comptabilité" in browser.text


@pytest.mark.parametrize("to", ["", "sales", "settings", "nowhere"])
def test_a_thread_is_handed_to_another_answering_service_only(
    to: str, browser: Browser, people: SimpleNamespace
) -> None:
    thread = cast.thread(people.karim)
    url = f"/equipe/messages/{thread.reference}"
    browser.log_in("marie@equipe.example").open(url).submit(f"{url}/service", service=to)
    assert browser.status == 422
    assert fresh(thread).service is Service.SALES


def test_close_without_an_answer(browser: Browser, people: SimpleNamespace) -> None:
    thread = cast.thread(people.karim)
    url = f"/equipe/messages/{thread.reference}"
    browser.log_in("marie@equipe.example").open(url).submit(f"{url}/cloture")
    assert browser.status == 200
    assert browser.reloaded()
    assert fresh(thread).state is ThreadState.CLOSED
    assert [mail.kind for mail in db.session.query(OutboxMessage)] == ["message_new"]
    browser.post(f"{url}/prise", version=str(thread.version))
    assert browser.status == 409
    assert "est clos" in browser.text


def test_hostile_texts_stay_text(new_browser: Callable[..., Browser], people: SimpleNamespace) -> None:
    attack = '<script>alert(1)</script><img src=x onerror="alert(1)">{{7*7}}'
    people.karim.first_name = attack[:60]
    thread = cast.thread(people.karim, body=attack, title=attack)
    service.add_note(thread, people.marie, attack)
    service.answer(thread, people.marie, attack, 1)
    db.session.commit()
    for email, url in (
        ("marie@equipe.example", f"/equipe/messages/{thread.reference}?etat=attend-le-client"),
        ("karim@grandlarge.example", f"/messages/{thread.reference}"),
        ("karim@grandlarge.example", "/messages"),
        ("karim@grandlarge.example", "/messages/courriels"),
    ):
        page = new_browser().log_in(email).open(url)
        assert page.status == 200
        assert "alert(1)" not in "".join(str(script) for script in page.page.find_all("script"))
        assert not page.page.find_all("img")
        assert "49" not in page.main().get_text()


def test_a_junk_version_is_no_failure(browser: Browser, people: SimpleNamespace) -> None:
    thread = cast.thread(people.karim)
    url = f"/equipe/messages/{thread.reference}"
    browser.log_in("marie@equipe.example").open(url)
    for version in ("", "x", "9" * 30):
        browser.post(f"{url}/prise", version=version)
        assert browser.status in (400, 409)


def test_beside_a_message_stands_what_its_account_owes_and_since_too_long(
    browser: Browser, people: SimpleNamespace
) -> None:
    cast.documents(people, cast.titles())
    thread = cast.thread(people.karim)
    browser.log_in("marie@equipe.example").open(f"/equipe/messages/{thread.reference}")
    facts = browser.page.find(id="facts")
    for address in ("/equipe/acces/comptes/104512", "/equipe/releves/104512"):
        assert facts.find("a", href=address), address
    assert "À régler" in facts.get_text()


def test_late_since_the_desk_closed_is_late_before_it_opens_again(
    browser: Browser, people: SimpleNamespace
) -> None:
    clock.start_at(clock.at_paris(dt.date(2026, 11, 26), dt.time(17)))
    cast.thread(people.karim)
    clock.start_at(clock.at_paris(dt.date(2026, 11, 28), dt.time(10)))
    browser.log_in("marie@equipe.example").open("/equipe/messages/commercial")
    assert "1 message en retard" in browser.text
    assert "À répondre maintenant" not in browser.text
    assert len(browser.main().select(".t-err")) == 1


@pytest.mark.parametrize(("act", "field"), [("reponse", "reponse"), ("note", "note")])
def test_what_was_typed_before_the_session_was_lost_comes_back_where_it_was_typed(
    act: str, field: str, browser: Browser, people: SimpleNamespace
) -> None:
    url = f"/equipe/messages/{cast.thread(people.karim).reference}"
    browser.log_in("marie@equipe.example").open(url)
    browser.client.delete_cookie("session")
    browser.submit(f"{url}/{act}", **{field: "Voir avec l’entrepôt"})
    browser.submit("/connexion", email="marie@equipe.example", password=cast.PASSWORD)
    typed = {area["id"]: area.get_text().strip() for area in browser.page.select("main textarea")}
    assert typed == {"reponse": "", "note": ""} | {field: "Voir avec l’entrepôt"}
    assert browser.text.count("Votre session avait expiré : rien n'a été envoyé") == 1
