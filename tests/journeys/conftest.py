"""The shops, people, titles and tariffs of the journeys, and Karim at his desk."""

from types import SimpleNamespace

import pytest

from harmattan.core.extensions import db
from tests import cast
from tests.browser import Browser
from tests.journeys.acts import KARIM


@pytest.fixture
def shop(people: SimpleNamespace) -> SimpleNamespace:
    """Everybody, the tariffs and T1 to T5."""
    cast.tariffs()
    titles = cast.titles()
    db.session.commit()
    return SimpleNamespace(**vars(people), **vars(titles))


@pytest.fixture
def karim(browser: Browser, shop: SimpleNamespace) -> Browser:
    """Karim, logged in: once without JavaScript, once with HTMX."""
    return browser.log_in(KARIM)
