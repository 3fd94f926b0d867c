"""The search at the top of every page: numbers lead straight there, words to what fits them."""

from types import SimpleNamespace

import pytest

from harmattan.catalogue import service as catalogue
from harmattan.core.extensions import db
from harmattan.core.services import Service
from tests import cast
from tests.browser import Browser

KARIM, PAUL, MARIE = "karim@grandlarge.example", "paul@quais.example", "marie@equipe.example"


@pytest.fixture
def shop(people: SimpleNamespace) -> SimpleNamespace:
    """One order of Karim's, one message about a parcel, the five titles."""
    titles = cast.titles()
    catalogue.rebuild_vocabulary()
    order = cast.order(
        people.karim, (titles.t1, 2), number=7, own_reference="Rayon port", folded_own_reference="rayon port"
    )
    thread = cast.thread(people.karim, Service.SALES, body="Le carton du port est mouillé.")
    db.session.commit()
    return SimpleNamespace(people=people, titles=titles, order=order, thread=thread)


@pytest.mark.parametrize("typed", ["978-2-343-00001-5", "2343000018", "9782343000015"])
def test_an_isbn_in_any_form_leads_to_its_title(browser: Browser, shop: SimpleNamespace, typed: str) -> None:
    browser.log_in(KARIM).submit("/recherche", q=typed)
    assert browser.url == "/catalogue/9782343000015"


@pytest.mark.parametrize("typed", ["CMD-2026-000007", "cmd 2026 7", "2026-7"])
def test_a_number_with_its_year_leads_to_its_order(
    browser: Browser, shop: SimpleNamespace, typed: str
) -> None:
    browser.log_in(KARIM).submit("/recherche", q=typed)
    assert browser.url == "/commandes/CMD-2026-000007"


def test_the_number_of_a_message_leads_to_it(browser: Browser, shop: SimpleNamespace) -> None:
    browser.log_in(KARIM).submit("/recherche", q=shop.thread.reference.lower())
    assert browser.url == f"/messages/{shop.thread.reference}"
    browser.log_out().log_in(MARIE).submit("/recherche", q=shop.thread.reference)
    assert browser.url == f"/equipe/messages/{shop.thread.reference}"


def test_words_find_something_of_every_kind(browser: Browser, shop: SimpleNamespace) -> None:
    browser.log_in(KARIM).submit("/recherche", q="port")
    found = {section.h2.contents[0].strip(): section for section in browser.page.select("#found section")}
    assert list(found) == ["Titres", "Messages", "Questions fréquentes"]
    assert found["Messages"].a["href"] == f"/messages/{shop.thread.reference}"
    browser.submit("/recherche", q="rayon")
    assert "CMD-2026-000007" in browser.main().get_text()


def test_words_that_find_titles_alone_lead_to_the_catalogue(browser: Browser, shop: SimpleNamespace) -> None:
    browser.log_in(KARIM).submit("/recherche", q="cacao")
    assert browser.url == "/catalogue?q=cacao"


def test_a_mistyped_isbn_leads_to_the_page_that_says_what_is_wrong(
    browser: Browser, shop: SimpleNamespace
) -> None:
    browser.log_in(KARIM).submit("/recherche", q="9782343000016")
    assert browser.url == "/catalogue?q=9782343000016"
    assert "9782343000015" in str(browser.main())


def test_another_shops_order_and_message_are_not_found(browser: Browser, shop: SimpleNamespace) -> None:
    browser.log_in(PAUL)
    for typed in (shop.order.reference, shop.thread.reference, "carton"):
        browser.open("/recherche").submit("/recherche", q=typed)
        assert f"Rien pour « {typed} »" in browser.text


def test_a_person_without_the_right_to_order_finds_no_order(browser: Browser, shop: SimpleNamespace) -> None:
    browser.log_in("lucie@grandlarge.example").submit("/recherche", q=shop.order.reference)
    assert f"Rien pour « {shop.order.reference} »" in browser.text


def test_a_service_finds_the_messages_of_its_own_queue_alone(browser: Browser, shop: SimpleNamespace) -> None:
    browser.log_in("ines@equipe.example").submit("/recherche", q="carton")
    assert "Rien pour « carton »" in browser.text
    browser.log_out().log_in(MARIE).submit("/recherche", q="carton")
    assert shop.thread.reference in browser.text


@pytest.mark.parametrize("typed", ["", "  ", "%", "_", "\\", "a" * 300, "'; --"])
def test_whatever_is_typed_is_answered(browser: Browser, shop: SimpleNamespace, typed: str) -> None:
    assert browser.log_in(KARIM).open("/recherche").submit("/recherche", q=typed).status == 200
