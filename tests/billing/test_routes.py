"""Pages of documents: found by number, amount, ISBN; duplicates as issued; nobody else's (R68–R72, J10)."""

import datetime as dt
import hashlib
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from harmattan.billing import allocation, lookups
from harmattan.billing.models import DocumentFile, Form
from harmattan.billing.rules import Sought, sought
from harmattan.conversations.models import Thread
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.orders.rules import Status
from tests import cast
from tests.browser import Browser, fold
from tests.real_parts import Statements

ANNE, LUCIE, KARIM = "anne@grandlarge.example", "lucie@grandlarge.example", "karim@grandlarge.example"
PAUL, INES = "paul@quais.example", "ines@equipe.example"
TODAY = cast.MONDAY.date()


@pytest.fixture
def shop(people: SimpleNamespace) -> SimpleNamespace:
    titles = cast.titles()
    return SimpleNamespace(**vars(people), **vars(titles), **vars(cast.documents(people, titles)))


@pytest.fixture
def lucie(browser: Browser, shop: SimpleNamespace) -> Browser:
    return browser.log_in(LUCIE)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("FA-2026-000123", Sought(numbers=("FA-2026-000123",))),
        ("2026-7", Sought(numbers=("FA-2026-000007", "AV-2026-000007"))),
        ("CMD-2026-000341", Sought(order_references=("CMD-2026-000341",))),
        ("111,37", Sought(amount_cents=11137)),
        ("1 284,60 €", Sought(amount_cents=128460)),
        ("978-2-343-00001-5", Sought(isbn="9782343000015")),
        ("bonjour", Sought()),
        ("99999999999,00", Sought()),
    ],
)
def test_a_search_is_read_as_people_type_it(typed: str, meant: Sought) -> None:
    assert sought(typed, TODAY) == meant


def numbers(browser: Browser) -> list[str]:
    return [link.text for link in browser.page.select("#list tbody th a")]


def test_the_invoices_are_listed_latest_first_and_the_credit_notes_beside(
    lucie: Browser, shop: SimpleNamespace
) -> None:
    lucie.open("/documents")
    assert numbers(lucie) == [each.number for each in (shop.f4, shop.f3, shop.f1, shop.f2)]
    lucie.open("/documents/avoirs")
    assert numbers(lucie) == [shop.a1.number]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"q": "111,37"}, ["f4"]),
        ({"q": "9782140423451"}, ["f4"]),
        ({"q": "2343000018"}, ["f3", "f1"]),
        ({"q": "FA-2024-000002"}, ["f1"]),
        ({"etat": "ouvert"}, ["f4"]),
        ({"etat": "solde"}, ["f3", "f1", "f2"]),
        ({"etat": "echu"}, []),
        ({"annee": "2024"}, ["f1", "f2"]),
        ({"annee": "1066"}, ["f4", "f3", "f1", "f2"]),
        ({"q": "bonjour"}, []),
    ],
)
def test_the_list_is_narrowed(
    lucie: Browser, shop: SimpleNamespace, filters: dict[str, str], names: list[str]
) -> None:
    lucie.open("/documents").submit("/documents", **filters)
    assert numbers(lucie) == [getattr(shop, name).number for name in names]
    assert lucie.reloaded()


def test_on_which_invoice_is_this_book_says_how_many_copies_at_what_price(
    lucie: Browser, shop: SimpleNamespace
) -> None:
    lucie.open("/documents?q=978-2-343-00001-5")
    assert numbers(lucie) == [shop.f3.number, shop.f1.number]
    assert "Ethnographie d'un delta : 10 exemplaires à 25,00 € TTC, remise 36 %, 151,68 € HT" in lucie.text


def test_a_long_list_goes_on_from_the_last_one_shown(lucie: Browser, shop: SimpleNamespace) -> None:
    for _ in range(lookups.PAGE_LENGTH):
        cast.invoice(shop.grand_large, (shop.t1, 1))
    db.session.commit()
    first = numbers(lucie.open("/documents"))
    second = numbers(lucie.open(lucie.page.select_one('#list a[rel="next"]')["href"]))
    assert len(first) == lookups.PAGE_LENGTH
    assert second == [each.number for each in (shop.f4, shop.f3, shop.f1, shop.f2)]


