"""Shops that pay by LCR, and what they owe."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from harmattan.access.models import User
from harmattan.core.extensions import db
from harmattan.lcr import service
from harmattan.lcr.models import Mandate
from harmattan.lcr.rules import Action
from tests import cast

IBAN, MASKED = "FR7630004000031234567890143", "FR76 •••• 0143"


@pytest.fixture
def papers(people: SimpleNamespace) -> SimpleNamespace:
    """F4 (111,37) and A1 (48,00) of the Grand Large are open; F9 is the Quais'."""
    return cast.documents(people, cast.titles())


@pytest.fixture
def in_place(people: SimpleNamespace) -> Callable[[User], Mandate]:
    """Let this person's shop pay by LCR."""

    def accepted(by: User) -> Mandate:
        assert by.account is not None
        mandate = service.ask(by.account, by.account.legal_name, IBAN, by)
        service.act(mandate, Action.ACCEPT, people.ines)
        db.session.commit()
        return mandate

    return accepted
