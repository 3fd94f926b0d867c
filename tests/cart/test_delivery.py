"""Delivery, the two dates, reference and comment in the cart (J6, R43, R54, R61, R83–R87)."""

import datetime as dt
from types import SimpleNamespace

import pytest

from harmattan.cart import lookups
from harmattan.cart.models import Cart
from harmattan.core.extensions import db
from harmattan.core.places import Territory
from harmattan.deliveries.rules import DeliveryMode
from tests import cast
from tests.browser import Browser, fold
from tests.cart.conftest import fill

T4 = "9782343123455"
PATHS = (
    "",
    "/verifier",
    "/devis",
    "/livraison",
    "/dates",
    "/lignes",
    f"/lignes/{T4}",
    f"/lignes/{T4}/retirer",
)


def cart_of(shop: SimpleNamespace) -> Cart:
    cart = lookups.current(shop.grand_large.id)
    assert cart is not None
    return cart


def choose(browser: Browser, **fields: str) -> Browser:
    return browser.submit("/panier", button="Actualiser le port et les dates", **fields)


def test_the_parts_of_the_page_stand_in_their_order(karim: Browser) -> None:
    ids = ["lines", "mode", "deliver_by", "not_before", "comment", "totals"]
    places = [karim.response.text.index(f'id="{name}"') for name in ids]
    assert places == sorted(places)
    for label in (
        "Date de livraison impérative",
        "Pas de livraison avant le",
        "Vérifier et commander",
        "Demander un devis",
    ):
        assert label in karim.text


def test_changing_the_mode_changes_the_fee_and_shows_both(karim: Browser, shop: SimpleNamespace) -> None:
    assert "Au plus tôt le jeudi 26 novembre 2026" in karim.text
    choose(karim, mode="express")
    assert "Port : 23,80 € HT au lieu de 11,90 € HT" in karim.text
    assert cart_of(shop).mode is DeliveryMode.EXPRESS
    assert "Port HT, express 23,80 €" in karim.text
    assert karim.reloaded()


def test_more_than_thirty_kilos_are_computed_at_validation_and_say_why(
    karim: Browser, shop: SimpleNamespace
) -> None:
    fill(shop, {shop.t1: 100})
    karim.open("/panier")
    assert "Frais de port calculés à la validation : plus de 30 kg, emballage compris" in karim.text
    assert "Total TTC hors port" in karim.text


def test_the_books_go_to_one_of_the_accounts_own_addresses(karim: Browser, shop: SimpleNamespace) -> None:
    other = cast.address(
        shop.grand_large, Territory.CORSICA, postal_code="20000", city="Ajaccio", is_default=False
    )
    foreign = cast.address(shop.quais, is_default=False)
    db.session.commit()
    choose(karim.open("/panier"), address=str(other.id))
    assert cart_of(shop).address.city == "Ajaccio"
    assert "TVA 2,1 %" in karim.text
    assert karim.reloaded()
    choose(karim, address=str(foreign.id))
    assert cart_of(shop).address.city == "Ajaccio"
    choose(karim, mode="counter")
    assert "TVA 5,5 %" in karim.text


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-12-04", dt.date(2026, 12, 4)),
        ("04/12/2026", dt.date(2026, 12, 4)),
        ("4 déc.", dt.date(2026, 12, 4)),
        ("lundi", dt.date(2026, 11, 30)),
    ],
)
def test_a_date_is_taken_as_typed_and_repeated_in_words(
    karim: Browser, shop: SimpleNamespace, typed: str, day: dt.date
) -> None:
    choose(karim, deliver_by=typed)
    assert karim.status == 200
    assert cart_of(shop).deliver_by == day
    assert "possible, à confirmer par le service commercial" in karim.text
    assert {"vendredi 4 décembre 2026", "lundi 30 novembre 2026"} & {
        fold(karim.page.find(id="deliver_by-w").get_text())
    }
    assert karim.reloaded()


@pytest.mark.parametrize("typed", ["30/02/2027", "bientôt", "32/01"])
def test_a_date_that_cannot_be_read_stays_typed(karim: Browser, shop: SimpleNamespace, typed: str) -> None:
    choose(karim, deliver_by=typed, comment="gardé")
    assert karim.status == 422
    field = karim.page.find(id="deliver_by")
    assert (field["value"], field["type"]) == (typed, "text")
    assert len(karim.faults()) == 1
    assert cart_of(shop).deliver_by is None


