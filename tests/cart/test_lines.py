"""Lines of the cart: adding, changing, removing, each plain and with HTMX (J5)."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from harmattan.cart import lookups, service
from harmattan.cart.models import CartLine
from harmattan.cart.rules import BackorderPolicy
from harmattan.core.extensions import db
from tests import cast
from tests.browser import Browser, fold
from tests.cart.conftest import change, fill
from tests.configuration import answer_otherwise

T1, T2, T3, T4 = "9782343000015", "9782296000018", "9782738400017", "9782343123455"
T5 = "9782140423451"


def quantities(shop: SimpleNamespace) -> dict[str, int]:
    cart = lookups.current(shop.grand_large.id)
    return {line.isbn: line.quantity for line in lookups.lines(cart)} if cart else {}


@pytest.mark.parametrize(
    ("typed", "quantity", "expected"),
    [("978-2-343-00001-5", "2", 2), ("2343000018", "3", 3), ("12*9782343000015", "1", 12), (T1, "", 1)],
)
def test_an_isbn_in_any_form_is_added_and_the_scanner_goes_on(
    browser: Browser, shop: SimpleNamespace, typed: str, quantity: str, expected: int
) -> None:
    browser.log_in("karim@grandlarge.example").open("/panier")
    browser.submit("/panier/lignes", isbn=typed, quantity=quantity)
    assert quantities(shop) == {T1: expected}
    assert "Ajouté : Les passeurs du fleuve" in browser.text
    assert browser.url.startswith("/panier")
    assert browser.page.find(id="isbn").has_attr("autofocus")
    browser.submit("/panier", "Mettre à jour les quantités", isbn=T1, quantity="1")
    assert quantities(shop) == {T1: expected + 1}
    assert browser.page.find(id="isbn").has_attr("autofocus")


@pytest.mark.parametrize("button", ["Ajouter", "Mettre à jour les quantités"])
def test_an_isbn_typed_into_a_cart_takes_along_everything_else_that_was_typed(
    karim: Browser, shop: SimpleNamespace, button: str
) -> None:
    typed = {f"q-{T2}": "7", "comment": "Livrer par l’arrière", "not_before": "01/12/2026"}
    karim.submit("/panier", button, isbn="3*9782140423451", **typed)
    assert quantities(shop) == {T1: 12, T2: 7, T5: 3}
    cart = lookups.current(shop.grand_large.id)
    assert (cart.comment, cart.not_before) == ("Livrer par l’arrière", dt.date(2026, 12, 1))
    assert "Ajouté : Mémoires d'un port, 3 exemplaires." in karim.text
    assert karim.page.find(id="isbn")["value"] == ""


def test_an_isbn_left_in_its_field_is_added_before_the_cart_is_checked(
    karim: Browser, shop: SimpleNamespace
) -> None:
    karim.submit("/panier", "Vérifier et commander", isbn=T5)
    assert karim.url == "/commandes/verifier"
    assert "Ajouté : Mémoires d'un port, 1 exemplaire." in karim.text
    assert quantities(shop) == {T1: 12, T2: 5, T5: 1}


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Saisissez un ISBN"),
        ("9782343000016", "Vérifiez le dernier chiffre de l'ISBN 9782343000016, il devrait être 5"),
        (T3, "« L'école après la pluie » ne peut pas être commandé : épuisé"),
    ],
)
def test_an_isbn_that_cannot_be_added_to_a_cart_stays_typed_and_all_the_rest_is_kept(
    karim: Browser, shop: SimpleNamespace, typed: str, message: str
) -> None:
    karim.submit("/panier", "Ajouter", isbn=typed, comment="Livrer par l’arrière", **{f"q-{T2}": "7"})
    assert (karim.status, karim.faults()) == (422, [message])
    assert karim.page.find(id="isbn")["value"] == typed
    focused = karim.main().find(attrs={"autofocus": True})
    assert focused is karim.page.find(id="isbn"), "what is scanned next goes nowhere"
    assert fold(karim.page.find(id="comment").get_text()) == "Livrer par l'arrière"
    assert quantities(shop) == {T1: 12, T2: 7}
    karim.submit("/panier", "Mettre à jour les quantités", isbn="")
    assert (karim.status, karim.faults()) == (200, [])


def test_updating_answers_the_lines_that_changed_and_leaves_the_others_to_whoever_types(
    karim: Browser, shop: SimpleNamespace
) -> None:
    karim.submit("/panier", "Mettre à jour les quantités", own_reference=" Salon ", **{f"q-{T2}": "7"})
    assert quantities(shop) == {T1: 12, T2: 7}
    assert karim.reloaded()
    if karim.htmx:
        answered = [
            root["id"] for root in BeautifulSoup(karim.response.text, "html.parser").find_all(recursive=False)
        ]
        assert answered == [
            f"line-{T2}",
            "totals",
            "cart-count",
            "problems",
            "changes",
            "mode",
            "note",
            "avis",
        ]


def test_updating_a_cart_that_a_colleague_changed_meanwhile_answers_it_whole(
    karim: Browser, shop: SimpleNamespace
) -> None:
    cart = lookups.current(shop.grand_large.id)
    service.add(cart, {shop.t5: 1}, shop.anne)
    db.session.commit()
    karim.submit("/panier", "Mettre à jour les quantités")
    assert karim.page.find(id=f"line-{T5}")
    assert "Anne Le Goff a modifié ce panier" in karim.text
    assert karim.reloaded()


def test_adding_from_the_search_stays_in_the_search(browser: Browser, shop: SimpleNamespace) -> None:
    browser.log_in("karim@grandlarge.example").open("/catalogue")
    isbn = browser.form("/panier/lignes").find(attrs={"name": "isbn"})["value"]
    browser.submit("/panier/lignes", quantity="4")
    assert quantities(shop) == {isbn: 4}
    assert browser.url == "/catalogue"
    assert "4 exemplaires. Panier : 1 titre" in browser.text
    assert "(1 titre" in fold(browser.page.find(id="cart-count").get_text())
    assert browser.reloaded()
    browser.submit("/panier/lignes", quantity="trois")
    assert (browser.status, quantities(shop)) == (422, {isbn: 4})
    assert "Saisissez la quantité en chiffres, par exemple 3" in browser.text


@pytest.mark.parametrize(
    ("typed", "quantity", "message"),
    [
        ("", "1", "Saisissez un ISBN"),
        ("9782343000016", "1", "Vérifiez le dernier chiffre de l'ISBN 9782343000016, il devrait être 5"),
        ("9782140000003", "1", "Aucun titre pour 9782140000003 : vérifiez le numéro ou cherchez par titre"),
        (T3, "1", "« L'école après la pluie » ne peut pas être commandé : épuisé"),
        (T1, "trois", "Saisissez la quantité en chiffres, par exemple 3"),
        (T1, "0", "Saisissez une quantité de 1 à 9 999, ou retirez la ligne"),
    ],
)
def test_what_cannot_be_added_is_said_and_stays_typed(
    browser: Browser, shop: SimpleNamespace, typed: str, quantity: str, message: str
) -> None:
    browser.log_in("karim@grandlarge.example").open("/panier")
    browser.submit("/panier/lignes", isbn=typed, quantity=quantity)
    assert browser.status == 422
    assert browser.faults() == [message]
    assert browser.page.find(id="isbn")["value"] == typed
    assert quantities(shop) == {}


def test_a_changed_quantity_answers_its_line_the_totals_and_the_count(
    karim: Browser, shop: SimpleNamespace
) -> None:
    change(karim, T1, "13")
    assert karim.status == 200
    assert quantities(shop) == {T1: 13, T2: 5}
    assert "197,18 €" in fold(karim.page.find(id=f"line-{T1}").get_text(" "))
    assert "18 exemplaires" in fold(karim.page.find(id="totals").get_text(" "))
    assert karim.reloaded()
    if karim.htmx:
        assert len(karim.response.data) < 2_000
        assert 'id="delivery"' not in karim.response.text


def test_a_quantity_that_moves_the_fee_answers_the_fees_too(karim: Browser, shop: SimpleNamespace) -> None:
    change(karim, T1, "40")
    assert "19,90 € HT" in karim.text
    assert karim.reloaded()
    if karim.htmx:
        assert 'name="deliver_by"' not in karim.response.text, (
            "a date typed beside it and not sent yet is lost"
        )


@pytest.mark.parametrize("typed", ["0", "-1", "1e9", "trois", "", "1000000000", "99999", "9" * 5_000])
def test_an_unreadable_quantity_is_said_at_its_line_and_changes_nothing(
    karim: Browser, shop: SimpleNamespace, typed: str
) -> None:
    change(karim, T1, typed)
    assert karim.status == 422
    field = karim.page.find(id=f"q-{T1}")
    assert (field["value"], field["aria-invalid"]) == (typed, "true")
    assert "Saisissez" in fold(karim.page.find(id=f"e-{T1}").get_text(" "))
    assert quantities(shop) == {T1: 12, T2: 5}


def test_unreadable_quantities_keep_all_the_rest(karim: Browser, shop: SimpleNamespace) -> None:
    karim.submit("/panier", **{f"q-{T1}": "trois", f"q-{T2}": "7", "comment": "Livrer par l’arrière"})
    assert karim.status == 422
    assert karim.faults() == ["Saisissez la quantité en chiffres, par exemple 3"]
    assert karim.page.find(id=f"q-{T1}")["value"] == "trois"
    assert quantities(shop) == {T1: 12, T2: 7}
    assert lookups.current(shop.grand_large.id).comment == "Livrer par l’arrière"


def test_a_removed_line_is_put_back(karim: Browser, shop: SimpleNamespace) -> None:
    karim.submit("/panier", button="Retirer Les passeurs du fleuve")
    assert quantities(shop) == {T2: 5}
    assert "« Les passeurs du fleuve » est retiré du panier" in karim.text
    assert karim.reloaded()
    karim.submit("/panier/lignes", button="Remettre 12 exemplaires de Les passeurs du fleuve")
    assert quantities(shop) == {T1: 12, T2: 5}
    assert karim.open("/panier").page.find(id="removed") is None


def test_a_line_put_back_waits_for_its_missing_copies_as_before(
    karim: Browser, shop: SimpleNamespace
) -> None:
    change(karim, T2, "5", **{f"p-{T2}": "together"})
    karim.open("/panier").submit("/panier", button="Retirer Écrire sous les halles")
    karim.submit("/panier/lignes", button="Remettre 5 exemplaires de Écrire sous les halles")
    assert "3 disponibles sur 5 : tout partira ensemble" in karim.text


def test_a_line_is_removed_and_the_focus_goes_to_the_next(karim: Browser, shop: SimpleNamespace) -> None:
    karim.submit("/panier", button="Retirer Les passeurs du fleuve", **{f"q-{T2}": "4"})
    assert quantities(shop) == {T2: 4}
    assert karim.page.find(id=f"line-{T1}") is None
    assert karim.reloaded()
    if karim.htmx:
        assert karim.page.find(id=f"line-{T2}").find("button").has_attr("autofocus")
    karim.submit("/panier", button="Retirer Écrire sous les halles")
    assert "Votre panier est vide" in karim.text


@pytest.mark.parametrize(
    ("policy", "quantity", "says"),
    [
        ("note", 5, "3 disponibles, 2 notés"),
        ("skip", 3, "Disponible"),
        ("together", 5, "3 disponibles sur 5 : tout partira ensemble"),
    ],
)
def test_missing_copies_are_noted_left_out_or_awaited(
    karim: Browser, shop: SimpleNamespace, policy: str, quantity: int, says: str
) -> None:
    change(karim, T2, "5", **{f"p-{T2}": policy})
    assert quantities(shop)[T2] == quantity
    assert says in fold(karim.page.find(id=f"line-{T2}").get_text(" "))
    assert karim.reloaded()


def test_nothing_in_stock_and_nothing_noted_forbids_ordering(karim: Browser, shop: SimpleNamespace) -> None:
    cart = service.open_cart(shop.grand_large.id)
    service.add(cart, {shop.t4: 2}, shop.karim, BackorderPolicy.SKIP)
    karim.open("/panier").submit("/panier", button="Vérifier et commander")
    assert karim.status == 422
    assert karim.faults() == [
        "Retirez « Petite grammaire du marché au cacao », ou choisissez de le noter : rien n'est disponible"
    ]


def test_a_title_sold_out_meanwhile_is_named_and_counts_in_no_amount(
    karim: Browser, shop: SimpleNamespace
) -> None:
    cart = service.open_cart(shop.grand_large.id)
    db.session.execute(
        CartLine.__table__.update().values(title_id=shop.t3.id).where(CartLine.title_id == shop.t2.id)
    )
    db.session.commit()
    karim.open("/panier")
    assert karim.faults() == ["Retirez « L'école après la pluie » : épuisé"]
    assert fold(karim.page.title.get_text()).startswith("Erreur : Panier")
    assert "Sans 1 ligne à retirer" in karim.text
    assert cart.line_count == 2
    assert "182,02 €" in fold(karim.page.find(id="totals").get_text(" "))


def test_a_price_changed_since_is_shown_with_both_and_taken_once_seen(
    karim: Browser, shop: SimpleNamespace
) -> None:
    shop.t1.price_cents = 2600
    db.session.commit()
    karim.open("/panier")
    assert "25,00 € → 26,00 € TTC" in karim.text
    assert "245,37 €" in fold(karim.page.find(id="totals").get_text(" "))
    karim.submit("/panier")
    assert "→" not in karim.text
    (line,) = [line for line in lookups.lines(lookups.current(shop.grand_large.id)) if line.isbn == T1]
    assert (line.price_cents, line.line_cents) == (2600, 18924)


def test_a_price_that_was_not_shown_is_not_taken(karim: Browser, shop: SimpleNamespace) -> None:
    shop.t1.price_cents = 2600
    db.session.commit()
    karim.open("/panier").submit("/panier", **{f"s-{T1}": "100"})
    assert "25,00 € → 26,00 € TTC" in karim.text


def test_two_people_on_one_line_the_last_write_is_named(
    karim: Browser, shop: SimpleNamespace, new_browser: Callable[..., Browser]
) -> None:
    anne = new_browser().log_in("anne@grandlarge.example").open("/panier")
    anne.submit("/panier", **{f"q-{T1}": "8"})
    change(karim, T1, "9")
    assert quantities(shop)[T1] == 9
    assert "votre quantité 9 remplace 8 (Anne Le Goff)" in karim.text


def test_a_stale_page_does_not_undo_what_others_did_elsewhere(
    karim: Browser, shop: SimpleNamespace, new_browser: Callable[..., Browser]
) -> None:
    anne = new_browser().log_in("anne@grandlarge.example").open("/panier")
    anne.submit("/panier", **{f"q-{T2}": "2"})
    karim.submit("/panier", **{f"q-{T1}": "13"})
    assert quantities(shop) == {T1: 13, T2: 2}
    assert "Anne Le Goff a modifié ce panier à 10 h" in karim.text


def test_a_cart_ordered_in_another_tab_says_so(karim: Browser, shop: SimpleNamespace) -> None:
    cart = service.open_cart(shop.grand_large.id)
    assert service.close(cart.id, cart.version)
    db.session.commit()
    karim.submit("/panier", **{f"q-{T1}": "13"})
    assert karim.status == 409
    assert "Ce panier est déjà commandé" in karim.text
    assert karim.page.find("a", string="Voir la commande") is not None
    assert quantities(shop) == {}


def test_another_accounts_cart_and_lines_are_a_404(karim: Browser, shop: SimpleNamespace) -> None:
    foreign = service.open_cart(shop.quais.id)
    service.add(foreign, {shop.t5: 3}, shop.paul)
    db.session.commit()
    karim.post("/panier", cart=str(foreign.id), comment="chez le voisin")
    assert karim.status == 404
    karim.post(f"/panier/lignes/{shop.t5.isbn}", {f"q-{shop.t5.isbn}": "9"})
    assert karim.status == 404
    karim.post("/panier", {f"q-{shop.t5.isbn}": "9", "cart_id": str(foreign.id)})
    assert [line.quantity for line in lookups.lines(foreign)] == [3]
    assert lookups.current(shop.quais.id).comment == ""


def test_a_price_in_the_form_is_ignored(karim: Browser, shop: SimpleNamespace) -> None:
    before = fold(karim.page.select("#totals dl")[0].get_text())
    karim.submit("/panier", price_cents="1", line_cents="1", **{f"price-{T1}": "1"})
    assert fold(karim.page.select("#totals dl")[0].get_text()) == before


def test_a_cart_of_many_lines_shows_a_hundred_and_saves_on_the_way(
    browser: Browser, shop: SimpleNamespace
) -> None:
    many = [cast.title(f"97820000{number:05}") for number in range(150)]
    fill(shop, dict.fromkeys(many, 2))
    browser.log_in("karim@grandlarge.example").open("/panier")
    assert len(browser.page.select("tbody tr")) == 100
    browser.submit("/panier", button="Page suivante", **{f"q-{many[0].isbn}": "7"})
    assert browser.url == "/panier?page=2"
    assert len(browser.page.select("tbody tr")) == 50
    assert quantities(shop)[many[0].isbn] == 7
    assert browser.open("/panier?page=99").status == 200
    assert "Page 2 sur 2" in browser.text


@pytest.mark.parametrize("copies", [1, 60])
def test_statements_are_few_and_do_not_grow_with_the_lines(
    shop: SimpleNamespace, new_browser: Callable[..., Browser], count_statements: Any, copies: int
) -> None:
    fill(shop, {cast.title(f"97820000{number:05}"): 2 for number in range(copies)} | {shop.t1: 3})
    browser = new_browser(htmx=True).log_in("karim@grandlarge.example")
    with count_statements() as statements:
        browser.open("/panier")
    assert len(statements) <= 10, statements
    with count_statements() as statements:
        change(browser, T1, "4")
    assert len(statements) <= 6, statements


def test_recent_orders_of_a_title_are_pointed_out(karim: Browser, shop: SimpleNamespace, app: Flask) -> None:
    last = SimpleNamespace(reference="CMD-2026-000007", quantity=4, placed_at=cast.MONDAY)
    answer_otherwise(app, "orders.of_isbns", lambda *_: {T1: last})
    said = fold(karim.open("/panier").page.find(id="changes").get_text(" "))
    assert "Les passeurs du fleuve : 4 exemplaires le 23 novembre 2026, 10 h" in said
    assert "commande CMD-2026-000007" in said
