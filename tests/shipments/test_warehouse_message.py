"""The warehouse's DESADV books what its CSV file would: every parcel, or none with all that is wrong."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from harmattan.core.extensions import db
from harmattan.exchanges import files
from harmattan.exchanges.rules import Format, Kind
from harmattan.orders import service as orders
from harmattan.orders.models import Order
from harmattan.orders.rules import Action, Status
from harmattan.shipments import booking
from harmattan.shipments.models import Shipment
from harmattan.shipments.warehouse_file import UnreadableFile
from tests import cast


@pytest.fixture
def trade(people: SimpleNamespace) -> SimpleNamespace:
    """Two orders to be sent, and the message of a like one that has left."""
    made = SimpleNamespace(**vars(people), **vars(cast.titles()))
    sent, made.order = (cast.order(people.karim, (made.t1, 4), (made.t2, 2), number=n) for n in (1, 2))
    for order in (sent, made.order):
        orders.act(order, Action.VALIDATE, people.marie)
    text = "1;colissimo;6A000001;{};4\n1;colissimo;6A000001;{};1\n"
    csv = "commande;colis;transporteur;suivi;isbn;quantité\n" + "".join(
        f"{sent.reference};{line}\n" for line in text.format(made.t1.isbn, made.t2.isbn).splitlines()
    )
    (shipment,) = booking.book(csv.encode(), people.hugo).shipments
    made.message = (
        files.content(Kind.SHIPMENT, shipment, Format.EDIFACT)
        .replace(sent.reference.encode(), made.order.reference.encode())
        .replace(b"6A000001", b"6A000002")
    )
    db.session.commit()
    return made


def shipments() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Shipment)) or 0


def test_a_message_books_the_parcels_it_tells(trade: SimpleNamespace) -> None:
    (booked,) = booking.book(trade.message, trade.hugo).shipments
    (parcel,) = booked.parcels
    assert booked.order is trade.order
    assert (parcel.carrier, parcel.tracking_number) == ("colissimo", "6A000002")
    assert [(line.order_line.isbn, line.quantity) for line in parcel.lines] == [
        (trade.t1.isbn, 4),
        (trade.t2.isbn, 1),
    ]
    assert trade.order.status is Status.PARTLY_SHIPPED


@pytest.mark.parametrize(
    ("old", "new", "column", "reason"),
    [
        (b"UNZ+1", b"UNZ+2", "échange", "UNZ annonce 2, lu 1"),
        (b"RFF+VN:CMD-2026-000002", b"RFF+VN:CMD-2026-009999", "commande", "Aucune commande CMD-2026-009999"),
        (b":::Colissimo", b":::Pigeon", "TDT", "Transporteur « Pigeon » inconnu"),
        (b"QTY+12:4", b"QTY+12:quatre", "LIN", "quatre"),
        (b"QTY+12:4", b"QTY+12:400", "commande", "CMD-2026-000002"),
        (b"LIN+1++9782343000015", b"LIN+1++9782343000016", "LIN", "9782343000016"),
    ],
)
def test_a_message_that_is_wrong_books_nothing(
    trade: SimpleNamespace, old: bytes, new: bytes, column: str, reason: str
) -> None:
    assert old in trade.message
    before = shipments()
    with pytest.raises(UnreadableFile) as refused:
        booking.book(trade.message.replace(old, new), trade.hugo)
    db.session.rollback()
    (fault,) = refused.value.faults
    assert fault.column == column
    assert reason in fault.message
    assert shipments() == before
    assert (
        db.session.scalar(sa.select(Order.status).where(Order.reference == "CMD-2026-000002")) == "validated"
    )
