"""The contact form: routed by subject, for booksellers and visitors, plain and with HTMX (R100, J14)."""

import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from harmattan.access.models import User
from harmattan.contact.rules import Subject
from harmattan.conversations import reply_address
from harmattan.conversations.models import Attachment, Message, Thread
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.services import ANSWERING
from harmattan.orders import service as orders
from harmattan.orders.rules import Action, Status
from harmattan.outbox import service as outbox
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.browser import Browser, comparable
from tests.site.checks import faults

VISITOR = {"nom": "Zoé Prat", "email": "zoe@ailleurs.example", "message": "Bonjour"}
DESKS = {
    "marie@equipe.example": "commercial",
    "hugo@equipe.example": "sav",
    "ines@equipe.example": "comptabilite",
}


def order(by: User, number: int, **details: Any) -> str:
    """The reference of an order; what it holds is no matter here."""
    row = cast.order(by, number=number, **details)
    db.session.commit()
    return row.reference


def threads() -> list[Thread]:
    return db.session.query(Thread).order_by(Thread.id).all()


def mail() -> OutboxMessage:
    """The acknowledgement."""
    return db.session.query(OutboxMessage).filter_by(kind="message_received").one()


@pytest.mark.parametrize("subject", Subject)
def test_a_message_reaches_the_service_of_its_subject_and_no_other(
    subject: Subject, browser: Browser, people: SimpleNamespace
) -> None:
    browser.log_in("karim@grandlarge.example").open(f"/contact?objet={subject}")
    assert f"Part vers : {subject.usual_service.label.lower()}." in browser.text
    assert "au plus tard le 24 novembre 2026, 10 h" in browser.text
    browser.submit("/contact", message="Ma question est celle-ci.")
    (thread,) = threads()
    assert browser.url == f"/messages/{thread.reference}"
    assert (thread.service, thread.subject, thread.title) == (
        subject.usual_service,
        subject.value,
        subject.label,
    )
    browser.log_out()
    for email, slug in DESKS.items():
        browser.log_in(email).open("/equipe/messages")
        mine = subject.usual_service.slug == slug
        assert (thread.reference in str(browser.main())) is mine
        assert browser.open(f"/equipe/messages/{thread.reference}").status == (200 if mine else 404)
        browser.open("/equipe").log_out()


