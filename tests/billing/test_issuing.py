"""Invoices and credit notes: amounts, mentions, numbers without gaps, bytes that never change."""

import datetime as dt
from types import SimpleNamespace

import pytest

from tests import cast


@pytest.fixture
def shop(people: SimpleNamespace) -> SimpleNamespace:
    titles = cast.titles()
    return SimpleNamespace(**vars(people), **vars(titles))


def test_the_documents_of_the_journeys_have_their_amounts(people: SimpleNamespace) -> None:
    documents = cast.documents(people, cast.titles())
    f4, a1 = documents.f4, documents.a1
    assert (f4.goods_cents, f4.vat[0]["vat_cents"], f4.total_cents) == (10556, 581, 11137)
    assert (a1.goods_cents, a1.vat[0]["vat_cents"], a1.total_cents) == (4550, 250, 4800)
    assert f4.due_on == dt.date(2026, 11, 30)
    assert (documents.f3.open_cents, f4.open_cents, a1.open_cents) == (0, 11137, 4800)
