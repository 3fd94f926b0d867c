"""J8: sales ask, change, validate; then everything is locked (R38–R41, R50–R53)."""

import hashlib
import io
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from harmattan.billing import paper
from harmattan.billing.models import Document
from harmattan.core.documents import DocumentNotMade
from harmattan.core.extensions import db
from harmattan.orders.rules import Status
from harmattan.outbox import attachments
from tests import cast
from tests.browser import Browser
from tests.journeys.acts import KARIM, MARIE, block, mails, orders, threads

REFERENCE = "CMD-2026-000001"
DESK, PAGE = f"/equipe/commandes/{REFERENCE}", f"/commandes/{REFERENCE}"


@pytest.fixture
def marie(karim: Browser, new_browser: Callable[..., Browser], shop: SimpleNamespace) -> Browser:
    """Marie, beside Karim's order: without JavaScript or with HTMX, as he."""
    cast.order(shop.karim, (shop.t1, 12))
    db.session.commit()
    return new_browser(karim.htmx).log_in(MARIE)


def ask(karim: Browser) -> Browser:
    """« T1 12→8 » by the prefilled form."""
    line = orders()[0].lines[0]
    karim.open(PAGE)
    assert karim.page.find("a", href=f"{PAGE}/modifier") is not None
    return karim.open(f"{PAGE}/modifier").submit(f"{PAGE}/modifier", "envoyer", **{f"q-{line.id}": "8"})


def validate(marie: Browser) -> Browser:
    return marie.open(DESK).submit(f"{DESK}/validation")


def test_a_question_is_answered_in_the_order_and_comes_back(karim: Browser, marie: Browser) -> None:
    marie.open(DESK).submit(f"{DESK}/complement", question="SIRET de facturation ?")
    assert [mail.recipient for mail in mails("order_changed")] == [KARIM]
    karim.open(PAGE)
    assert "SIRET de facturation" in block(karim, "question")
    karim.submit(
        f"{PAGE}/complement",
        message="812 345 676 00017",
        files={"piece": (io.BytesIO(b"%PDF-1.7"), "kbis.pdf")},
    )
    assert orders()[0].status is Status.RECORDED
    assert threads()[0].messages[-1].attachments[0].name == "kbis.pdf"
    assert REFERENCE in marie.open("/equipe/commandes").text


def test_a_change_is_applied_in_one_press_and_the_timeline_shows_both(karim: Browser, marie: Browser) -> None:
    ask(karim)
    assert threads()[0].subject == "modifier"
    marie.open(DESK)
    assert "12 exemplaires" in marie.text
    marie.submit(f"{DESK}/demande", "appliquer")
    assert orders()[0].lines[0].quantity == 8
    said = block(karim.open(PAGE), "tracking")
    assert "Modification demandée" in said
    assert "Modifiée par le service commercial" in said


def test_the_mail_and_the_portal_have_the_same_invoice(karim: Browser, marie: Browser) -> None:
    validate(marie)
    [invoice] = db.session.query(Document).all()
    [mail] = mails("order_changed")
    [file] = attachments.read(mail.attachments)
    served = marie.open(f"/documents/{invoice.number}.pdf").response.data
    assert hashlib.sha256(served).digest() == hashlib.sha256(file.content).digest()


def test_without_its_document_nothing_is_validated_and_sales_are_told(
    karim: Browser, marie: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bytes:
        raise DocumentNotMade("La composition du document a échoué.")

    monkeypatch.setattr(paper, "pdf", broken)
    validate(marie)
    assert marie.status == 409
    assert "La composition du document a échoué." in marie.text
    order = orders()[0]
    assert (order.status, order.invoice_number, mails("order_changed")) == (Status.RECORDED, None, [])
    assert "À nous : vérification" in block(karim.open(PAGE), "tracking")


def test_a_validated_order_is_locked_for_everybody(karim: Browser, marie: Browser) -> None:
    validate(marie)
    assert "depuis le 23 novembre 2026, 10 h" in karim.open(PAGE).text
    assert karim.page.find("a", href=f"{PAGE}/modifier") is None
    assert karim.post(f"{PAGE}/modifier", message="8 au lieu de 12").status == 409
    marie.open(DESK)
    assert marie.page.find("form", action=f"{DESK}/annulation") is None
    assert marie.post(f"{DESK}/annulation", motif="erreur").status == 409
    assert orders()[0].status is Status.VALIDATED


def test_a_request_that_a_validation_overtakes_is_told_so(karim: Browser, marie: Browser) -> None:
    marie.open(DESK)
    ask(karim)
    marie.submit(f"{DESK}/validation")
    assert "arrivée trop tard" in marie.text
    assert "arrivée trop tard" in threads()[0].messages[-1].body


def test_an_open_request_is_decided_before_the_order_is_validated(karim: Browser, marie: Browser) -> None:
    ask(karim)
    marie.open(DESK)
    assert marie.page.find("form", action=f"{DESK}/validation") is None
    assert marie.page.find("a", href="#request-h") is not None
    marie.post(f"{DESK}/validation", vu="")
    assert marie.status == 409
    assert "Appliquez-la ou refusez-la d'abord" in marie.text
    assert marie.page.find("a", href=DESK, string="Revenir à la commande") is not None
    assert orders()[0].status is Status.RECORDED
    marie.open(DESK).submit(f"{DESK}/demande", "appliquer")
    validate(marie)
    assert orders()[0].status is Status.VALIDATED


def test_two_of_sales_validate_once(marie: Browser, new_browser: Callable[..., Browser]) -> None:
    other = new_browser(marie.htmx).log_in(MARIE).open(DESK)
    validate(marie)
    other.submit(f"{DESK}/validation")
    assert other.status == 409
    assert "Marie Duval l'a validée le 23 novembre 2026, 10 h. Facture FA-2026-000001" in other.text
    assert db.session.query(Document).count() == 1


@pytest.mark.parametrize("act", ["complement", "annulation"])
def test_an_empty_decision_from_an_old_page_is_told_what_happened(
    karim: Browser, marie: Browser, new_browser: Callable[..., Browser], act: str
) -> None:
    """A field that is no longer there cannot be corrected."""
    marie.open(DESK)
    validate(new_browser(karim.htmx).log_in(MARIE))
    marie.submit(f"{DESK}/{act}")
    assert marie.status == 409
    assert "est « Validée » depuis" in marie.text
    assert "#motif" not in str(marie.page)


def test_a_refusal_without_words_of_a_request_taken_back_is_told_so(karim: Browser, marie: Browser) -> None:
    ask(karim)
    marie.open(DESK)
    karim.open(PAGE).submit(f"{PAGE}/modifier/retrait")
    marie.submit(f"{DESK}/demande", "Refuser la demande")
    assert marie.status == 409
