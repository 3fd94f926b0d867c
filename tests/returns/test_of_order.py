"""What an order's page shows of its invoice: credit notes and returns; the search by its number."""

from types import SimpleNamespace

import pytest

from harmattan.billing.models import Document
from harmattan.core.extensions import db
from harmattan.returns import service
from harmattan.returns.rules import Route
from tests import cast
from tests.browser import Browser

ANNE, KARIM, HUGO = "anne@grandlarge.example", "karim@grandlarge.example", "hugo@equipe.example"
PAGE = "/commandes/CMD-2026-000001"


@pytest.fixture
def invoice(people: SimpleNamespace) -> Document:
    """Of an order of four copies; three of them are credited, the last one is announced on a slip."""
    titles = cast.titles()
    order = cast.order(people.karim, (titles.t1, 4))
    invoice = cast.invoice(people.grand_large, (titles.t1, 4), order_reference=order.reference)
    order.invoice_number = invoice.number
    cast.credit_note(invoice, 3)
    slip = service.open_draft(people.karim.account_id, people.karim)
    service.wish(slip, {titles.t1.isbn: 1})
    db.session.flush()
    service.issue(slip, people.karim, route=Route.PRISME, parcel_count=1, is_declared=True)
    db.session.commit()
    return invoice


@pytest.mark.parametrize("who", [ANNE, HUGO])
def test_an_order_leads_to_its_documents_and_returns(browser: Browser, invoice: Document, who: str) -> None:
    browser.log_in(who).open(PAGE)
    block = browser.page.select_one("#documents")
    assert [link["href"] for link in block.select('a[href^="/documents"]:not(.doc)')] == [
        *(f"/documents/{invoice.number}", "/documents/AV-2026-000001")
    ]
    for link in block.select("a"):
        assert browser.client.get(link["href"]).status_code == 200
    assert block.select_one('a[href$="/retours/RET-2026-000001"]')


def test_documents_are_shown_to_whom_they_are_open(browser: Browser, invoice: Document) -> None:
    browser.log_in(KARIM).open(PAGE)
    assert not browser.page.select('main a[href^="/documents"]')
    assert browser.page.select_one('#documents a[href="/retours/RET-2026-000001"]')


def test_an_order_is_found_by_its_invoice(
    browser: Browser, invoice: Document, people: SimpleNamespace
) -> None:
    theirs = cast.order(people.paul, number=2)
    theirs.invoice_number = "FA-2026-000099"
    db.session.commit()
    browser.log_in(KARIM).open(f"/commandes?q={invoice.number}")
    assert "CMD-2026-000001" in browser.page.select_one("#list").text
    assert "CMD-2026" not in browser.open("/commandes?q=FA-2026-000099").page.select_one("#list").text


def test_the_start_page_says_what_leaves_the_window(browser: Browser, people: SimpleNamespace) -> None:
    cast.documents(people, cast.titles())
    shown = browser.log_in(KARIM).open("/").page.select_one("#leaving-soon a")
    assert shown["href"] == "/retours/a-retourner"
    lucie = Browser(browser.client.application.test_client()).log_in("lucie@grandlarge.example")
    assert not lucie.open("/").page.select("#leaving-soon")
