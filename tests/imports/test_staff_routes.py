"""The staff page of imports, plain and with HTMX."""

from types import SimpleNamespace

import pytest

from tests.browser import Browser


@pytest.mark.parametrize(
    ("email", "status"),
    [
        ("root@equipe.example", 200),
        ("marie@equipe.example", 200),
        ("hugo@equipe.example", 403),
        ("ines@equipe.example", 403),
        ("anne@grandlarge.example", 403),
    ],
)
def test_sales_and_settings_alone_see_the_imports(
    browser: Browser, people: SimpleNamespace, email: str, status: int
) -> None:
    browser.log_in(email).open("/equipe/catalogue")
    assert browser.status == status


def test_before_the_first_import_the_page_says_so(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in("root@equipe.example").open("/equipe/catalogue")
    assert "Aucun fichier n'a encore été importé" in browser.text
