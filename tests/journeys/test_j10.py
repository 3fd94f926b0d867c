"""J10 Documents (R68–R72): what Lucie finds, downloads and asks; what nobody else sees."""

import hashlib
import io
import zipfile
from types import SimpleNamespace

import pikepdf
import pytest
import sqlalchemy as sa

from harmattan.billing.models import DocumentFile, Form
from harmattan.conversations.models import Thread
from harmattan.core import jobs
from harmattan.core.extensions import db
from harmattan.dossiers.models import Dossier
from tests import cast
from tests.browser import Browser

LUCIE, KARIM = "lucie@grandlarge.example", "karim@grandlarge.example"
DOSSIERS = "/documents/dossiers"


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


def test_the_dossier_of_september(browser: Browser, documents: SimpleNamespace) -> None:
    browser.log_in(LUCIE).open("/")
    browser.open(browser.page.select_one(f'#documents a[href="{DOSSIERS}"]')["href"])
    browser.submit(DOSSIERS, mois="2026-09")
    jobs.run_due()
    browser.open(DOSSIERS)
    browser.open(browser.page.select_one(f'main li a[href^="{DOSSIERS}/DOS-"]')["href"])
    links = {link["href"].rpartition("_")[2]: link["href"] for link in browser.page.select("#dossier li a")}
    files = {name: browser.client.get(href).data for name, href in links.items()}

    f4 = documents.f4.number
    statement = files["releve.csv"].decode()
    assert "Solde d’ouverture;;;;;-48,00;" in statement
    assert f"15/09/2026;FA;{f4};Facture;;30/11/2026;111,37;;63,37;" in statement
    assert "Solde de clôture;;;;;63,37;" in statement
    archive = zipfile.ZipFile(io.BytesIO(files["dossier.zip"]))
    duplicates = [name for name in archive.namelist() if "_FA-" in name or "_AV-" in name]
    assert duplicates == [f"2026-09_{f4}.pdf"]
    kept = db.session.get_one(DocumentFile, (documents.f4.id, Form.PDF))
    assert hashlib.sha256(archive.read(duplicates[0])).hexdigest() == kept.sha256
    bound = pikepdf.open(io.BytesIO(files["dossier.pdf"]))
    with bound.open_outline() as outline:
        assert [mark.title for mark in outline.root] == ["Relevé de compte", f"Facture {f4}"]


def test_another_shops_invoice_does_not_exist(browser: Browser, documents: SimpleNamespace) -> None:
    f9 = documents.f9.number
    browser.open(f"/documents/{f9}.pdf")  # as the link of a mail leads there
    htmx, browser.htmx = browser.htmx, False
    assert browser.submit("/connexion", email=LUCIE, password=cast.PASSWORD).status == 404
    browser.htmx = htmx
    for address in (f"/documents/{f9}", f"/documents/{f9}.pdf", f"/documents/{f9}.ubl.xml"):
        assert browser.open(address).status == 404
    assert browser.open(f"/contact?objet=comptabilite&document={f9}").status == 404
    assert f9 not in browser.open(f"/documents?q={f9}").page.select_one("#list").text
    assert browser.open("/documents").post(f"{DOSSIERS}/choisis", numero=f9).status == 404
    assert not db.session.scalars(sa.select(Dossier)).all()


def test_karim_has_not_the_right(browser: Browser, documents: SimpleNamespace) -> None:
    browser.log_in(KARIM)
    for address in ("/documents", f"/documents/{documents.f4.number}.pdf", "/releves", DOSSIERS):
        assert browser.open(address).status == 403
    assert not browser.open("/").page.select('a[href^="/documents"], a[href^="/releves"]')
    assert browser.post(f"{DOSSIERS}/choisis", numero=documents.f4.number).status == 403


def test_a_link_from_a_mail_asks_for_the_log_in_first(browser: Browser, documents: SimpleNamespace) -> None:
    address = f"/documents/{documents.f4.number}.pdf"
    assert browser.open(address).url.startswith("/connexion")
    htmx, browser.htmx = browser.htmx, False
    answer = browser.submit("/connexion", email=LUCIE, password=cast.PASSWORD).response
    browser.htmx = htmx
    assert answer.data.startswith(b"%PDF")