def test_a_document_tells_what_settled_it(lucie: Browser, shop: SimpleNamespace) -> None:
    text = lucie.open(f"/documents/{shop.f3.number}").text
    assert "Virement REG-2026-000001" in text
    assert "Reste à régler 0,00 €" in text
    assert f"Avoirs sur cette facture : {shop.a1.number} (48,00 €)" in text
    allocation.allocate(shop.a1, shop.f4, 4800, "Inès Caron")
    text = lucie.open(f"/documents/{shop.f4.number}").text
    assert f"Avoir {shop.a1.number}" in text
    assert "Reste à régler 63,37 €" in text
    text = lucie.open(f"/documents/{shop.a1.number}").text
    assert f"Facture {shop.f4.number}" in text
    assert "Reste à déduire 0,00 €" in text
    assert f"Cet avoir corrige : {shop.f3.number}" in text


@pytest.mark.parametrize("form", Form)
def test_a_duplicate_is_the_file_that_was_issued(lucie: Browser, shop: SimpleNamespace, form: Form) -> None:
    answer = lucie.client.get(f"/documents/{shop.f4.number}.{form.extension}")
    kept = db.session.get_one(DocumentFile, (shop.f4.id, form))
    assert hashlib.sha256(answer.data).hexdigest() == kept.sha256
    assert answer.mimetype == form.mimetype
    assert f"{shop.f4.number}.{form.extension}" in answer.headers["Content-Disposition"]
    assert "duplicata" in lucie.open(f"/documents/{shop.f4.number}").text


@pytest.mark.parametrize("end", ["", ".pdf", ".cii.xml", ".ubl.xml"])
@pytest.mark.parametrize(("email", "status"), [(PAUL, 404), (KARIM, 403), (ANNE, 200), (INES, 200)])
def test_a_document_is_its_own_shops_and_its_readers_alone(
    client: FlaskClient, shop: SimpleNamespace, end: str, email: str, status: int
) -> None:
    Browser(client).log_in(email)
    assert client.get(f"/documents/{shop.f4.number}{end}").status_code == status
    assert client.get(f"/documents/FA-2026-999999{end}").status_code == (403 if status == 403 else 404)


def test_a_link_without_a_session_leads_through_the_log_in_to_the_document(
    client: FlaskClient, shop: SimpleNamespace
) -> None:
    address = f"/documents/{shop.f4.number}.pdf"
    visitor = Browser(client).open(address)
    assert visitor.url.startswith("/connexion")
    answer = visitor.submit("/connexion", email=LUCIE, password=cast.PASSWORD).response
    assert answer.request.path == address
    assert answer.data == shop.f4.number.encode()


def test_staff_find_the_documents_of_one_account(browser: Browser, shop: SimpleNamespace) -> None:
    browser.log_in(INES).open("/documents")
    assert numbers(browser)[0] == shop.f9.number
    assert "Librairie des Quais, compte 104733" in browser.text
    browser.submit("/documents", compte="104512")
    assert numbers(browser) == [each.number for each in (shop.f4, shop.f3, shop.f1, shop.f2)]


def test_the_home_page_gives_the_latest_documents_in_one_click_and_what_is_to_pay(
    lucie: Browser, shop: SimpleNamespace
) -> None:
    lucie.open("/")
    links = [link["href"] for link in lucie.page.select("#documents a.doc")]
    latest = (shop.f4, shop.a1, shop.f3, shop.f1, shop.f2)
    assert links == [f"/documents/{each.number}.pdf" for each in latest]
    to_pay = fold(lucie.page.select_one("#to-pay").get_text(" "))
    assert "63,37" in to_pay
    assert "30 novembre 2026" in to_pay


