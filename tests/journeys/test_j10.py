"""J10 Documents (R68–R72): what Lucie finds, downloads and asks; what nobody else sees."""

import hashlib
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from harmattan.billing.models import DocumentFile, Form
from harmattan.conversations.models import Thread
from harmattan.core.extensions import db
from tests import cast
from tests.browser import Browser

LUCIE, KARIM = "lucie@grandlarge.example", "karim@grandlarge.example"


@pytest.fixture
def documents(people: SimpleNamespace) -> SimpleNamespace:
    """F1 to F4, A1 and F9, with their real papers."""
    return cast.documents(people, cast.titles(), set_it=True)


def test_lucie_finds_her_documents_and_asks_about_one(browser: Browser, documents: SimpleNamespace) -> None:
    home = browser.log_in(LUCIE).open("/")
    shown = [link["href"] for link in home.page.select("#documents a.doc")]
    f4, a1 = documents.f4, documents.a1
    assert {f"/documents/{f4.number}.pdf", f"/documents/{a1.number}.pdf"} <= set(shown)

    pdf = browser.client.get(f"/documents/{f4.number}.pdf").data
    assert pdf.startswith(b"%PDF")
    kept = db.session.get_one(DocumentFile, (f4.id, Form.PDF))
    assert hashlib.sha256(pdf).hexdigest() == kept.sha256
    assert "duplicata" in browser.open(f"/documents/{f4.number}").text

    browser.open(browser.page.select_one('#files a[href^="/contact"]')["href"])
    assert browser.page.select_one('input[name="objet"][value="comptabilite"]').has_attr("checked")
    browser.submit("/contact", message="Pouvez-vous vérifier la remise ?")
    thread = db.session.scalars(sa.select(Thread)).one()
    assert (thread.service, thread.about) == ("accounting", f4.number)


def test_another_shops_invoice_does_not_exist(browser: Browser, documents: SimpleNamespace) -> None:
    browser.log_in(LUCIE)
    f9 = documents.f9.number
    for address in (f"/documents/{f9}", f"/documents/{f9}.pdf", f"/documents/{f9}.ubl.xml"):
        assert browser.open(address).status == 404
    assert browser.open(f"/contact?objet=comptabilite&document={f9}").status == 404
    assert f9 not in browser.open("/documents").text


def test_karim_has_not_the_right(browser: Browser, documents: SimpleNamespace) -> None:
    browser.log_in(KARIM)
    assert browser.open("/documents").status == 403
    assert browser.open(f"/documents/{documents.f4.number}.pdf").status == 403
    assert not browser.open("/").page.select('a[href^="/documents"]')


def test_a_link_from_a_mail_asks_for_the_log_in_first(browser: Browser, documents: SimpleNamespace) -> None:
    address = f"/documents/{documents.f4.number}.pdf"
    assert browser.open(address).url.startswith("/connexion")
    htmx, browser.htmx = browser.htmx, False
    answer = browser.submit("/connexion", email=LUCIE, password=cast.PASSWORD).response
    browser.htmx = htmx
    assert answer.data.startswith(b"%PDF")
