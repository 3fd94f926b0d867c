"""The payment page as our services read it: everything the shop sees, nothing to press (journeys.md)."""

from types import SimpleNamespace

import pytest

from tests import cast
from tests.browser import Browser

STAFF = ("marie@equipe.example", "hugo@equipe.example", "ines@equipe.example", "root@equipe.example")
PAGE = "/paiement?compte=104512"


@pytest.fixture
def papers(people: SimpleNamespace) -> SimpleNamespace:
    return cast.documents(people, cast.titles())


@pytest.mark.parametrize("email", STAFF)
def test_our_services_read_what_a_shop_may_pay_and_press_nothing(
    browser: Browser, papers: SimpleNamespace, email: str
) -> None:
    browser.log_in(email).open(f"{PAGE}&document={papers.f4.number}&document={papers.a1.number}")
    assert browser.status == 200
    assert "63,37" in browser.text
    assert "Librairie Le Grand Large" in browser.text
    main = browser.main()
    assert [form["action"] for form in main.find_all("form") if form.get("method") == "post"] == []
    assert main.find("a", href=lambda link: bool(link and "cheque.pdf" in link)) is None
    browser.post("/paiement", {"document": papers.f4.number, "means": "transfer"})
    assert browser.status == 403


def test_ticking_stays_with_the_account(browser: Browser, papers: SimpleNamespace) -> None:
    browser.log_in("ines@equipe.example").open(PAGE)
    ticked = browser.main().select_one("form[method=get] input[name=compte]")
    assert ticked is not None
    assert ticked["value"] == "104512"
    assert browser.open(f"{PAGE}&document={papers.f9.number}").status == 404


def test_without_an_account_it_asks_for_one(browser: Browser, papers: SimpleNamespace) -> None:
    browser.log_in("ines@equipe.example").open("/paiement")
    assert "De quel compte" in browser.text
    assert browser.open("/paiement?compte=999999").status == 404


def test_a_shop_names_no_other_account(browser: Browser, papers: SimpleNamespace) -> None:
    browser.log_in("lucie@grandlarge.example").open("/paiement?compte=104733")
    assert papers.f9.number not in browser.text
    assert papers.f4.number in browser.text


def test_the_statement_leads_to_the_payment_page(browser: Browser, papers: SimpleNamespace) -> None:
    browser.log_in("lucie@grandlarge.example").open("/releves")
    assert browser.main().find("a", href="/paiement") is not None
    browser.log_out()
    browser.log_in("ines@equipe.example").open("/equipe/releves/104512")
    assert browser.main().find("a", href=PAGE) is not None


def test_a_statement_with_nothing_to_pay_leads_nowhere(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in("lucie@grandlarge.example").open("/releves")
    assert browser.main().select_one("#settle a") is None
