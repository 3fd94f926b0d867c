"""The search page and the title page, as people of shops and services see them."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from harmattan.cart.models import CartLine
from harmattan.catalogue import service
from harmattan.catalogue.models import TitleRelation
from harmattan.catalogue.rules import Availability
from harmattan.core import clock
from harmattan.core.extensions import db
from tests import cast
from tests.browser import Browser, comparable, fold
from tests.configuration import answer_otherwise

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def books(people: SimpleNamespace) -> SimpleNamespace:
    found = cast.titles()
    db.session.commit()
    return found


@pytest.fixture
def anne(client: FlaskClient, books: SimpleNamespace) -> Browser:
    return Browser(client).log_in("anne@grandlarge.example")


def rows(browser: Browser) -> list[str]:
    return [fold(cite.get_text()) for cite in browser.page.select("#results tbody cite")]


def test_prices_are_for_whoever_is_logged_in(client: FlaskClient, books: SimpleNamespace) -> None:
    for address in ("/catalogue", "/catalogue?q=passeurs", "/catalogue/9782343000015"):
        assert Browser(client).open(address).url.startswith("/connexion")


def test_a_search_shows_price_net_price_and_state(anne: Browser) -> None:
    anne.open("/catalogue").submit("/catalogue", q="passeurs")
    assert rows(anne) == ["Les passeurs du fleuve. Ethnographie d'un delta"]
    assert "1 titre pour « passeurs »" in anne.text
    for fact in ("978-2-343-00001-5", "Cléo Almeida", "2024", "25,00 €", "15,17 €", "Disponible"):
        assert fact in anne.text


def test_the_header_searches_from_every_page(anne: Browser) -> None:
    anne.open("/")
    form = anne.page.select_one("header form[role=search]")
    assert form is not None
    assert (form["action"], form.input["name"]) == ("/recherche", "q")


@pytest.mark.parametrize("typed", ["9782343000015", "978-2-343-00001-5", "2343000018", "2-343-00001-8 "])
def test_an_isbn_in_any_form_leads_to_its_title(anne: Browser, typed: str) -> None:
    assert anne.open("/catalogue?q=" + typed).url == "/catalogue/9782343000015"
    answer = anne.client.get("/catalogue?q=" + typed, headers=FRAGMENT)
    assert answer.headers["HX-Redirect"] == "/catalogue/9782343000015"


def test_an_isbn_that_is_not_ours_is_explained(anne: Browser) -> None:
    anne.open("/catalogue?q=978-2-07-036002-4")
    assert "Aucun titre pour 978-2-07-036002-4" in anne.text
    assert "autre éditeur" in anne.text


def test_a_wrong_check_digit_says_which_it_should_be_and_links_there(anne: Browser) -> None:
    anne.open("/catalogue?q=9782343000016")
    assert "Vérifiez le dernier chiffre de l'ISBN 9782343000016, il devrait être 5" in anne.text
    assert anne.page.select_one('#sought a[href="/catalogue/9782343000015"]')


def test_an_isbn_half_typed_is_no_fault(anne: Browser) -> None:
    anne.open("/catalogue?q=9782343000")
    assert "ne se lit pas" not in anne.text


def test_a_correction_links_back_to_what_was_typed(anne: Browser) -> None:
    for number in (71, 72):
        cast.title(f"97823430000{number}", title=f"Histoire des harmattans {number}")
    service.rebuild_vocabulary()
    anne.open("/catalogue?q=harmatans&tri=titre")
    assert "2 titres pour « harmattans »" in anne.text
    link = anne.page.find("a", string=lambda text: text and "Chercher exactement" in text)
    anne.open(link["href"])
    assert "Aucun titre pour « harmatans »" in anne.text
    assert anne.page.select_one("#tri option[selected]")["value"] == "titre"


def test_nothing_found_says_what_to_try(anne: Browser) -> None:
    anne.open("/catalogue?q=zzzzz&dispo=attendu")
    assert "Ce que vous pouvez essayer" in anne.text
    assert anne.page.select_one('#nothing a[href="/catalogue?q=zzzzz"]')
    assert anne.page.select_one('#nothing a[href^="/contact"]')


def test_filters_and_order_stand_in_the_form_and_in_the_address_of_every_page(anne: Browser) -> None:
    for number in range(25):
        cast.title(f"97823430001{number:02}", title=f"Contes {number:02}", collection="Contes du monde")
    anne.open("/catalogue").submit(
        "/catalogue", q="contes", collection="contes", dispo=["disponible"], tri="titre"
    )
    assert len(rows(anne)) == 20
    following = anne.page.select_one("#results a[rel=next]")["href"]
    anne.open(following)
    assert rows(anne) == [f"Contes {number}" for number in range(20, 25)]
    assert anne.page.select_one("#dispo-disponible").has_attr("checked")
    assert anne.page.select_one("#collection")["value"] == "contes"
    assert anne.page.select_one("details").has_attr("open")
    assert not anne.page.select("#results a[rel=next]")


@pytest.mark.parametrize(
    "query",
    ["page=-1", "page=9999999", "page=x", "depuis=0000", "depuis=99999", "rayon='%20OR", "dispo=x&tri=x"],
)
def test_an_address_made_up_is_no_fault(anne: Browser, query: str) -> None:
    anne.open("/catalogue?" + query)
    assert anne.status == 200
    assert len(rows(anne)) == 5


@pytest.mark.parametrize(
    "query", ["", "?q=passeurs", "?q=zzzz", "?q=9782343000016", "?q=9782070360024&tri=titre"]
)
def test_htmx_is_given_the_results_of_the_page(anne: Browser, query: str) -> None:
    anne.open("/catalogue" + query)
    form = anne.form("/catalogue", "Chercher")
    assert (form["data-hx-get"], form["data-hx-target"]) == ("/catalogue", "#results")
    fragment = anne.client.get("/catalogue" + query, headers=FRAGMENT).text
    roots = BeautifulSoup(fragment, "html.parser").find_all(recursive=False)
    assert [root["id"] for root in roots] == ["results"]
    assert comparable(roots[0]) == comparable(anne.page.find(id="results"))


def test_a_title_goes_into_the_cart_from_a_result_and_from_its_page(anne: Browser) -> None:
    anne.open("/catalogue?q=passeurs").submit("/panier/lignes", quantity="2")
    assert anne.status == 200
    anne.open("/catalogue/9782343000015").submit("/panier/lignes", "Ajouter au panier", quantity="3")
    assert anne.status == 200
    assert db.session.scalars(sa.select(CartLine.quantity)).all() == [5]


def test_only_those_who_may_order_get_an_order_form(client: FlaskClient, books: SimpleNamespace) -> None:
    for email, forms in (("karim@grandlarge.example", 1), ("lucie@grandlarge.example", 0)):
        browser = Browser(client).log_in(email)
        for address in ("/catalogue?q=passeurs", "/catalogue/9782343000015"):
            browser.open(address)
            assert "15,17 €" in browser.text
            assert len(browser.main().select('form[action="/panier/lignes"]')) == forms
        browser.log_out()


def test_staff_reads_public_prices_only(client: FlaskClient, books: SimpleNamespace) -> None:
    browser = Browser(client).log_in("marie@equipe.example")
    for address in ("/catalogue?q=passeurs", "/catalogue/9782343000015", "/catalogue?q=zzz"):
        browser.open(address)
        assert browser.status == 200
        assert "net HT" not in browser.text
        assert not browser.main().select('form[action="/panier/lignes"], a[href^="/contact"]')


def test_the_title_page_says_everything_about_price(anne: Browser) -> None:
    anne.open("/catalogue/9782343000015")
    for fact in (
        "Prix public TTC 25,00 €",
        "5,5 %",
        "Votre remise 36 %",
        "Votre net HT 15,17 €",
        "Broché",
        "320 g",
    ):
        assert fact in anne.text
    assert not anne.page.select("s, del")


@pytest.mark.parametrize("isbn", ["9782070360024", "9782343000016", "zzz", "97823430000150"])
def test_an_unknown_title_is_a_404(anne: Browser, isbn: str) -> None:
    assert anne.open("/catalogue/" + isbn).status == 404


def test_a_deleted_title_is_the_same_404(anne: Browser, books: SimpleNamespace) -> None:
    unknown = anne.open("/catalogue/9782070360024").main().get_text()
    books.t1.deleted_at = clock.now()
    anne.open("/catalogue/9782343000015")
    assert anne.status == 404
    assert anne.main().get_text().split("Référence")[0] == unknown.split("Référence")[0]
    assert "Aucun titre" in anne.open("/catalogue?q=9782343000015").text


def test_an_address_with_hyphens_or_an_isbn_10_leads_to_the_title(anne: Browser) -> None:
    for isbn in ("978-2-343-00001-5", "2343000018"):
        assert anne.open("/catalogue/" + isbn).url == "/catalogue/9782343000015"


def test_a_title_to_come_says_when_and_is_noted(anne: Browser) -> None:
    anne.open("/catalogue/9782343123455")
    assert "À paraître prévu le 15 déc. 2026" in anne.text
    assert "Votre commande est notée et part à la parution" in anne.text
    assert anne.main().select('form[action="/panier/lignes"]')


def test_a_date_gone_by_is_not_promised(anne: Browser, books: SimpleNamespace) -> None:
    books.t4.expected_on = dt.date(2026, 11, 2)
    anne.open("/catalogue/9782343123455")
    assert "La date annoncée, le 2 novembre 2026 , est passée" in anne.text
    assert "prévu le" not in anne.text


def test_a_title_sold_out_leads_to_its_new_edition(anne: Browser, books: SimpleNamespace) -> None:
    for code, isbn in (("06", "9782140000003"), ("05", books.t2.isbn)):
        db.session.add(TitleRelation(title_id=books.t3.id, code=code, isbn=isbn))
    anne.open("/catalogue/9782738400017")
    assert not anne.main().select('form[action="/panier/lignes"]')
    assert "Le titre ne se commande plus" in anne.text
    editions = [fold(item.get_text(" ")) for item in anne.page.select("#facts li")]
    assert editions[0].startswith("Nouvelle édition : Écrire sous les halles")
    assert editions[1].startswith("Autre format : 978-2-14-000000-3")


def test_a_title_without_price_cannot_be_ordered_yet(anne: Browser, books: SimpleNamespace) -> None:
    books.t4.price_cents = None
    for address in ("/catalogue/9782343123455", "/catalogue?q=cacao"):
        anne.open(address)
        assert anne.status == 200
        assert not anne.main().select('form[action="/panier/lignes"]')


def test_few_copies_are_counted(anne: Browser, books: SimpleNamespace) -> None:
    assert "Disponible, 3 en stock" in anne.open("/catalogue/9782296000018").text
    books.t2.stock = 0
    assert "stock à reconstituer" in anne.open("/catalogue/9782296000018").text


def test_a_foreign_title_says_its_language(anne: Browser, books: SimpleNamespace) -> None:
    books.t5.language, books.t5.availability = "eng", Availability.ON_DEMAND
    anne.open("/catalogue/9782140423451")
    assert anne.page.select_one("h1 cite")["lang"] == "en"
    assert "Langue anglais" in anne.text


def test_the_collection_leads_to_its_titles(anne: Browser, books: SimpleNamespace) -> None:
    books.t1.collection = books.t2.collection = "Études de bord"
    anne.open("/catalogue/9782343000015")
    assert [fold(cite.get_text()) for cite in anne.page.select("#neighbours cite")] == [
        "Écrire sous les halles"
    ]
    anne.open(anne.page.find("a", string="Études de bord")["href"])
    assert len(rows(anne)) == 2


def test_the_title_page_recalls_the_shops_last_orders(anne: Browser, app: Flask) -> None:
    def of_title(account_id: int, isbn: str, limit: int) -> list[SimpleNamespace]:
        last = SimpleNamespace(
            reference="CMD-2026-000123",
            placed_at=dt.datetime(2026, 3, 2, 10, tzinfo=clock.PARIS),
            quantity=12,
            state="Expédiée",
        )
        return [last] * limit

    answer_otherwise(app, "orders.of_title", of_title)
    anne.open("/catalogue/9782343000015")
    assert anne.text.count("12 exemplaires le 2 mars 2026") == 3
    assert anne.main().select('a[href="/commandes/CMD-2026-000123"]')


def test_the_title_page_leads_to_the_invoices_that_hold_it(anne: Browser) -> None:
    anne.open("/catalogue/9782343000015")
    anne.open(anne.main().select_one('a[href^="/documents"]')["href"])
    assert anne.url == "/documents?q=9782343000015"


@pytest.mark.parametrize(
    "address",
    [
        "/catalogue",
        "/catalogue?q=contes",
        "/catalogue?q=comtes",
        "/catalogue?q=pasteurs&tri=titre",
        "/catalogue?q=9782343000016",
        "/catalogue/9782343000015",
    ],
)
def test_statements_do_not_grow_with_what_is_shown(
    anne: Browser, books: SimpleNamespace, count_statements: Callable[[], Any], address: str
) -> None:
    for number in range(30):
        cast.title(f"97823430001{number:02}", title=f"Contes {number:02}", collection="Contes")
        db.session.add(TitleRelation(title_id=books.t1.id, code="06", isbn=f"97823430001{number:02}"))
    books.t1.collection = "Contes"
    service.rebuild_vocabulary()
    db.session.commit()
    anne.client.get(address)
    with count_statements() as statements:
        anne.client.get(address)
    assert len(statements) <= 10, statements
