"""The delivery note: what is in each parcel, own references, what is still to come."""

import io
from types import SimpleNamespace

import pikepdf
import pytest
from pypdf import PdfReader

from harmattan.core.extensions import db
from harmattan.orders.models import Order
from harmattan.shipments import delivery_note
from tests import cast
from tests.browser import Browser, fold
from tests.shipments.conftest import Ship

KARIM, LUCIE, HUGO = "karim@grandlarge.example", "lucie@grandlarge.example", "hugo@equipe.example"


def words(content: bytes) -> str:
    return fold(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


def test_the_note_says_what_is_in_each_parcel_and_what_remains(order: Order, ship: Ship) -> None:
    order.lines[1].own_reference = "Mme Roy"
    said = words(delivery_note.pdf(ship(order, 15, 3, number="6A11")))
    assert "Bon de livraison" in said
    assert "BL-2026-000001, 23 novembre 2026" in said
    assert "Rayon fleuve" in said
    assert "Colis 1 : Colissimo, 6A11, 4,2 kg" in said
    assert "978-2-296-00001-8 Mme Roy 3 2" in said
    assert "1 colis, 18 exemplaires" in said


def test_a_later_note_names_only_what_was_still_to_come_then(order: Order, ship: Ship) -> None:
    first, second = ship(order, 10), ship(order, 5, 3)
    assert "Encore à venir" in words(delivery_note.pdf(first))
    assert "Encore à venir" not in words(delivery_note.pdf(second))


def test_it_keeps_the_address_it_left_for(order: Order, ship: Ship) -> None:
    shipment = ship(order, 15, 3)
    before = delivery_note.pdf(shipment)
    order.address = cast.Address("Ailleurs", "2 rue Neuve", "44000", "Nantes")
    db.session.commit()
    assert delivery_note.pdf(shipment) == before


def test_the_file_is_accessible_and_archivable(order: Order, ship: Ship) -> None:
    with pikepdf.open(io.BytesIO(delivery_note.pdf(ship(order, 15, 3)))) as pdf, pdf.open_metadata() as facts:
        assert str(pdf.Root.Lang).startswith("fr")
        assert facts["pdfuaid:part"] == "1"


@pytest.mark.parametrize(
    ("email", "status"), [(KARIM, 200), (LUCIE, 403), (HUGO, 200), ("paul@quais.example", 404)]
)
def test_the_shop_and_our_services_read_it(
    browser: Browser, order: Order, ship: Ship, email: str, status: int
) -> None:
    ship(order, 15, 3)
    browser.log_in(email).open(f"/commandes/{order.reference}/bons/BL-2026-000001.pdf")
    assert browser.status == status
    if status == 200:
        assert browser.response.mimetype == "application/pdf"


def test_the_note_of_another_order_is_none_of_this_one(
    browser: Browser, order: Order, ship: Ship, people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    ship(order, 15, 3)
    other = cast.order(people.karim, (shelf.t1, 1), number=2)
    db.session.commit()
    assert browser.log_in(KARIM).open(f"/commandes/{other.reference}/bons/BL-2026-000001.pdf").status == 404
