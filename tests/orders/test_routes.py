"""Orders on screen: list, check, page, and who may see them."""

from types import SimpleNamespace

from tests.browser import Browser


def test_a_shop_without_orders_is_told_so(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in("karim@grandlarge.example").open("/commandes")
    assert "Aucune commande" in browser.text


def test_whoever_may_not_order_sees_no_orders(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in("lucie@grandlarge.example")
    assert browser.open("/commandes").status == 403
    assert browser.open("/commandes/verifier").status == 403


def test_an_unknown_order_is_a_404(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in("karim@grandlarge.example")
    assert browser.open("/commandes/CMD-2026-000001").status == 404
