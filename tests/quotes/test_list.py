"""The shop's list of quotes."""

from types import SimpleNamespace

from harmattan.quotes import deciding
from harmattan.quotes.models import Quote
from tests import cast
from tests.browser import Browser


def test_a_last_day_is_told_of_what_waits_for_the_shop_and_of_nothing_else(
    browser: Browser, shop: SimpleNamespace, quote: Quote
) -> None:
    cast.offer(quote, shop.people.marie)
    browser.log_in("karim@grandlarge.example").open("/devis")
    assert "jusqu'au 4 déc. 2026" in browser.text
    deciding.decline(quote, "", shop.people.karim, number=1, seen=quote.version)
    assert "Refusé" in browser.open("/devis").text
    assert "jusqu'au" not in browser.text
