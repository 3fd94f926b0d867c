"""J12: returns by scan, plain and with HTMX (R88–R99)."""

import datetime as dt
import io
from types import SimpleNamespace

import pytest

from harmattan.billing.models import Document
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.outbox.models import OutboxMessage
from harmattan.returns.models import ReturnSlip
from tests import cast
from tests.browser import Browser

KARIM, HUGO = "karim@grandlarge.example", "hugo@equipe.example"
LUCIE, PAUL = "lucie@grandlarge.example", "paul@quais.example"
PHOTO = b"\xff\xd8\xff\xe0 une photo"
T1, T2, T3, T5 = "9782343000015", "9782296000018", "9782738400017", "9782140423451"


@pytest.fixture
def shop(people: SimpleNamespace) -> SimpleNamespace:
    titles = cast.titles()
    return SimpleNamespace(people=people, titles=titles, documents=cast.documents(people, titles))


def scan(browser: Browser, *texts: str) -> Browser:
    browser.open("/retours/nouveau")
    for text in texts:
        browser.submit("/retours/nouveau/lignes", isbn=text)
    return browser


def row(browser: Browser, isbn: str) -> str:
    field = browser.page.find(id=f"q-{isbn}")
    assert field is not None, browser.text
    return " ".join(field.find_parent("tr").get_text(" ").replace("\u00a0", " ").split())


def issue(browser: Browser, **fields: str) -> Browser:
    facts = {"route": "prisme", "parcel_count": "2", "declared": "y"}
    return browser.submit("/retours/nouveau", "emettre", **(facts | fields))


def test_scan_verdicts_slip_reception_and_credit(browser: Browser, shop: SimpleNamespace) -> None:
    browser.log_in(KARIM)
    scan(browser, *[T1] * 8, f"2*{T2}", T3, f"6*{T5}")
    f1, f3 = shop.documents.f1.number, shop.documents.f3.number
    at = "à 15,168 € HT"
    assert (
        f"4 sur {f1}, {at}, jusqu’au 23 novembre 2026 (aujourd’hui) ; 4 sur {f3}, {at}, jusqu’au 10 mars 2028"
        in row(browser, T1)
    )
    assert "trop tard depuis le 22 novembre 2026" in row(browser, T2)
    assert "jamais facturé à votre compte" in row(browser, T3)
    assert "Dépôt au comptoir possible" in row(browser, T5)
    assert browser.page.find(id="route-counter") is None
    for isbn in (T2, T3):
        browser.submit("/retours/nouveau", isbn)
    assert "Avoir prévu, si tout est accepté : 239,38 € TTC" in browser.text
    issue(browser)
    assert browser.url == "/retours/RET-2026-000001"
    assert "Harmattan Rue des Vikings Z.A Charles TELLIER 14110 Condé en Normandie" in browser.text
    for paper in ("/retours/RET-2026-000001/bon.pdf", "/retours/RET-2026-000001/etiquettes.pdf"):
        assert browser.client.get(paper).data.startswith(b"%PDF-")
    browser.log_out().log_in(HUGO)
    _receive(browser)
    browser.log_out().log_in(KARIM)
    credit = db.session.query(Document).filter(Document.reason == "Retour RET-2026-000001").one()
    browser.open("/retours/RET-2026-000001")
    assert credit.number in browser.text
    assert "1 exemplaire refusé : étiqueté" in browser.text
    photo = browser.page.find("a", string="Photo 1")["href"]
    assert browser.client.get(photo).data == PHOTO
    assert [mail.subject for mail in _mails() if credit.number in mail.body] != []
    assert credit.number in browser.log_out().log_in(LUCIE).open("/").text
    assert browser.log_out().log_in(PAUL).open(photo).status == 404


def _mails() -> list[OutboxMessage]:
    return db.session.query(OutboxMessage).filter(OutboxMessage.kind == "return_settled").all()


def _receive(browser: Browser) -> None:
    """Hugo finds the slip by its number and accepts all but one labelled copy."""
    browser.open("/equipe/retours").submit("/equipe/retours", q="ret-2026-000001")
    assert browser.url == "/equipe/retours/RET-2026-000001"
    browser.submit("/equipe/retours/RET-2026-000001/reception")
    (slip,) = db.session.query(ReturnSlip)
    line = next(line for line in slip.lines if line.invoice_number.startswith("FA-2026") and line.isbn == T1)
    fields = {f"l{line.id}-accepted": "3", f"l{line.id}-refused": "labelled"}
    files = {f"l{line.id}-photo": (io.BytesIO(PHOTO), "etiquette.jpg")}
    browser.submit("/equipe/retours/RET-2026-000001/controle", files=files, **fields)
    assert "13 exemplaires acceptés" in browser.text
    with cast.stand_in_papers():
        browser.submit("/equipe/retours/RET-2026-000001/avoir")
    assert "Avoir émis" in browser.text
    assert browser.reloaded()


def test_what_can_come_back_is_said_before_it_is_all_typed(browser: Browser, shop: SimpleNamespace) -> None:
    scan(browser.log_in(KARIM), f"1*{T1}")
    assert "Possible, jusqu’à 11 : 1 sur" in row(browser, T1)


def test_more_than_is_left_is_refused_with_the_reason(browser: Browser, shop: SimpleNamespace) -> None:
    browser.log_in(KARIM)
    scan(browser, f"12*{T1}")
    assert "11 au maximum" in row(browser, T1)
    issue(browser)
    assert browser.status == 422
    assert "11 au maximum" in browser.text
    assert db.session.query(ReturnSlip).one().reference is None


