"""Lists through the browser: pasted, sent, reviewed, added; every refusal (J5)."""

from types import SimpleNamespace

from tests.browser import Browser


def test_the_form_opens_to_whoever_may_order(browser: Browser, people: SimpleNamespace) -> None:
    assert browser.log_in("karim@grandlarge.example").open("/panier/liste").status == 200


def test_documents_alone_open_no_list(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in("lucie@grandlarge.example")
    assert browser.open("/panier/liste").status == 403
