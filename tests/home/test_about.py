"""Legal pages, the site map, and what the footer of every page leads to."""

from types import SimpleNamespace

import pytest
from flask import Flask

from tests.browser import Browser
from tests.configuration import say_otherwise

PAGES = ("/mentions-legales", "/accessibilite", "/plan-du-site", "/faq")


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("email", [None, "anne@grandlarge.example", "ines@equipe.example"])
def test_everybody_reads_the_pages_of_the_footer(
    browser: Browser, people: SimpleNamespace, address: str, email: str | None
) -> None:
    if email:
        browser.log_in(email)
    assert browser.open(address).status == 200
    footer = {link["href"] for link in browser.page.select("footer a")}
    assert footer >= set(PAGES)


def test_the_legal_page_names_the_publisher_and_only_facts_that_are_known(
    app: Flask, browser: Browser
) -> None:
    say_otherwise(app, siren="")
    text = browser.open("/mentions-legales").text
    assert "Éditions L'Harmattan, 7 Rue de l'Ecole Polytechnique, 75005 Paris" in text
    assert "Deux cookies." in text
    assert "SIREN" not in text


def test_a_fact_set_by_the_operator_is_printed(app: Flask, browser: Browser) -> None:
    say_otherwise(app, siren="000 000 000")
    assert "SIREN 000 000 000" in browser.open("/mentions-legales").text


@pytest.mark.parametrize(
    ("email", "there", "not_there"),
    [
        (None, "/faq", "/commandes"),
        ("anne@grandlarge.example", "/commandes", "/equipe/messages"),
        ("lucie@grandlarge.example", "/messages", "/panier/liste"),
        ("marie@equipe.example", "/equipe/messages", "/commandes"),
    ],
)
def test_the_site_map_lists_what_the_reader_may_open(
    browser: Browser, people: SimpleNamespace, email: str | None, there: str, not_there: str
) -> None:
    if email:
        browser.log_in(email)
    addresses = [link["href"] for link in browser.open("/plan-du-site").page.select("main a")]
    assert there in addresses
    assert not_there not in addresses
    for address in addresses:
        assert Browser(browser.client).open(address).status == 200, address
