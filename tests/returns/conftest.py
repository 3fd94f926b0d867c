"""The journeys' documents, and what Karim wants to send back (J12)."""

from types import SimpleNamespace

import pytest

from harmattan.core.extensions import db
from harmattan.returns import service
from harmattan.returns.models import ReturnSlip
from tests import cast


@pytest.fixture
def shop(people: SimpleNamespace) -> SimpleNamespace:
    titles = cast.titles()
    return SimpleNamespace(people=people, titles=titles, documents=cast.documents(people, titles))


def draft(shop: SimpleNamespace, *copies: tuple[str, int]) -> ReturnSlip:
    """Karim's draft of so many copies of each of t1, t2…"""
    slip = service.open_draft(shop.people.karim.account_id, shop.people.karim)
    service.wish(slip, {getattr(shop.titles, name).isbn: quantity for name, quantity in copies})
    db.session.flush()
    return slip