def test_the_acknowledgement_has_number_service_and_time(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in("karim@grandlarge.example").open("/contact?objet=retours")
    browser.submit("/contact", message="Puis-je retourner ces titres ?")
    (thread,) = threads()
    sent = mail()
    assert thread.reference.startswith("MSG-2026-")
    assert sent.recipient == "karim@grandlarge.example"
    assert sent.reply_to == reply_address.of(thread.reference)
    assert thread.reference in sent.subject
    body = sent.body.replace("\u00a0", " ")
    assert "au service après-vente" in body
    assert "24 novembre 2026, 10 h" in body
    assert f"/messages/{thread.reference}" in body


def test_choosing_a_subject_shows_the_same_form_with_and_without_htmx(
    client: FlaskClient, people: SimpleNamespace
) -> None:
    plain = client.get("/contact?objet=reclamation")
    fragment = client.get("/contact?objet=reclamation", headers={"HX-Request": "true"})
    page = BeautifulSoup(plain.text, "html.parser").find(id="contact-form")
    part = BeautifulSoup(fragment.text, "html.parser").find(id="contact-form")
    assert comparable(page) == comparable(part)


def test_subjects_stand_under_the_service_that_answers_them(browser: Browser) -> None:
    browser.open("/contact")
    groups = browser.page.select("#subjects fieldset")
    assert [group.legend.get_text() for group in groups] == [service.label for service in ANSWERING]
    assert [len(group.select("input[type=radio]")) for group in groups] == [4, 3, 2]
    assert "24 novembre 2026, 10 h" in browser.text
    assert not browser.page.select("textarea")


def test_continue_without_javascript_leads_to_the_message(new_browser: Callable[..., Browser]) -> None:
    browser = new_browser().open("/contact").submit("/contact", objet="devis")
    assert browser.page.select("textarea[name=message]")
    assert "Part vers : service commercial" in browser.text


@pytest.mark.parametrize("word", ["adresse", "", "../../x", "modifier'--"])
def test_an_unknown_subject_asks_again_and_keeps_the_text(
    word: str, browser: Browser, people: SimpleNamespace
) -> None:
    browser.log_in("karim@grandlarge.example").open("/contact?objet=devis")
    browser.submit("/contact", objet=word, message="Un texte long à écrire")
    assert browser.status == 422
    assert "Un texte long à écrire" in browser.page.find(id="message").get_text()
    assert len(browser.faults()) == 1
    assert threads() == []


def test_an_order_is_chosen_among_ones_own(browser: Browser, people: SimpleNamespace) -> None:
    order(people.karim, 1)
    browser.log_in("karim@grandlarge.example").open("/contact?objet=suivi&commande=CMD-2026-000001")
    browser.submit("/contact", message="Où en est-elle ?")
    assert threads()[0].about == "CMD-2026-000001"
    assert "CMD-2026-000001" in browser.text


def test_a_foreign_order_reads_as_an_unknown_one(browser: Browser, people: SimpleNamespace) -> None:
    order(people.paul, 2)
    browser.log_in("karim@grandlarge.example")
    pages = []
    for reference in ("CMD-2026-000002", "CMD-2026-999999"):
        browser.open("/contact?objet=suivi")
        browser.submit("/contact", message="À qui est-elle ?", commande=reference)
        assert browser.status == 422
        pages.append(comparable(browser.main()).replace(reference, ""))
    assert pages[0] == pages[1]
    assert threads() == []


def test_a_validated_order_answers_by_itself_that_it_is_too_late(
    browser: Browser, people: SimpleNamespace
) -> None:
    order(people.karim, 3, status=Status.VALIDATED, status_since=clock.now())
    browser.log_in("karim@grandlarge.example").open("/contact?objet=modifier&commande=CMD-2026-000003")
    assert "depuis le 23 novembre 2026, 10 h" in browser.text
    assert "01 40 46 79 20 (touche 4)" in browser.text
    assert not browser.page.select("textarea")
    browser.post("/contact", objet="modifier", commande="CMD-2026-000003", message="12 au lieu de 8")
    assert browser.status == 409
    assert browser.page.select_one('a[href="/contact?objet=suivi&commande=CMD-2026-000003"]')
    assert threads() == []


def test_too_late_says_since_when_it_is_validated_whatever_came_after(
    browser: Browser, people: SimpleNamespace
) -> None:
    placed = cast.order(people.karim, number=3)
    orders.act(placed, Action.VALIDATE, people.marie)
    clock.start_at(cast.MONDAY.replace(hour=15))
    orders.act(placed, Action.PREPARE, people.hugo)
    db.session.commit()
    browser.log_in("karim@grandlarge.example").open("/contact?objet=modifier&commande=CMD-2026-000003")
    assert "est validée depuis le 23 novembre 2026, 10 h" in browser.text


def test_no_order_picker_for_visitors_nor_without_the_right(
    new_browser: Callable[..., Browser], people: SimpleNamespace
) -> None:
    order(people.karim, 4)
    for browser in (new_browser(), new_browser().log_in("lucie@grandlarge.example")):
        browser.open("/contact?objet=suivi&commande=CMD-2026-000004")
        assert browser.status == 200
        assert "CMD-2026-000004" not in browser.main().get_text()
        assert browser.page.find(id="commande") is None


def test_a_visitor_writes_and_follows_by_the_link_of_the_mail(browser: Browser) -> None:
    browser.open("/contact?objet=acces")
    browser.submit("/contact", **VISITOR, librairie="Librairie Ailleurs", telephone="02 00 00 00 00")
    assert browser.url == "/contact/merci"
    assert faults(browser.open("/contact/merci").response.text) == []
    (thread,) = threads()
    assert thread.reference in browser.text
    assert (thread.customer_shop, thread.account_id) == ("Librairie Ailleurs", None)
    sent = mail()
    assert sent.recipient == "zoe@ailleurs.example"
    assert sent.is_secret
    (link,) = [word for word in sent.body.split() if "/messages/suivi/" in word]
    token = link.rpartition("/")[2]
    assert token not in (thread.visitor_token_hash or "")
    browser.open(f"/messages/suivi/{token}")
    assert "Bonjour" in browser.text
    outbox.send_due()
    assert token not in mail().body


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"nom": ""}, "Saisissez votre nom"),
        ({"email": ""}, "Saisissez votre adresse e-mail"),
        ({"email": "zoe@"}, "Vérifiez l'adresse e-mail : nom@domaine.fr"),
        ({"message": " "}, "Écrivez votre message"),
        ({"message": "x" * 5001}, "Raccourcissez ce texte : 5000 caractères au plus"),
    ],
)
def test_each_fault_has_its_own_words_and_keeps_the_rest(
    changes: dict[str, str], fault: str, browser: Browser
) -> None:
    browser.open("/contact?objet=acces").submit("/contact", **(VISITOR | changes))
    assert browser.status == 422
    assert browser.faults() == [fault]
    kept = (VISITOR | changes)["email"]
    assert browser.page.find(id="email")["value"] == kept
    assert threads() == []


