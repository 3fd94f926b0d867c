"""J14: each message to its service, the staff's work on it, and what is refused (R100–R106)."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.mails.receiving import receive
from harmattan.outbox.models import OutboxMessage
from tests.browser import Browser
from tests.journeys.acts import HUGO, INES, KARIM, MARIE, block, mails, send_again, threads, write
from tests.mails.letters import letter

DESKS = {MARIE: Service.SALES, HUGO: Service.AFTER_SALES, INES: Service.ACCOUNTING}
SUBJECTS = {
    "modifier": Service.SALES,
    "devis": Service.SALES,
    "acces": Service.SALES,
    "autres": Service.SALES,
    "suivi": Service.AFTER_SALES,
    "reclamation": Service.AFTER_SALES,
    "retours": Service.AFTER_SALES,
    "comptabilite": Service.ACCOUNTING,
    "lcr": Service.ACCOUNTING,
}
VISITOR = {"nom": "Zoé Prat", "email": "zoe@ailleurs.example"}
NOTE = "Voir avec la direction avant de promettre"
Open = Callable[..., Browser]


@pytest.fixture
def at_desk(browser: Browser, new_browser: Open) -> Callable[[str], Browser]:
    """Somebody of the staff, logged in, with HTMX where the customer has it."""
    return lambda email: new_browser(htmx=browser.htmx).log_in(email)


# 1. one message a subject


@pytest.mark.parametrize(("subject", "service"), SUBJECTS.items())
def test_step_1_a_message_is_in_exactly_one_queue(
    karim: Browser, at_desk: Callable[[str], Browser], subject: str, service: Service
) -> None:
    write(karim, subject, "Ma question est celle-ci.")
    (thread,) = threads()
    assert karim.url == f"/messages/{thread.reference}"
    seen_by = [
        email for email in DESKS if thread.reference in str(at_desk(email).open("/equipe/messages").main())
    ]
    assert [DESKS[email] for email in seen_by] == [service]


def test_step_1_the_acknowledgement_has_its_number_and_answer_by_in_working_hours(karim: Browser) -> None:
    write(karim, "devis", "Une surremise pour le salon ?")
    (thread,) = threads()
    (mail,) = mails("message_received")
    said = mail.body.replace("\u00a0", " ")
    assert mail.recipient == KARIM
    assert thread.reference in mail.subject
    assert "au service commercial, qui répond au plus tard le 24 novembre 2026, 10 h" in said


# 2. a transfer


def test_step_2_a_transfer_tells_ines_and_the_shop_and_keeps_the_clock(
    karim: Browser, at_desk: Callable[[str], Browser]
) -> None:
    write(karim, "autres", "Notre facture de septembre est introuvable.")
    (thread,) = threads()
    promised, url = thread.answer_by, f"/equipe/messages/{thread.reference}"
    at_desk(MARIE).open(url).submit(f"{url}/service", service="accounting")
    db.session.refresh(thread)
    assert (thread.service, thread.answer_by) == (Service.ACCOUNTING, promised)
    (mail,) = mails("message_transferred")
    assert mail.recipient == "comptabilite@harmattan.example"
    assert at_desk(INES).open(url).status == 200
    assert "Transmis à la comptabilité" in karim.open(karim.url).text


def test_an_answer_reaches_the_shop_in_the_portal_and_by_mail(
    karim: Browser, at_desk: Callable[[str], Browser]
) -> None:
    write(karim, "autres", "Ouvrez-vous le 24 décembre ?")
    url = f"/equipe/messages/{threads()[0].reference}"
    marie = at_desk(MARIE).open(url).submit(f"{url}/reponse", reponse="Oui, jusqu’à 16 h.")
    assert marie.reloaded()
    assert "Oui, jusqu'à 16 h." in karim.open(karim.url).text
    (mail,) = mails("message_answered")
    assert "Oui, jusqu’à 16 h." in mail.body.replace("\u00a0", " ")


def test_an_answer_that_a_colleague_overtook_is_kept_and_not_sent(
    karim: Browser, at_desk: Callable[[str], Browser]
) -> None:
    write(karim, "reclamation", "Un exemplaire abîmé.")
    url = f"/equipe/messages/{threads()[0].reference}"
    hugo, root = at_desk(HUGO).open(url), at_desk("root@equipe.example").open(url)
    root.submit(f"{url}/reponse", reponse="Nous le remplaçons.")
    hugo.submit(f"{url}/reponse", reponse="Renvoyez-le-nous.")
    assert hugo.status == 409
    assert "Nous le remplaçons." in hugo.text
    assert hugo.page.find(id="reponse").get_text().strip() == "Renvoyez-le-nous."
    assert len(mails("message_answered")) == 1


# 3. two at the same message


def test_step_3_hugo_and_ines_read_who_is_there_and_the_later_answer_waits(
    karim: Browser, at_desk: Callable[[str], Browser]
) -> None:
    write(karim, "suivi", "Où est notre colis ?")
    (thread,) = threads()
    url = f"/equipe/messages/{thread.reference}"
    at_desk(HUGO).open(url).submit(f"{url}/prise")
    hugo = at_desk(HUGO).open(url)
    hugo.submit(f"{url}/service", service="accounting")
    ines, hugo = at_desk(INES).open(url), at_desk(HUGO)
    assert hugo.open(url).status == 404
    root = at_desk("root@equipe.example").open(url)
    assert "Inès répond depuis" in root.text
    ines.submit(f"{url}/reponse", reponse="Il est chez le transporteur.")
    root.submit(f"{url}/reponse", reponse="Il part demain.")
    assert root.status == 409
    assert "Il est chez le transporteur." in root.text
    assert root.page.find(id="reponse").get_text().strip() == "Il part demain."
    assert len(mails("message_answered")) == 1


# 4. an internal note


def test_step_4_an_internal_note_is_nowhere_outside(
    karim: Browser, at_desk: Callable[[str], Browser]
) -> None:
    write(karim, "devis", "Une surremise ?")
    (thread,) = threads()
    url = f"/equipe/messages/{thread.reference}"
    marie = at_desk(MARIE).open(url).submit(f"{url}/note", note=NOTE)
    assert NOTE in marie.text
    marie.submit(f"{url}/reponse", reponse="Bien sûr.")
    marie.submit(f"{url}/service", service="accounting")
    for page in (
        "/",
        "/messages",
        f"/messages/{thread.reference}",
        "/messages/courriels",
        "/commandes/export.csv",
    ):
        assert karim.open(page).status == 200
        assert NOTE not in karim.response.get_data(as_text=True)
    assert not [mail for mail in db.session.query(OutboxMessage) if NOTE in mail.subject + mail.body]


# 5. a reply by mail


def test_step_5_a_reply_by_mail_joins_and_a_number_alone_is_quarantined(
    karim: Browser, at_desk: Callable[[str], Browser]
) -> None:
    write(karim, "devis", "Une surremise ?")
    (thread,) = threads()
    (acknowledgement,) = mails("message_received")
    receive(letter("Pour 80 exemplaires.", to=acknowledgement.reply_to))
    receive(letter("PAS-DE-LUI", sender="x@ailleurs.example", subject=f"Re: {thread.reference}"))
    url = f"/messages/{thread.reference}"
    assert "Pour 80 exemplaires." in karim.open(url).text
    assert "PAS-DE-LUI" not in karim.text
    marie = at_desk(MARIE)
    assert "PAS-DE-LUI" not in marie.open(f"/equipe{url}").text
    assert "x@ailleurs.example" in marie.open("/equipe/courriels").text


# refusals


def test_ines_does_not_see_what_waits_at_sales(karim: Browser, at_desk: Callable[[str], Browser]) -> None:
    write(karim, "modifier", "12 au lieu de 8.")
    (thread,) = threads()
    ines = at_desk(INES)
    assert ines.open("/equipe/messages/commercial").status == 403
    for path in ("", "/prise", "/reponse", "/note", "/service", "/cloture"):
        assert ines.open(f"/equipe/messages/{thread.reference}{path}").status == 404


def test_line_breaks_and_headers_in_a_name_stay_words(browser: Browser) -> None:
    hostile = "Zoé\r\nBcc: tous@x.example"
    write(browser, "autres", "Bonjour", **VISITOR | {"nom": hostile})
    (mail,) = mails("message_received")
    assert threads()[0].customer_name == "Zoé Bcc: tous@x.example"
    assert all(header.isprintable() for header in (mail.subject, mail.recipient, mail.reply_to))


def test_an_unknown_subject_gives_the_form_again_with_its_text(karim: Browser) -> None:
    karim.open("/contact?objet=devis").submit("/contact", objet="adresse", message="Un texte long à écrire")
    assert karim.status == 422
    assert len(karim.faults()) == 1
    assert "Un texte long à écrire" in block(karim, "message")
    assert threads() == []


def test_a_filled_honeypot_is_dropped_without_a_word(browser: Browser) -> None:
    write(browser, "autres", "Achetez !", **VISITOR, site="https://spam.example")
    assert (browser.status, browser.url) == (200, "/contact/merci")
    assert (threads(), mails("message_received")) == ([], [])


def test_the_21st_message_of_an_hour_is_refused_with_the_phone(karim: Browser, shop: SimpleNamespace) -> None:
    karim.open("/contact?objet=autres")
    for number in range(21):
        karim.post("/contact", objet="autres", message=f"Message {number}", once=f"key-{number}")
    assert karim.status == 429
    assert "01 40 46 79 13" in karim.text
    assert len(threads()) == 20


def test_the_sixth_message_of_a_visitor_is_refused_with_the_phone(browser: Browser) -> None:
    for _ in range(6):
        write(browser, "autres", "Bonjour", **VISITOR)
    assert browser.status == 429
    assert "01 40 46 79 13" in browser.text
    assert len(threads()) == 5


def test_a_message_sent_again_after_back_is_one_message(karim: Browser) -> None:
    karim.open("/contact?objet=autres")
    old_page = send_again(karim, "/contact")
    for _ in range(2):
        karim.post("/contact", old_page, message="Une fois.")
        assert karim.url == f"/messages/{threads()[0].reference}"
    assert len(threads()) == len(mails("message_received")) == 1
