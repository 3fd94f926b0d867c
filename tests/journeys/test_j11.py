"""J11 Payment and credits (R73–R82): what is ticked, what it comes to, how it is paid, what is refused."""

import io
import re
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlsplit

import pytest
import sqlalchemy as sa

from harmattan.billing.models import Document
from harmattan.conversations.models import Attachment, Thread
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.payments.models import Notification, PaymentOrder
from harmattan.payments.rules import Status
from tests import cast
from tests.browser import Browser, fold

LUCIE, KARIM, PAUL = "lucie@grandlarge.example", "karim@grandlarge.example", "paul@quais.example"
HUGO, INES = "hugo@equipe.example", "ines@equipe.example"


@pytest.fixture
def papers(people: SimpleNamespace) -> SimpleNamespace:
    """F4 (111,37) and A1 (48,00) are open; F9 is another shop's."""
    return cast.documents(people, cast.titles())


@pytest.fixture
def lucie(browser: Browser, papers: SimpleNamespace) -> Browser:
    return browser.log_in(LUCIE)


def tick(lucie: Browser, *documents: Document) -> Browser:
    """The page with these documents ticked, as the form's address says it."""
    return lucie.open("/paiement?" + "&".join(f"document={each.number}" for each in documents))


def pay(lucie: Browser, means: str) -> Browser:
    """Press the button of this means."""
    forms = [
        form
        for form in lucie.page.find_all("form", action="/paiement", method="post")
        if form.find("button", attrs={"name": "means", "value": means})
    ]
    fields = {name: [each["value"] for each in forms[0].find_all("input", attrs={"name": name})]
              for name in ("csrf_token", "once", "document")}  # fmt: skip
    return lucie.post("/paiement", fields | {"means": means})


def left(document: Document) -> int:
    db.session.refresh(document, ["open_cents"])
    return document.open_cents


def test_step_1_what_is_ticked_comes_to_an_amount_a_label_and_the_words_for_a_cheque(
    lucie: Browser, papers: SimpleNamespace
) -> None:
    lucie.open("/paiement").submit("/paiement", document=[papers.f4.number, papers.a1.number])
    text = fold(lucie.main().get_text(" "))
    assert "63,37 €" in text
    assert f"{papers.f4.number} {papers.a1.number}" in text
    assert "à l'ordre de « Editions l'Harmattan »" in text
    assert "Service des commandes" in text
    assert "7 Rue de l'Ecole Polytechnique" in text
    assert f"Au dos du chèque : Compte 104512 {papers.f4.number} {papers.a1.number}" in text
    assert lucie.page.select_one("#means svg") is not None, "the QR code"
    link = lucie.page.find("a", href=re.compile(r"/paiement/cheque\.pdf"))
    assert link is not None
    assert lucie.client.get(link["href"]).data.startswith(b"%PDF")


def test_step_2_the_payment_page_is_another_site(lucie: Browser, papers: SimpleNamespace) -> None:
    tick(lucie, papers.f4, papers.a1)
    assert "https://paiement.harmattan.fr/paiement" in lucie.text
    pay(lucie, "online")
    order = db.session.scalars(sa.select(PaymentOrder)).one()
    assert (order.amount_cents, order.documents, order.status) == (
        6337,
        [papers.f4.number, papers.a1.number],
        Status.AWAITED,
    )
    assert lucie.url == f"/paiement/{order.reference}"


def test_step_3_a_lcr_is_asked_for_with_the_bank_details_for_accounting_alone(
    lucie: Browser, papers: SimpleNamespace, new_browser
) -> None:
    lucie.open("/paiement").open(lucie.page.find("a", href="/contact?objet=lcr")["href"])
    rib = (io.BytesIO(b"%PDF-1.7 FR76"), "rib.pdf", "application/pdf")
    lucie.submit("/contact", message="Nous souhaitons payer par LCR.", files={"piece": rib})
    thread = db.session.scalars(sa.select(Thread)).one()
    assert (thread.service, thread.bank_details) == (Service.ACCOUNTING, True)
    key = db.session.scalars(sa.select(Attachment.key)).one()
    page = f"/equipe/messages/pieces/{key}"
    assert new_browser(lucie.htmx).log_in(INES).client.get(page).status_code == 200
    assert new_browser(lucie.htmx).log_in(HUGO).open(page).status == 403


# refusals