def test_a_robot_is_thanked_and_not_heard(browser: Browser) -> None:
    browser.open("/contact?objet=autres").submit("/contact", **VISITOR, site="https://spam.example")
    assert browser.url == "/contact/merci"
    assert browser.status == 200
    assert "Votre message est parti" in browser.text
    assert threads() == []
    assert db.session.query(OutboxMessage).count() == 0


def test_nobody_is_thanked_for_what_was_not_sent(browser: Browser) -> None:
    assert browser.open("/contact/merci").url == "/contact"


def test_visitors_of_a_network_write_five_times_an_hour(browser: Browser) -> None:
    for _ in range(5):
        browser.open("/contact?objet=autres").submit("/contact", **VISITOR)
        assert browser.url == "/contact/merci"
    browser.open("/contact?objet=autres").submit("/contact", **VISITOR)
    assert browser.status == 429
    assert "01 40 46 79 13" in browser.text
    assert "Retry-After" in browser.response.headers
    assert len(threads()) == 5


def test_a_user_writes_twenty_times_an_hour(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in("karim@grandlarge.example").open("/contact?objet=autres")
    for count in range(21):
        browser.post("/contact", objet="autres", message=f"Message {count}", once=f"key-{count}")
    assert browser.status == 429
    assert len(threads()) == 20


def test_a_message_sent_twice_is_one_thread(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in("karim@grandlarge.example").open("/contact?objet=autres")
    once = browser.page.find(attrs={"name": "once"})["value"]
    token = browser.token()
    for _ in range(2):
        browser.post("/contact", objet="autres", message="Une fois", once=once, csrf_token=token)
        assert browser.url == f"/messages/{threads()[0].reference}"
    assert len(threads()) == 1
    assert db.session.query(OutboxMessage).count() == 2


def test_line_breaks_never_reach_a_mail_header(browser: Browser) -> None:
    browser.open("/contact?objet=autres")
    browser.submit("/contact", **(VISITOR | {"nom": "Zoé\r\nBcc: tous@x.example\u2028Cc: x"}))
    (thread,) = threads()
    assert thread.customer_name == "Zoé Bcc: tous@x.example Cc: x"
    sent = mail()
    for header in (sent.subject, sent.recipient, sent.reply_to):
        assert header.isprintable()
    browser.open("/contact?objet=autres")
    browser.submit("/contact", **(VISITOR | {"email": "zoe@ailleurs.example\r\nBcc: tous@x.example"}))
    assert browser.status == 422


def test_a_file_travels_with_the_message(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in("anne@grandlarge.example").open("/contact?objet=lcr")
    rib = (io.BytesIO(b"%PDF-1.7 FR76"), "../RIB <b>été.pdf", "application/pdf")
    browser.submit("/contact", message="Voici notre RIB", files={"piece": rib})
    assert browser.status == 200
    kept = db.session.query(Attachment).one()
    assert (kept.name, kept.media_type, kept.size) == ("RIB <b>été.pdf", "application/pdf", 13)
    assert kept.content == b"%PDF-1.7 FR76"
    assert threads()[0].bank_details
    assert kept.name in browser.page.get_text()
    assert not browser.main().find_all("b")


@pytest.mark.parametrize(
    ("name", "content"), [("x.svg", b"<svg/>"), ("x.html", b"<html>"), ("x.exe", b"MZ"), ("x.pdf", b"<svg/>")]
)
def test_hostile_files_are_refused_before_anything_is_saved(
    name: str, content: bytes, browser: Browser, people: SimpleNamespace
) -> None:
    browser.log_in("karim@grandlarge.example").open("/contact?objet=reclamation")
    browser.submit("/contact", message="Photo jointe", files={"piece": (io.BytesIO(content), name)})
    assert browser.status == 422
    assert "PDF, JPG, PNG, TXT, CSV, XLSX ou ODS" in browser.faults()[0]
    assert browser.page.find(id="message").get_text().strip() == "Photo jointe"
    assert threads() == []


def test_a_file_over_the_limit_is_a_413(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in("karim@grandlarge.example").open("/contact?objet=reclamation")
    heavy = (io.BytesIO(b"%PDF-" + b"x" * 13_000_000), "lourd.pdf")
    browser.submit("/contact", message="Trop", files={"piece": heavy})
    assert browser.status == 413
    assert threads() == []


def test_hostile_texts_and_control_characters_stay_text(browser: Browser) -> None:
    attack = "<script>alert(1)</script>\x07{{7*7}}"
    browser.open("/contact?objet=autres")
    browser.submit("/contact", **(VISITOR | {"nom": attack, "message": attack, "librairie": attack}))
    assert browser.status == 200
    assert db.session.query(Message).one().body == "<script>alert(1)</script>{{7*7}}"
    (link,) = [word for word in mail().body.split() if "/messages/suivi/" in word]
    browser.open("/messages/suivi/" + link.rpartition("/")[2])
    assert not [script for script in browser.page.find_all("script") if "alert" in str(script)]


def test_what_was_typed_before_the_session_was_lost_comes_back(
    browser: Browser, people: SimpleNamespace
) -> None:
    browser.log_in("karim@grandlarge.example").open("/contact?objet=devis")
    db.session.connection().exec_driver_sql("DELETE FROM login_sessions")
    browser.submit("/contact", message="Une surremise pour le salon")
    assert browser.url.startswith("/connexion")
    browser.submit("/connexion", email="karim@grandlarge.example", password="trois-libraires-au-soleil")
    assert browser.url.startswith("/contact")
    assert "Une surremise pour le salon" in browser.page.find(id="message").get_text()
    assert threads() == []


def test_staff_do_not_write_to_themselves(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in("marie@equipe.example")
    assert browser.open("/contact").status == 403
    browser.open("/equipe").post("/contact", objet="autres", message="Bonjour")
    assert browser.status == 403


def test_what_is_known_of_the_order_is_said_before_anything_is_sent(
    browser: Browser, people: SimpleNamespace
) -> None:
    reference = order(people.karim, 1)
    browser.log_in("karim@grandlarge.example").open(f"/contact?objet=suivi&commande={reference}")
    assert f"Votre commande {reference} : enregistrée depuis le" in browser.text
    browser.open("/contact?objet=suivi").submit("/contact", commande=reference, message="Où en est-elle ?")
    assert browser.status == 200
    assert threads() == []
    assert "Votre message n'est pas encore parti" in browser.text
    assert "Ce que nous savons déjà" in browser.text
    assert browser.page.find(id="message").get_text().strip() == "Où en est-elle ?"
    browser.submit("/contact")
    assert [thread.about for thread in threads()] == [reference]


def test_what_is_known_of_an_order_is_shown_beside_what_is_typed(
    browser: Browser, people: SimpleNamespace
) -> None:
    reference = order(people.karim, 1)
    browser.log_in("karim@grandlarge.example").open("/contact?objet=suivi")
    browser.submit("/contact", button="voir", commande=reference, message="Où en est-elle ?")
    assert browser.status == 200
    assert f"Votre commande {reference} : enregistrée depuis le" in browser.text
    assert browser.page.find(id="message").get_text().strip() == "Où en est-elle ?"
    assert threads() == []
    browser.submit("/contact")
    assert [thread.about for thread in threads()] == [reference]


@pytest.mark.parametrize("reference", ["", "CMD-2026-000002", "CMD-2026-999999"])
def test_nothing_is_known_of_no_order_or_of_anothers(
    reference: str, browser: Browser, people: SimpleNamespace
) -> None:
    order(people.paul, 2)
    browser.log_in("karim@grandlarge.example").open("/contact?objet=suivi")
    browser.submit("/contact", button="voir", commande=reference, message="Où en est-elle ?")
    assert browser.status == 422
    assert browser.faults() == ["Choisissez une commande de la liste"]
    assert browser.page.find(id="message").get_text().strip() == "Où en est-elle ?"


def test_too_late_never_takes_away_what_is_typed(browser: Browser, people: SimpleNamespace) -> None:
    reference = order(people.karim, 3, status=Status.VALIDATED, status_since=clock.now())
    browser.log_in("karim@grandlarge.example").open("/contact?objet=modifier")
    browser.submit("/contact", button="voir", commande=reference, message="12 au lieu de 8")
    assert "Il est trop tard pour modifier ou annuler cette commande" in browser.text
    assert browser.page.find(id="message").get_text().strip() == "12 au lieu de 8"
    browser.submit("/contact", objet="suivi")
    assert browser.page.find(id="message").get_text().strip() == "12 au lieu de 8"