def test_the_next_day_the_oldest_invoice_is_out(browser: Browser, shop: SimpleNamespace) -> None:
    clock.start_at(cast.MONDAY + dt.timedelta(days=1))
    browser.log_in(KARIM)
    scan(browser, f"8*{T1}")
    assert "7 au maximum" in row(browser, T1)


def test_a_second_slip_of_the_day_counts_the_first(browser: Browser, shop: SimpleNamespace) -> None:
    browser.log_in(KARIM)
    issue(scan(browser, f"8*{T1}"))
    assert "3 au maximum" in row(scan(browser, f"4*{T1}"), T1)


def test_without_the_declaration_nothing_is_issued(browser: Browser, shop: SimpleNamespace) -> None:
    browser.log_in(KARIM)
    issue(scan(browser, T1), declared=None)
    assert browser.status == 422
    assert "Cochez la déclaration" in browser.text
    assert row(browser, T1)


def test_the_counter_takes_only_what_was_collected_there(browser: Browser, shop: SimpleNamespace) -> None:
    browser.log_in(KARIM)
    scan(browser, T1)
    issue(browser, route="counter")
    assert browser.status == 422
    assert "Seuls les titres retirés au comptoir peuvent y être déposés" in browser.text
    browser.submit("/retours/nouveau", T1)
    issue(scan(browser, T5), route="counter")
    assert "7 Rue de l'Ecole Polytechnique" in browser.text


def test_who_may_not_return_books_is_refused(browser: Browser, shop: SimpleNamespace) -> None:
    browser.log_in("lucie@grandlarge.example")
    assert browser.open("/retours/nouveau").status == 403
    assert browser.post("/retours/nouveau", emettre="1").status == 403


def test_another_shops_slip_is_a_404(browser: Browser, shop: SimpleNamespace) -> None:
    browser.log_in(KARIM)
    issue(scan(browser, T1))
    browser.log_out().log_in("paul@quais.example")
    for address in ("", "/bon.pdf", "/etiquettes.pdf"):
        assert browser.open(f"/retours/RET-2026-000001{address}").status == 404
    assert browser.post("/retours/RET-2026-000001/annuler").status == 404


def test_sales_read_and_do_not_receive(browser: Browser, shop: SimpleNamespace) -> None:
    browser.log_in(KARIM)
    issue(scan(browser, T1))
    browser.log_out().log_in("marie@equipe.example")
    assert browser.open("/equipe/retours/RET-2026-000001").status == 200
    assert browser.post("/equipe/retours/RET-2026-000001/reception").status == 403


def test_what_leaves_its_window_soon_goes_onto_the_slip(browser: Browser, shop: SimpleNamespace) -> None:
    browser.log_in(KARIM).open("/retours")
    assert "À retourner bientôt" in browser.text
    browser.open("/retours/a-retourner").submit("/retours/a-retourner")
    assert "4 sur" in row(browser, T1)


def test_a_pasted_list_is_read_or_kept_with_what_is_wrong(browser: Browser, shop: SimpleNamespace) -> None:
    browser.log_in(KARIM).open("/retours/nouveau")
    browser.submit("/retours/nouveau/liste", liste=f"{T1} 2\nbonjour")
    assert browser.status == 422
    assert "bonjour" in browser.page.find(id="liste").get_text()
    browser.submit("/retours/nouveau/liste", liste=f"978-2-343-00001-5 2\n{T5} 3")
    assert "2 titres" in browser.text


@pytest.mark.parametrize(
    ("typed", "said"), [("97", "chiffres"), ("9782343000016", "devrait être 5"), ("", "ISBN")]
)
def test_an_isbn_that_cannot_be_read_stays_typed(
    browser: Browser, shop: SimpleNamespace, typed: str, said: str
) -> None:
    browser.log_in(KARIM)
    scan(browser, typed)
    assert browser.status == 422
    assert browser.page.find(id="isbn")["value"] == typed
    assert said in browser.text


@pytest.mark.parametrize("typed", ["-1", "trois", "100000"])
def test_a_quantity_that_cannot_be_read_stays_typed(
    browser: Browser, shop: SimpleNamespace, typed: str
) -> None:
    browser.log_in(KARIM)
    scan(browser, T1, T5)
    browser.submit("/retours/nouveau", "enregistrer", **{f"q-{T1}": typed, f"q-{T5}": "2"})
    assert browser.status == 422
    assert browser.page.find(id=f"q-{T1}")["value"] == typed
    assert browser.page.find(id=f"q-{T5}")["value"] == "2"


def test_a_slip_is_cancelled_until_it_is_received(browser: Browser, shop: SimpleNamespace) -> None:
    browser.log_in(KARIM)
    issue(scan(browser, T1))
    browser.submit("/retours/RET-2026-000001/annuler")
    assert "Annulé" in browser.text
    assert browser.post("/retours/RET-2026-000001/annuler").status == 409


def test_the_number_of_a_slip_leads_to_it(browser: Browser, shop: SimpleNamespace) -> None:
    browser.log_in(KARIM)
    issue(scan(browser, T1)).submit("/recherche", q="ret 2026 1")
    assert browser.url == "/retours/RET-2026-000001"
    browser.log_out().log_in(HUGO).submit("/recherche", q="RET-2026-000001")
    assert browser.url == "/equipe/retours/RET-2026-000001"


def test_issuing_twice_makes_one_slip(browser: Browser, shop: SimpleNamespace) -> None:
    browser.log_in(KARIM)
    scan(browser, T1)
    issue(browser)
    fields = {"emettre": "1", "route": "prisme", "parcel_count": "1", "declared": "y"}
    browser.post("/retours/nouveau", fields)
    assert db.session.query(ReturnSlip).count() == 1
