"""The shop's list of quotes."""

from types import SimpleNamespace

from harmattan.core.extensions import db
from harmattan.core.typography import euros
from harmattan.quotes import deciding, page
from harmattan.quotes.models import Quote
from tests import cast
from tests.browser import Browser, fold


def test_a_last_day_is_told_of_what_waits_for_the_shop_and_of_nothing_else(
    browser: Browser, shop: SimpleNamespace, quote: Quote
) -> None:
    cast.offer(quote, shop.people.marie)
    browser.log_in("karim@grandlarge.example").open("/devis")
    assert "jusqu'au 4 déc. 2026" in browser.text
    deciding.decline(quote, "", shop.people.karim, number=1, seen=quote.version)
    assert "Refusé" in browser.open("/devis").text
    assert "jusqu'au" not in browser.text


def test_what_was_kept_of_an_offer_is_told_in_both_lists(
    browser: Browser, shop: SimpleNamespace, quote: Quote
) -> None:
    offer = cast.offer(quote, shop.people.marie)
    order = deciding.accept(quote, shop.people.karim, number=1, seen=quote.version, set_aside={2})
    db.session.commit()
    whole, kept = fold(euros(offer.gross_cents)), fold(euros(order.gross_cents))
    assert whole != kept
    lists = {"karim@grandlarge.example": "/devis", "marie@equipe.example": "/equipe/devis?etat=clos"}
    for who, address in lists.items():
        browser.log_in(who).open(address)
        assert kept in browser.text
        assert whole not in browser.text
        browser.log_out()


def test_an_offer_that_was_not_taken_after_an_acceptance_leaves_what_was_kept(
    quote: Quote, shop: SimpleNamespace
) -> None:
    karim, marie = shop.people.karim, shop.people.marie
    cast.offer(quote, marie)
    order = deciding.accept(quote, karim, number=1, seen=quote.version, set_aside={2})
    again = cast.offer(quote, marie)
    assert page.total_cents(quote) == again.gross_cents
    deciding.keep(quote, karim, number=2, seen=quote.version)
    assert page.total_cents(quote) == order.gross_cents