def test_what_is_overdue_is_told_first(lucie: Browser, shop: SimpleNamespace) -> None:
    assert "Rien n'attend" in lucie.open("/").text
    clock.start_at(cast.MONDAY + dt.timedelta(days=8))
    assert "1 facture est échue." in lucie.log_in(LUCIE).text


def test_an_order_leads_to_its_invoice_from_every_list(browser: Browser, shop: SimpleNamespace) -> None:
    cast.order(shop.karim, number=1, invoice_number=shop.f4.number, status=Status.VALIDATED)
    cast.order(shop.karim, number=2)
    db.session.commit()
    browser.log_in("anne@grandlarge.example")
    for page, where in (("/", "#recent-orders"), ("/commandes", "#list")):
        rows = browser.open(page).page.select(f"{where} tbody tr")
        assert [row.find("a", class_="doc") and row.find("a", class_="doc")["href"] for row in rows] == [
            None,
            f"/documents/{shop.f4.number}.pdf",
        ]
        assert "Facture après validation" in fold(rows[0].get_text(" "))
    browser.log_out().log_in(KARIM).open("/commandes")
    assert not browser.page.select("a.doc")


def test_without_the_right_no_page_speaks_of_documents(browser: Browser, shop: SimpleNamespace) -> None:
    browser.log_in(KARIM).open("/")
    assert "Documents" not in browser.text
    assert browser.open("/documents").status == 403
    browser.open(f"/recherche?q={shop.f4.number}")
    assert not browser.page.select('a[href*="/documents"]')


def test_a_question_on_a_document_goes_to_accounting_with_it(lucie: Browser, shop: SimpleNamespace) -> None:
    lucie.open(f"/documents/{shop.f4.number}")
    lucie.open(lucie.page.select_one('#files a[href^="/contact"]')["href"])
    assert lucie.page.select_one('input[name="objet"][value="comptabilite"]').has_attr("checked")
    assert f"Au sujet de : facture {shop.f4.number} , 111,37 €" in lucie.text
    lucie.submit("/contact", message="Le titre T5 n’était pas dans le colis.")
    thread = db.session.scalars(sa.select(Thread)).one()
    assert (thread.service, thread.about) == ("accounting", shop.f4.number)
    ines = Browser(lucie.client.application.test_client()).log_in(INES)
    ines.open(f"/equipe/messages/{thread.reference}")
    assert ines.page.select_one(f'#facts a[href="/documents/{shop.f4.number}"]')


@pytest.mark.parametrize(("email", "status"), [(PAUL, 404), (KARIM, 403)])
def test_a_question_on_anothers_document_is_refused(
    browser: Browser, shop: SimpleNamespace, email: str, status: int
) -> None:
    browser.log_in(email)
    assert browser.open(f"/contact?objet=comptabilite&document={shop.f4.number}").status == status


@pytest.mark.parametrize("email", [LUCIE, INES])
def test_the_search_leads_to_a_document(browser: Browser, shop: SimpleNamespace, email: str) -> None:
    browser.log_in(email).open(f"/recherche?q={shop.f4.number}")
    assert browser.url == f"/documents/{shop.f4.number}"
    assert shop.a1.number in browser.open("/recherche?q=48,00").text
    assert browser.page.select_one(f'a[href="/documents/{shop.a1.number}"]')


@pytest.mark.parametrize("page", ["/documents", "/documents/avoirs"])
def test_the_list_is_read_along_its_index_however_many_there_are(
    lucie: Browser, page: str, count_statements: "type[Statements]"
) -> None:
    with count_statements() as statements:
        assert lucie.open(page).status == 200
    lists = [text for text in statements.texts if "ORDER BY documents.issued_on DESC" in text]
    assert lists
    for text in lists:
        nothing = (None,) * text.count("?")
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", nothing)
        first, *others = [row.detail for row in plan]
        assert "USING INDEX ix_documents_account_id_kind_issued_on" in first
        assert not [detail for detail in others if "TEMP B-TREE" in detail], others
