"""J6, the cart's half: the two dates, through the page itself (R54–R57, R61, R64)."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from harmattan.cart import lookups
from harmattan.core import clock
from tests import cast
from tests.browser import Browser, fold
from tests.journeys.acts import (
    KARIM,
    T1,
    T4,
    add_ready_lines,
    block,
    in_cart,
    order_ready,
    orders,
    paste,
    place,
    send_again,
)

KEPT = {"comment": "Livrer par l’arrière", "own_reference": "Vitrine de Noël"}
Shop = SimpleNamespace


def day(text: str) -> dt.date | None:
    return dt.datetime.strptime(text, "%d/%m/%Y").date() if text else None  # noqa: DTZ007


def want(browser: Browser, not_before: str, deliver_by: str, lines: str = f"{T1} 15") -> Browser:
    """Everything else of the cart saved, then both dates by « Actualiser »."""
    add_ready_lines(paste(browser, lines))
    browser.open("/panier").submit("/panier", "Mettre à jour les quantités", **KEPT)
    return browser.submit(
        "/panier", "Actualiser le port et les dates", not_before=not_before, deliver_by=deliver_by
    )


def fixes(browser: Browser) -> dict[str, str]:
    """The one-press ways out: key -> words."""
    buttons = browser.page.find_all("button", attrs={"name": "fix"})
    return {button["value"]: fold(button.get_text()) for button in buttons}


def dates(shop: Shop) -> tuple[dt.date | None, dt.date | None]:
    """What the cart holds: (not before, deliver by)."""
    cart = lookups.current(shop.grand_large.id)
    assert cart is not None
    return cart.not_before, cart.deliver_by


def other_data_is_kept(browser: Browser) -> bool:
    """On the page and, when it is sent on, in the cart."""
    assert browser.page.find(id="comment").get_text().strip() == KEPT["comment"]
    assert browser.page.find(id="own_reference")["value"] == KEPT["own_reference"]
    assert browser.page.find(id=f"q-{T1}")["value"] == "15"
    return True


# the earliest date


@pytest.mark.parametrize(
    ("now", "earliest"),
    [
        ("2026-11-23 10:00", "jeudi 26 novembre 2026"),
        ("2026-11-23 12:01", "vendredi 27 novembre 2026"),
        ("2026-11-09 14:00", "lundi 16 novembre 2026"),
    ],
    ids=["before the cut-off", "after it", "with the 11th of November"],
)
def test_the_earliest_standard_delivery_counts_cut_off_and_holidays(
    browser: Browser, shop: Shop, now: str, earliest: str
) -> None:
    clock.start_at(dt.datetime.fromisoformat(now).replace(tzinfo=clock.PARIS))
    browser.log_in(KARIM)
    add_ready_lines(paste(browser, f"{T1} 15"))
    assert f"Transporteur, livraison à la librairie Au plus tôt le {earliest}" in block(
        browser.open("/panier"), "mode"
    )


# the table


@pytest.mark.parametrize(
    ("not_before", "deliver_by", "says"),
    [
        ("", "26/11/2026", "possible, à confirmer par le service commercial"),
        ("01/12/2026", "04/12/2026", "une fenêtre de 4 jours ouvrés"),
        ("01/12/2026", "01/12/2026", "exactement le 1er décembre 2026"),
        ("25/12/2026", "", "Première livraison possible : lundi 28 décembre 2026"),
    ],
)
def test_dates_that_are_possible_are_kept_and_said_in_words(
    karim: Browser, shop: Shop, not_before: str, deliver_by: str, says: str
) -> None:
    want(karim, not_before, deliver_by)
    assert karim.status == 200
    assert says in block(karim, "delivery")
    assert fixes(karim) == {}
    assert karim.reloaded()
    karim.submit("/panier", "Vérifier et commander")
    assert karim.url == "/commandes/verifier"
    assert dates(shop) == (day(not_before), day(deliver_by))
    place(karim)
    assert [(order.not_before, order.deliver_by) for order in orders()] == [
        (day(not_before), day(deliver_by))
    ]


REFUSED = [
    (
        "", "25/11/2026", "Livraison au plus tôt le jeudi 26 novembre 2026",
        {"mode-express": "Passer en express : dès le mercredi 25 novembre 2026, port 23,80 € HT",
         "request": "Envoyer quand même, comme demande"},
    ),
    (
        "", "22/11/2026", "le 22 novembre 2026 est passé",
        {"earliest": "Choisir le jeudi 26 novembre 2026"},
    ),
    (
        "", "28/11/2026", "n'est pas un jour ouvré",
        {"on-2026-11-27": "Livrer le vendredi 27 novembre 2026",
         "on-2026-11-30": "Livrer le lundi 30 novembre 2026",
         "request": "Envoyer quand même, comme demande"},
    ),
    (
        "20/11/2026", "", "le 20 novembre 2026 est passé",
        {"no-not-before": "Effacer cette date"},
    ),
    (
        "05/12/2026", "06/12/2026", "Aucun jour ouvré du 5 décembre 2026 au 6 décembre 2026",
        {"next-working-day": "Livrer au plus tard le lundi 7 décembre 2026"},
    ),
    (
        "04/12/2026", "01/12/2026",
        "« Pas de livraison avant le » (4 décembre 2026) doit être au plus tard le 1er décembre 2026",
        {"keep-deliver-by": "Garder l'impérative, 1er décembre 2026",
         "keep-not-before": "Garder le pas-avant, 4 décembre 2026"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("not_before", "deliver_by", "says", "ways_out"), REFUSED)
def test_dates_that_are_not_possible_say_why_and_what_else_and_keep_the_rest(
    karim: Browser, shop: Shop, not_before: str, deliver_by: str, says: str, ways_out: dict[str, str]
) -> None:
    want(karim, not_before, deliver_by)
    assert karim.status == 422
    assert any(says in fault for fault in karim.faults())
    assert karim.page.select("[autofocus]") == karim.page.select("[role=alert]")
    assert fixes(karim) == ways_out
    karim.submit("/panier", "Vérifier et commander")
    assert (karim.status, orders()) == (422, [])
    assert other_data_is_kept(karim)


@pytest.mark.parametrize(
    ("not_before", "deliver_by", "fix"), [(row[0], row[1], fix) for row in REFUSED for fix in row[3]]
)
def test_each_way_out_is_one_press_to_an_order(
    karim: Browser, shop: Shop, not_before: str, deliver_by: str, fix: str
) -> None:
    want(karim, not_before, deliver_by)
    karim.submit("/panier", fix)
    assert karim.status == 200
    assert other_data_is_kept(karim)
    assert karim.reloaded()
    karim.submit("/panier", "Vérifier et commander")
    assert karim.url == "/commandes/verifier"


EXPECTED: list[tuple[str, str, str, dict[str, Any]]] = [
    ("", "25/11/2026", "mode-express", {"mode": "express", "deliver_by": dt.date(2026, 11, 25)}),
    ("", "25/11/2026", "request", {"mode": "standard", "deliver_by_is_request": True}),
    ("", "28/11/2026", "on-2026-11-27", {"deliver_by": dt.date(2026, 11, 27)}),
    ("", "28/11/2026", "on-2026-11-30", {"deliver_by": dt.date(2026, 11, 30)}),
    ("05/12/2026", "06/12/2026", "next-working-day", {"deliver_by": dt.date(2026, 12, 7)}),
    ("04/12/2026", "01/12/2026", "keep-deliver-by", {"deliver_by": dt.date(2026, 12, 1), "not_before": None}),
    ("04/12/2026", "01/12/2026", "keep-not-before", {"deliver_by": None, "not_before": dt.date(2026, 12, 4)}),
]


@pytest.mark.parametrize(("not_before", "deliver_by", "fix", "then"), EXPECTED)
def test_a_way_out_does_what_it_says(
    karim: Browser, shop: Shop, not_before: str, deliver_by: str, fix: str, then: dict[str, Any]
) -> None:
    want(karim, not_before, deliver_by).submit("/panier", fix)
    cart = lookups.current(shop.grand_large.id)
    assert {name: getattr(cart, name) for name in then} == then


# T4 comes out on 15 December


@pytest.mark.parametrize(
    ("fix", "isbns", "deliver_by", "is_apart"),
    [
        ("without", {T1}, dt.date(2026, 12, 10), None),
        ("apart", {T1, T4}, dt.date(2026, 12, 10), True),
        ("later", {T1, T4}, dt.date(2026, 12, 18), False),
    ],
)
def test_a_title_that_comes_out_too_late_asks_for_a_decision(
    karim: Browser, shop: Shop, fix: str, isbns: set[str], deliver_by: dt.date, is_apart: bool | None
) -> None:
    want(karim, "01/12/2026", "10/12/2026", f"{T1} 15\n{T4} 4")
    assert karim.status == 422
    assert "paraît le 15 décembre 2026" in karim.faults()[0]
    assert set(fixes(karim)) == {"without", "apart", "later"}
    karim.submit("/panier", fix)
    assert karim.status == 200
    assert other_data_is_kept(karim)
    assert (set(in_cart()), dates(shop)) == (isbns, (dt.date(2026, 12, 1), deliver_by))
    cart = lookups.current(shop.grand_large.id)
    assert cart is not None
    assert {line.isbn: line.noted_apart for line in lookups.lines(cart)}.get(T4) is is_apart
    checked = karim.open("/commandes/verifier").page.find(id="check-lines").get_text(" ")
    assert ("à part" in checked) is bool(is_apart)


# refusals


@pytest.mark.parametrize("field", ["deliver_by", "not_before"])
def test_a_date_sent_to_a_recorded_order_is_a_409_with_its_state(
    karim: Browser, shop: Shop, field: str
) -> None:
    place(order_ready(karim))
    karim.post(f"{karim.url}/modifier", {field: "04/12/2026"})
    assert karim.status == 409
    assert "« Enregistrée » depuis le 23 novembre 2026" in karim.text
    assert [(order.not_before, order.deliver_by) for order in orders()] == [(None, None)]


@pytest.mark.parametrize("path", ["", "/livraison", "/verifier"])
def test_a_cart_page_left_open_cannot_change_the_order_that_a_colleague_placed(
    karim: Browser, new_browser: Callable[..., Browser], shop: Shop, path: str
) -> None:
    order_ready(karim)
    old_page = send_again(karim.open("/panier"), "/panier")
    place(new_browser().log_in("anne@grandlarge.example").open("/commandes/verifier"))
    karim.post(f"/panier{path}", old_page, deliver_by="04/12/2026")
    assert karim.status == 409
    assert "Ce panier est déjà commandé" in karim.text
    assert karim.page.find("a", href=f"/commandes/{orders()[0].reference}") is not None
    assert [(order.not_before, order.deliver_by) for order in orders()] == [(None, None)]


def test_a_cut_off_passed_since_the_check_is_said_before_anything_is_sent(
    browser: Browser, shop: Shop
) -> None:
    clock.start_at(cast.MONDAY.replace(hour=11, minute=55))
    order_ready(browser.log_in(KARIM), f"{T1} 15", deliver_by="26/11/2026")
    clock.start_at(cast.MONDAY.replace(hour=12, minute=1))
    place(browser)
    assert (browser.status, orders()) == (422, [])
    assert "vendredi 27 novembre 2026" in browser.text
