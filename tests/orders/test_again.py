"""« Commander à nouveau »: whole or by title, what differs told before the cart is touched (issue 4)."""

import datetime as dt
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from harmattan.cart.models import CartLine
from harmattan.catalogue.models import TitleRelation
from harmattan.catalogue.rules import Availability
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.lists.models import OrderList
from tests import cast
from tests.browser import Browser, fold

PAGE = "/commandes/CMD-2026-000001/a-nouveau"


@pytest.fixture
def shop(people: SimpleNamespace) -> SimpleNamespace:
    made = SimpleNamespace(**vars(people), **vars(cast.titles()))
    months_ago = clock.now() - dt.timedelta(days=200)
    cast.order(people.karim, (made.t1, 4), (made.t2, 2), placed_at=months_ago)
    cast.order(people.paul, (made.t1, 1), number=2)
    db.session.commit()
    return made


@pytest.fixture
def karim(browser: Browser, shop: SimpleNamespace) -> Browser:
    return browser.log_in("karim@grandlarge.example")


def row(browser: Browser, number: int) -> str:
    found = browser.page.find(id=f"ligne-{number}")
    assert found is not None, browser.text
    return fold(found.get_text(" "))


def press(browser: Browser, button: str) -> None:
    browser.submit(browser.url.partition("?")[0], button)


def in_cart() -> dict[str, int]:
    return {line.title.isbn: line.quantity for line in db.session.scalars(sa.select(CartLine))}


def test_the_whole_order_is_reviewed_and_the_cart_is_not_touched_before(karim: Browser) -> None:
    karim.open("/commandes/CMD-2026-000001")
    assert karim.page.find("a", href=PAGE)
    karim.open(PAGE).submit(PAGE, "tout")
    assert karim.url.startswith("/panier/liste/")
    assert "CMD-2026-000001" in karim.text
    assert "4 exemplaires à ajouter, en stock" in row(karim, 1)
    assert "au lieu de" not in karim.text
    assert in_cart() == {}
    press(karim, "ajouter")
    assert in_cart() == {"9782343000015": 4, "9782296000018": 2}


def test_only_the_ticked_titles_are_taken(karim: Browser, shop: SimpleNamespace) -> None:
    karim.open(PAGE).submit(PAGE, "coches", isbn=["9782296000018"])
    assert "Écrire sous les halles" in row(karim, 1)
    assert "Les passeurs du fleuve" not in karim.text


def test_nothing_ticked_is_said_and_nothing_is_kept(karim: Browser, shop: SimpleNamespace) -> None:
    karim.open(PAGE).submit(PAGE, "coches", isbn=[])
    assert karim.status == 422
    assert "Cochez au moins un titre" in karim.text
    assert db.session.scalars(sa.select(OrderList)).all() == []


def test_a_new_price_and_a_new_discount_are_told(karim: Browser, shop: SimpleNamespace) -> None:
    shop.t1.price_cents, shop.grand_large.discount_bp = 2650, 3450
    db.session.commit()
    karim.open(PAGE).submit(PAGE, "tout")
    assert "Prix public 26,50 €, au lieu de 25,00 €" in row(karim, 1)
    assert "Remise 34,5 %, au lieu de 36 %" in row(karim, 1)
    assert "Prix public" not in row(karim, 2)


def test_a_title_that_is_gone_is_told_with_the_one_that_replaces_it(
    karim: Browser, shop: SimpleNamespace
) -> None:
    shop.t1.availability = Availability.OUT_OF_PRINT
    db.session.add(TitleRelation(title_id=shop.t1.id, code="05", isbn=shop.t5.isbn))
    db.session.commit()
    karim.open(PAGE).submit(PAGE, "tout")
    assert "Épuisé : ne sera pas ajouté" in row(karim, 1)
    assert "Remplacé par Mémoires d'un port" in row(karim, 1)
    press(karim, "isbn-1")
    assert "Mémoires d'un port" in row(karim, 1)
    assert "au lieu de" not in row(karim, 1)
    press(karim, "ajouter")
    assert in_cart() == {shop.t5.isbn: 4, "9782296000018": 2}


def test_a_title_that_is_replaced_by_one_that_cannot_be_ordered_offers_nothing(
    karim: Browser, shop: SimpleNamespace
) -> None:
    shop.t1.availability = shop.t5.availability = Availability.OUT_OF_PRINT
    db.session.add(TitleRelation(title_id=shop.t1.id, code="05", isbn=shop.t5.isbn))
    db.session.commit()
    karim.open(PAGE).submit(PAGE, "tout")
    assert "Remplacé par" not in karim.text


def test_sent_twice_it_makes_one_list(karim: Browser, shop: SimpleNamespace) -> None:
    karim.open(PAGE)
    token, once = (karim.page.find("input", {"name": name}) for name in ("csrf_token", "once"))
    assert token is not None
    assert once is not None
    for _ in range(2):
        karim.post(PAGE, {"once": once["value"], "tout": "1"})
    assert len(db.session.scalars(sa.select(OrderList)).all()) == 1


def test_another_shops_order_is_not_there(karim: Browser) -> None:
    assert karim.open("/commandes/CMD-2026-000002/a-nouveau").status == 404