@pytest.mark.parametrize(
    ("after", "by", "says", "buttons"),
    [
        ("", "2026-11-25", "au plus tôt le jeudi 26 novembre 2026", ["mode-express", "request"]),
        ("", "2026-11-22", "le 22 novembre 2026 est passé", ["earliest"]),
        ("", "2026-11-28", "n'est pas un jour ouvré", ["on-2026-11-27", "on-2026-11-30", "request"]),
        ("2026-11-20", "", "le 20 novembre 2026 est passé", ["no-not-before"]),
        ("2026-12-05", "2026-12-06", "Aucun jour ouvré", ["next-working-day"]),
        ("2026-12-04", "2026-12-01", "doit être au plus tard le", ["keep-deliver-by", "keep-not-before"]),
        ("", "9999-12-31", "au plus tard le 23 novembre 2028", []),
        ("", "0001-01-01", "est passé", ["earliest"]),
        ("0001-01-01", "9999-12-31", "au plus tard le 23 novembre 2028", []),
    ],
)
def test_dates_that_cannot_be_ordered_are_explained_with_their_fixes(
    karim: Browser, shop: SimpleNamespace, after: str, by: str, says: str, buttons: list[str]
) -> None:
    choose(karim, not_before=after, deliver_by=by)
    assert karim.status == 422
    assert any(says in fault for fault in karim.faults())
    assert [button["value"] for button in karim.page.find_all("button", attrs={"name": "fix"})] == buttons
    assert (karim.page.find(id="not_before")["value"], karim.page.find(id="deliver_by")["value"]) == (
        after,
        by,
    )
    karim.submit("/panier", button="Vérifier et commander", comment="gardé aussi")
    assert karim.status == 422
    assert cart_of(shop).comment == "gardé aussi"


@pytest.mark.parametrize(
    ("after", "by", "fix", "expected"),
    [
        ("2026-12-04", "2026-12-01", "keep-deliver-by", (dt.date(2026, 12, 1), None, "standard", False)),
        ("2026-12-04", "2026-12-01", "keep-not-before", (None, dt.date(2026, 12, 4), "standard", False)),
        ("", "2026-11-25", "mode-express", (dt.date(2026, 11, 25), None, "express", False)),
        ("", "2026-11-25", "request", (dt.date(2026, 11, 25), None, "standard", True)),
        ("", "2026-11-28", "on-2026-11-30", (dt.date(2026, 11, 30), None, "standard", False)),
        ("", "2026-11-28", "request", (dt.date(2026, 11, 28), None, "standard", True)),
    ],
)
def test_a_fix_is_one_press(
    karim: Browser, shop: SimpleNamespace, after: str, by: str, fix: str, expected: tuple[object, ...]
) -> None:
    choose(karim, not_before=after, deliver_by=by, comment="gardé")
    karim.submit("/panier", button=fix)
    assert karim.status == 200
    cart = cart_of(shop)
    assert (cart.deliver_by, cart.not_before, cart.mode.value, cart.deliver_by_is_request) == expected
    assert karim.reloaded()
    karim.submit("/panier", button="Vérifier et commander")
    assert karim.url == "/commandes/verifier"


@pytest.mark.parametrize(
    ("fix", "titles", "day"),
    [
        ("without", 2, dt.date(2026, 12, 10)),
        ("apart", 3, dt.date(2026, 12, 10)),
        ("later", 3, dt.date(2026, 12, 18)),
    ],
)
def test_a_title_out_too_late_for_the_urgent_date_asks_for_a_decision(
    karim: Browser, shop: SimpleNamespace, fix: str, titles: int, day: dt.date
) -> None:
    fill(shop, {shop.t4: 4})
    choose(karim.open("/panier"), not_before="2026-12-01", deliver_by="2026-12-10")
    assert karim.status == 422
    assert "paraît le 15 décembre 2026" in karim.faults()[0]
    karim.submit("/panier", button=fix)
    assert karim.status == 200
    cart = cart_of(shop)
    assert (len(lookups.lines(cart)), cart.deliver_by) == (titles, day)
    assert karim.reloaded()


def test_an_unknown_fix_changes_nothing(karim: Browser, shop: SimpleNamespace) -> None:
    karim.post("/panier/dates", fix="request")
    assert not cart_of(shop).deliver_by_is_request


def test_another_date_ends_the_request(karim: Browser, shop: SimpleNamespace) -> None:
    choose(karim, deliver_by="2026-11-25").submit("/panier", button="request")
    choose(karim, deliver_by="2026-11-24")
    assert karim.status == 422
    assert not cart_of(shop).deliver_by_is_request


def test_every_button_saves_everything_typed(karim: Browser, shop: SimpleNamespace) -> None:
    said = {
        "comment": "Livrer par l’arrière",
        "own_reference": "Vitrine",
        "q-9782343000015": "13",
        "mode": "prisme",
    }
    karim.submit("/panier", button="Demander un devis", **said)
    assert karim.url == "/devis/demander"
    cart = cart_of(shop)
    assert (cart.comment, cart.own_reference, cart.mode) == ("Livrer par l’arrière", "Vitrine", "prisme")
    assert {line.quantity for line in lookups.lines(cart)} == {13, 5}


