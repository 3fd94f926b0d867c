"""The cart's verbs, with a database."""

from types import SimpleNamespace

import pytest

from harmattan.cart import lookups, service
from harmattan.cart.rules import CartState
from harmattan.cart.service import CartOverview
from harmattan.core import clock, money
from harmattan.core.extensions import db
from tests import cast


@pytest.fixture
def shop(people: SimpleNamespace) -> SimpleNamespace:
    cast.tariffs()
    books = cast.titles()
    db.session.commit()
    return SimpleNamespace(**vars(people), **vars(books), cart=service.open_cart(people.grand_large.id))


def look(shop: SimpleNamespace) -> CartOverview:
    return service.overview(shop.cart, shop.grand_large, clock.now())


def test_an_account_has_one_open_cart(shop: SimpleNamespace) -> None:
    assert service.open_cart(shop.grand_large.id) is shop.cart
    assert service.open_cart(shop.quais.id).id != shop.cart.id
    assert shop.cart.address.city == "Nantes"


def test_the_amounts_follow_the_one_rounding_path(shop: SimpleNamespace) -> None:
    service.add(shop.cart, {shop.t1: 3, shop.t2: 10}, shop.karim)
    seen = look(shop)
    assert [line.line_cents for line in seen.lines] == [4550, 11226]
    assert (seen.title_count, seen.copies, seen.weight_g) == (2, 13, 3 * 320 + 10 * 240)
    assert (seen.carriage_cents, seen.totals.goods_cents) == (850, 15776)
    assert seen.totals.gross_cents == 15776 + 850 + money.vat_amount(16626, 550)
    assert lookups.header(shop.grand_large.id) == (2, seen.totals.gross_cents)
    assert seen.problems == ()


def test_copies_of_a_title_already_there_are_added_up_and_capped(shop: SimpleNamespace) -> None:
    service.add(shop.cart, {shop.t1: 12}, shop.karim)
    service.add(shop.cart, {shop.t1: 3}, shop.anne)
    (line,) = look(shop).lines
    assert (line.quantity, line.added_by) == (15, "Karim Benali")
    service.add(shop.cart, {shop.t1: 9_990}, shop.anne)
    assert look(shop).lines[0].quantity == 9_999


def test_a_title_that_is_sold_out_or_unpriced_is_not_added(shop: SimpleNamespace) -> None:
    unpriced = cast.title("9782343000022", price_cents=None)
    for title in (shop.t3, unpriced):
        with pytest.raises(service.NotOrderable):
            service.add(shop.cart, {title: 1}, shop.karim)
    assert look(shop).title_count == 0


def test_the_cart_closes_once_and_only_at_the_version_seen(shop: SimpleNamespace) -> None:
    service.add(shop.cart, {shop.t1: 1}, shop.karim)
    db.session.flush()
    assert not service.close(shop.cart.id, shop.cart.version - 1)
    assert service.close(shop.cart.id, shop.cart.version)
    assert not service.close(shop.cart.id, shop.cart.version)
    assert shop.cart.state is CartState.ORDERED
    assert lookups.current(shop.grand_large.id) is None
    assert service.open_cart(shop.grand_large.id).id != shop.cart.id


def test_each_change_raises_the_version_and_names_its_author(shop: SimpleNamespace) -> None:
    before = shop.cart.version
    service.add(shop.cart, {shop.t1: 1}, shop.karim)
    service.remove(shop.cart, [shop.t1.isbn], shop.anne)
    assert (shop.cart.version, shop.cart.updated_by) == (before + 2, "Anne Le Goff")
    assert lookups.header(shop.grand_large.id) == (0, 0)
