"""A shop with tariffs and titles, and its people at the cart."""

from types import SimpleNamespace

import pytest

from harmattan.cart import service
from harmattan.cart.models import Cart
from harmattan.catalogue.models import Title
from harmattan.core.extensions import db
from tests import cast
from tests.browser import Browser


@pytest.fixture
def shop(people: SimpleNamespace) -> SimpleNamespace:
    """Everybody, the tariffs and T1 to T5."""
    cast.tariffs()
    books = cast.titles()
    db.session.commit()
    return SimpleNamespace(**vars(people), **vars(books))


def fill(shop: SimpleNamespace, quantities: dict[Title, int]) -> Cart:
    """Karim puts titles into the cart of Le Grand Large."""
    cart = service.open_cart(shop.grand_large.id)
    service.add(cart, quantities, shop.karim)
    db.session.commit()
    return cart


@pytest.fixture
def karim(browser: Browser, shop: SimpleNamespace) -> Browser:
    """Karim, logged in, the cart open with 12 T1 and 5 T2."""
    fill(shop, {shop.t1: 12, shop.t2: 5})
    return browser.log_in("karim@grandlarge.example").open("/panier")


def change(browser: Browser, isbn: str, quantity: str, **fields: str) -> Browser:
    """What a changed quantity sends: the fields of that line alone."""
    form = browser.form("/panier")
    shown = {name: form.find(attrs={"name": name})["value"] for name in ("cart", f"w-{isbn}")}
    return browser.post(f"/panier/lignes/{isbn}", shown | {f"q-{isbn}": quantity} | fields)
