"""The contact form, plain and with HTMX."""

from tests.browser import Browser


def test_a_visitor_reaches_the_contact_form(browser: Browser) -> None:
    browser.open("/contact")
    assert browser.status == 200
    assert browser.url == "/contact"
