"""A request for sixty copies of T1 and ten of T5, and what sales answer (J7)."""

from types import SimpleNamespace

import pytest

from harmattan.quotes.models import Offer, Quote
from tests import cast


@pytest.fixture
def shop(people: SimpleNamespace) -> SimpleNamespace:
    titles = cast.titles()
    cast.tariffs()
    return SimpleNamespace(people=people, titles=titles)


@pytest.fixture
def quote(shop: SimpleNamespace) -> Quote:
    return cast.quote(shop.people.karim, (shop.titles.t1, 60), (shop.titles.t5, 10))


@pytest.fixture
def offer(quote: Quote, shop: SimpleNamespace) -> Offer:
    return cast.offer(quote, shop.people.marie)