def test_credits_above_the_invoices_leave_nothing_to_pay_and_the_rest_as_credit(
    lucie: Browser, papers: SimpleNamespace, people: SimpleNamespace
) -> None:
    more = cast.credit_note(papers.f3, 6, issued_on=papers.a1.issued_on)
    db.session.commit()
    rest = papers.a1.open_cents + more.open_cents - papers.f4.open_cents
    assert rest > 0
    tick(lucie, papers.f4, papers.a1, more)
    text = fold(lucie.main().get_text(" "))
    assert "0,00 €" in text
    assert "reste en avoir" in text
    lucie.submit("/paiement", "Déduire ces avoirs")
    assert left(papers.f4) == 0
    assert left(papers.a1) + left(more) == rest
    assert db.session.scalars(sa.select(PaymentOrder)).all() == []


def test_the_counter_is_offered_for_what_was_collected_there_and_nothing_else(
    lucie: Browser, papers: SimpleNamespace, people: SimpleNamespace
) -> None:
    assert "Au comptoir" in tick(lucie, papers.f4).text
    sent = cast.invoice(people.grand_large, (cast.title("9782000000017"), 2), issued_on=papers.f9.issued_on)
    db.session.commit()
    assert "Au comptoir" not in tick(lucie, sent).text
    assert "Au comptoir" not in tick(lucie, papers.f4, sent).text
    assert "Au comptoir" not in lucie.open("/paiement").text


def test_anothers_document_is_a_404_in_the_address_and_in_the_form(
    lucie: Browser, papers: SimpleNamespace
) -> None:
    assert tick(lucie, papers.f9).status == 404
    tick(lucie, papers.f4)
    lucie.post("/paiement", {"document": [papers.f4.number, papers.f9.number], "means": "transfer"})
    assert lucie.status == 404
    assert lucie.open(f"/paiement/cheque.pdf?document={papers.f9.number}").status == 404
    assert db.session.scalars(sa.select(PaymentOrder)).all() == []


def test_who_may_not_read_documents_pays_nothing(browser: Browser, papers: SimpleNamespace) -> None:
    assert browser.log_in(KARIM).open("/paiement").status == 403


def test_another_shop_does_not_find_the_payment(lucie: Browser, papers: SimpleNamespace, new_browser) -> None:
    pay(tick(lucie, papers.f4), "transfer")
    assert new_browser(lucie.htmx).log_in(PAUL).open(lucie.url).status == 404


# afterwards


def test_what_was_announced_is_received_by_accounting_and_settles_its_documents(
    lucie: Browser, papers: SimpleNamespace, new_browser
) -> None:
    pay(tick(lucie, papers.f4, papers.a1), "transfer")
    reference = lucie.url.rpartition("/")[2]
    desk = "/equipe/comptabilite/reglements"
    ines = new_browser(lucie.htmx).log_in(INES).open(desk)
    assert reference in ines.text
    ines.submit(f"{desk}/{reference}/recu")
    assert (left(papers.f4), left(papers.a1)) == (0, 0)
    assert "Reçu" in lucie.open(f"/paiement/{reference}").text
    ines.post(f"{desk}/{reference}/recu")
    assert ines.status == 409


def test_what_was_announced_is_said_where_it_would_be_ticked_again(
    lucie: Browser, papers: SimpleNamespace
) -> None:
    lucie.post("/paiement", {"document": [papers.f4.number], "means": "transfer", "once": "a"})
    lucie.open("/paiement")
    row = lucie.page.find("input", value=papers.f4.number).find_parent("tr")
    assert "Annoncé virement" in row.get_text(" ", strip=True)
    assert row.find("a", href="/paiement/PAI-2026-000001") is not None


def test_the_shop_takes_its_announcement_back(lucie: Browser, papers: SimpleNamespace) -> None:
    pay(tick(lucie, papers.f4), "cheque")
    url = lucie.url
    lucie.submit(f"{url}/annuler")
    assert "Annulé" in lucie.open(url).text
    lucie.post(f"{url}/annuler")
    assert lucie.status == 409


def test_the_payment_page_is_handed_what_to_pay_signed(lucie: Browser, papers: SimpleNamespace, app) -> None:
    app.config["PAYMENT_SECRET"] = "shared-with-the-payment-page"
    pay(tick(lucie, papers.f4), "online")
    link = lucie.page.find("a", string=re.compile("page de paiement"))["href"]
    handed = dict(parse_qsl(urlsplit(link).query))
    assert (handed["montant"], handed["devise"], handed["documents"]) == ("11137", "EUR", papers.f4.number)
    assert len(handed["signature"]) == 64
    assert db.session.scalars(sa.select(Notification)).all() == []