@pytest.mark.parametrize(
    ("pressed", "leads_to"),
    [
        ({"bouton": "verifier"}, "/commandes/verifier"),
        ({"bouton": "devis"}, "/devis/demander"),
        ({"bouton": "livraison"}, "/panier"),
        ({"bouton": "retirer-9782343000015"}, "/panier"),
        ({"bouton": "retirer-nothing"}, "/panier"),
        ({"bouton": "unknown"}, "/panier"),
    ],
)
def test_a_browser_that_knows_no_formaction_presses_the_same_buttons(
    karim: Browser, shop: SimpleNamespace, pressed: dict[str, str], leads_to: str
) -> None:
    karim.htmx = False
    karim.submit("/panier", **pressed, comment="gardé")
    assert (karim.status, karim.url) == (200, leads_to)
    cart = cart_of(shop)
    assert cart.comment == "gardé"
    assert cart.line_count == (1 if pressed["bouton"] == "retirer-9782343000015" else 2)


def test_a_browser_that_knows_no_formaction_takes_a_way_out_of_the_dates(
    karim: Browser, shop: SimpleNamespace
) -> None:
    karim.htmx = False
    choose(karim, deliver_by="2026-11-25").submit("/panier", fix="mode-express")
    assert cart_of(shop).mode is DeliveryMode.EXPRESS


def test_a_text_too_long_says_so_and_stays_typed(karim: Browser, shop: SimpleNamespace) -> None:
    karim.submit("/panier", own_reference="x" * 41, comment="y" * 2001)
    assert karim.status == 422
    assert len(karim.faults()) == 2
    assert karim.page.find(id="own_reference")["value"] == "x" * 41
    assert cart_of(shop).own_reference == ""


def test_an_unknown_mode_is_not_taken(karim: Browser, shop: SimpleNamespace) -> None:
    karim.submit("/panier", mode="pigeon", comment="gardé")
    assert karim.status == 422
    assert (cart_of(shop).mode, cart_of(shop).comment) == (DeliveryMode.STANDARD, "gardé")


@pytest.mark.parametrize("button", [None, "Vérifier et commander", "Retirer Les passeurs du fleuve"])
def test_a_session_lost_at_submit_gives_back_what_was_typed(
    karim: Browser, shop: SimpleNamespace, button: str | None
) -> None:
    form_page, karim.htmx = karim.page, False
    cookie_free = {"comment": "Livrer par l’arrière", "q-9782343000015": "13", "isbn": "2*9782140423451"}
    with karim.client.session_transaction() as session:
        session.pop("_user_id")
    karim.page = form_page
    karim.submit("/panier", button=button, **cookie_free)
    assert karim.url.startswith("/connexion")
    karim.submit("/connexion", email="karim@grandlarge.example", password=cast.PASSWORD)
    assert karim.page.find(id="comment").get_text().strip() == "Livrer par l’arrière"
    assert karim.page.find(id="q-9782343000015")["value"] == "13"
    assert karim.page.find(id="isbn")["value"] == "2*9782140423451"
    assert cart_of(shop).comment == ""
    karim.submit("/panier")
    assert cart_of(shop).comment == "Livrer par l’arrière"


@pytest.mark.parametrize(
    "path",
    ["", "/verifier", "/devis", "/livraison", "/dates", "/lignes", f"/lignes/{T4}", f"/lignes/{T4}/retirer"],
)
def test_every_address_typed_leads_to_the_cart(karim: Browser, path: str) -> None:
    karim.open(f"/panier{path}")
    assert (karim.status, karim.url) == (200, "/panier")


@pytest.mark.parametrize("email", ["lucie@grandlarge.example", "marie@equipe.example"])
def test_the_cart_is_for_people_who_may_order(browser: Browser, shop: SimpleNamespace, email: str) -> None:
    browser.log_in(email)
    assert browser.page.find(id="cart-count") is None
    token = browser.token()
    assert browser.open("/panier").status == 403
    for path in (
        "",
        "/lignes",
        "/verifier",
        "/devis",
        "/livraison",
        "/dates",
        f"/lignes/{T4}",
        f"/lignes/{T4}/retirer",
    ):
        assert browser.post(f"/panier{path}", csrf_token=token).status == 403


def test_the_header_counts_titles_and_euros(karim: Browser) -> None:
    assert "Panier (2 titres, " in karim.text
    assert "Panier (vide)" in karim.log_out().log_in("paul@quais.example").text
