"""J5: paste a list, review it, order it once (R37, R42, R43)."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from harmattan.cart import lookups
from harmattan.cart.rules import BackorderPolicy
from harmattan.core.extensions import db
from tests.browser import Browser
from tests.journeys.acts import (
    KARIM,
    LUCIE,
    T1,
    T2,
    T4,
    T5,
    add_ready_lines,
    block,
    in_cart,
    log_in_again,
    lose_every_session,
    mails,
    order_ready,
    orders,
    paste,
    place,
    send_again,
)

REAR_DOOR = "Livrer par l’arrière"

# 1. Karim pastes seven lines


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (1, "Ligne 1 « 978-2-343-00001-5 12 » : 12 Ligne 2 « 2343000018;3 » : 3"),
        (1, "15 exemplaires à ajouter"),
        (3, "5 demandés, 3 disponibles"),
        (3, "3 + 2 notés 3 seulement tout ensemble"),
        (4, "Épuisé : ne sera pas ajouté"),
        (5, "À paraître le 15 décembre 2026 : 4 exemplaires à noter"),
        (6, "Vouliez-vous 9782343000015 , Les passeurs du fleuve ?"),
        (7, "« bonjour »"),
        (7, "Aucun ISBN n'a été reconnu"),
    ],
)
def test_step_1_each_line_says_what_becomes_of_it(karim: Browser, row: int, says: str) -> None:
    paste(karim)
    assert says in block(karim, f"ligne-{row}")
    assert in_cart() == {}


def test_step_1_nothing_is_lost_when_the_ready_lines_are_added(karim: Browser) -> None:
    add_ready_lines(paste(karim))
    assert in_cart() == {
        T1: (15, BackorderPolicy.NOTE),
        T2: (5, BackorderPolicy.NOTE),
        T4: (4, BackorderPolicy.NOTE),
    }
    for row in (4, 6, 7):
        assert block(karim, f"ligne-{row}")
    assert karim.reloaded()


@pytest.mark.parametrize(
    ("choice", "quantity", "policy"),
    [
        ("note", 5, BackorderPolicy.NOTE),
        ("skip", 3, BackorderPolicy.SKIP),
        ("together", 5, BackorderPolicy.TOGETHER),
    ],
)
def test_step_1_the_two_missing_copies_are_karims_choice(
    karim: Browser, choice: str, quantity: int, policy: BackorderPolicy
) -> None:
    add_ready_lines(paste(karim), **{"choix-3": choice})
    assert in_cart()[T2] == (quantity, policy)


def test_step_1_the_cart_says_how_many_leave_now_and_how_many_are_noted(karim: Browser) -> None:
    add_ready_lines(paste(karim))
    karim.open("/panier")
    assert "3 disponibles, 2 notés" in block(karim, f"line-{T2}")
    assert "le 15 décembre 2026" in block(karim, f"line-{T4}")
    assert karim.page.find(id=f"q-{T1}")["value"] == "15"


# 2. the comment


def test_step_2_the_comment_goes_with_the_order(karim: Browser) -> None:
    order_ready(karim, comment=REAR_DOOR)
    assert "Livrer par l'arrière" in block(karim, "check-facts")
    place(karim)
    assert orders()[0].comment == REAR_DOOR
    assert "Livrer par l'arrière" in block(karim, "delivery")


# 3. « Commander », twice


def test_step_3_commander_pressed_twice_is_one_order_and_one_mail(karim: Browser) -> None:
    order_ready(karim)
    pressed = send_again(karim, "/commandes")
    for _ in range(2):
        karim.post("/commandes", pressed)
        assert (karim.status, karim.url) == (200, "/commandes/CMD-2026-000001")
    assert len(orders()) == 1
    (mail,) = mails("order_recorded")
    assert mail.subject == "Commande CMD-2026-000001 enregistrée"
    assert mail.recipient == KARIM


def test_step_3_the_order_says_whose_turn_it_is(karim: Browser) -> None:
    place(order_ready(karim))
    assert "Enregistrée depuis le 23 novembre 2026, 10 h" in block(karim, "tracking")
    assert "À nous : vérification , au plus tard le mardi 24 novembre 2026" in block(karim, "tracking")


# refusals


def test_lucie_has_no_cart_and_her_post_is_a_403(browser: Browser, shop: SimpleNamespace) -> None:
    browser.log_in(LUCIE)
    assert "Panier" not in browser.text
    token = browser.token()
    assert browser.open("/panier").status == 403
    assert browser.open("/panier/liste").status == 403
    for url in ("/panier/lignes", "/panier", "/panier/liste", "/commandes"):
        assert browser.post(url, csrf_token=token, isbn=T1, quantity="1").status == 403
    assert (in_cart(), orders()) == ({}, [])


WRONG = ["0", "-1", "−1", "1000000000", "1e9", "trois"]


@pytest.mark.parametrize("typed", WRONG)
def test_a_wrong_quantity_in_the_list_stays_at_its_line(karim: Browser, typed: str) -> None:
    paste(karim, f"{T1} {typed}\n{T5} 2")
    assert "Erreur :" in block(karim, "ligne-1")
    add_ready_lines(karim)
    assert in_cart() == {T5: (2, BackorderPolicy.NOTE)}
    assert "Erreur :" in block(karim, "ligne-1")


@pytest.mark.parametrize("typed", WRONG)
def test_a_wrong_quantity_in_the_cart_stays_at_its_line_and_the_others_are_kept(
    karim: Browser, typed: str
) -> None:
    add_ready_lines(paste(karim))
    karim.open("/panier")
    karim.submit("/panier", "Vérifier et commander", **{f"q-{T1}": typed, f"q-{T2}": "2"}, comment=REAR_DOOR)
    assert karim.status == 422
    assert len(karim.faults()) == 1
    assert karim.page.find(id=f"q-{T1}")["value"] == typed
    assert "Erreur :" in block(karim, f"line-{T1}")
    assert in_cart()[T1][0] == 15
    assert in_cart()[T2][0] == 2
    assert karim.page.find(id="comment").get_text().strip() == REAR_DOOR


def test_a_session_lost_at_commander_leaves_the_cart_as_it_was(karim: Browser, shop: SimpleNamespace) -> None:
    order_ready(karim, comment=REAR_DOOR)
    before = in_cart()
    lose_every_session()
    place(karim)
    log_in_again(karim)
    assert karim.url == "/commandes/verifier"
    assert (in_cart(), orders()) == (before, [])
    place(karim)
    assert [order.comment for order in orders()] == [REAR_DOOR]


def test_a_session_lost_at_the_cart_gives_back_what_was_typed(karim: Browser) -> None:
    add_ready_lines(paste(karim))
    karim.open("/panier")
    lose_every_session()
    karim.submit("/panier", "Vérifier et commander", comment=REAR_DOOR, **{f"q-{T1}": "16"})
    log_in_again(karim)
    assert "Vos saisies sont reprises" in karim.text
    assert karim.page.find(id="comment").get_text().strip() == REAR_DOOR
    assert karim.page.find(id=f"q-{T1}")["value"] == "16"
    karim.submit("/panier", "Vérifier et commander")
    assert karim.url == "/commandes/verifier"
    assert in_cart()[T1][0] == 16


def test_a_price_changed_since_is_shown_before_anything_is_sent(
    karim: Browser, shop: SimpleNamespace
) -> None:
    add_ready_lines(paste(karim))
    karim.open("/panier")
    shop.t1.price_cents = 2700
    db.session.commit()
    karim.open("/panier")
    assert "25,00 € → 27,00 € TTC" in block(karim, "changes")


def test_a_price_changed_after_the_check_orders_nothing_yet(karim: Browser, shop: SimpleNamespace) -> None:
    order_ready(karim)
    shop.t1.price_cents = 2700
    db.session.commit()
    place(karim)
    assert karim.status == 422
    assert "27,00 € TTC, au lieu de 25,00 €" in karim.text
    assert (orders(), mails("order_recorded")) == ([], [])
    place(karim)
    assert len(orders()) == 1


def test_a_colleagues_change_after_the_check_is_shown_before_anything_is_sent(
    karim: Browser, new_browser: Callable[..., Browser], shop: SimpleNamespace
) -> None:
    order_ready(karim)
    anne = new_browser().log_in("anne@grandlarge.example").open("/panier")
    anne.submit("/panier", "Mettre à jour les quantités", **{f"q-{T1}": "20"})
    place(karim)
    assert (karim.status, orders()) == (422, [])
    assert "20 exemplaires" in karim.text
    assert lookups.current(shop.grand_large.id) is not None
