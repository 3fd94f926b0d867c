"""What is printed for a return: ISBN, titles, quantities, totals, where it goes (R94, R97, R98)."""

import io
from types import SimpleNamespace

import pikepdf
import pytest
from pypdf import PdfReader

from harmattan.returns import paper, service
from harmattan.returns.models import ReturnSlip
from harmattan.returns.rules import Route
from tests.returns.conftest import draft


@pytest.fixture
def slip(shop: SimpleNamespace) -> ReturnSlip:
    found = draft(shop, ("t1", 8), ("t5", 6))
    service.issue(found, shop.people.karim, route=Route.PRISME, parcel_count=2, is_declared=True)
    return found


def text_of(content: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_the_slip_states_isbn_titles_quantities_and_totals(slip: ReturnSlip, shop: SimpleNamespace) -> None:
    made = paper.slip(slip)
    text = text_of(made)
    for said in (
        "RET-2026-000001",
        "104512",
        "978-2-343-00001-5",
        shop.titles.t5.title,
        shop.documents.f1.number,
        "Exemplaires 14",
        "Colis 2",
        "Rue des Vikings",
        "14110 Condé en Normandie",
        "Le port est à la charge de la librairie.",
    ):
        assert said in text, said
    with pikepdf.open(io.BytesIO(made)) as document:
        assert document.Root.MarkInfo.Marked


def test_every_parcel_has_its_label(slip: ReturnSlip) -> None:
    made = paper.labels(slip)
    assert len(PdfReader(io.BytesIO(made)).pages) == 2
    text = text_of(made)
    assert "Colis 1 / 2" in text
    assert "Colis 2 / 2" in text
    assert "Librairie Le Grand Large" in text
