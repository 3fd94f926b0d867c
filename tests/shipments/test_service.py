"""What leaves is recorded once, in full, never too early, and told to the shop (R63, R67)."""

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from harmattan.core.audit import AuditEntry
from harmattan.core.extensions import db
from harmattan.orders.models import Order
from harmattan.orders.progress import MoreThanRemains, NothingLeaves
from harmattan.orders.rules import Status
from harmattan.outbox.models import OutboxMessage
from harmattan.shipments import lookups, service
from harmattan.shipments.counted import MoreThanCounted
from harmattan.shipments.models import Parcel, Shipment
from tests.browser import fold
from tests.shipments.conftest import THURSDAY, Ship, parcel


def count(table: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_a_shipment_has_a_delivery_note_and_its_parcels_go_on_counting(order: Order, ship: Ship) -> None:
    first, second = ship(order, 15, 3), ship(order, 0, 2)
    assert [first.reference, second.reference] == ["BL-2026-000001", "BL-2026-000002"]
    assert [each.parcel.number for each in lookups.of_order(order.id)] == [1, 2]
    assert first.remaining == {str(order.lines[1].id): 2}
    assert second.remaining == {}


def test_several_parcels_leave_together(order: Order, people: SimpleNamespace) -> None:
    two = [parcel(order, 15), parcel(order, 0, 5)]
    shipment = service.record(order, two, people.hugo, delivery_on=THURSDAY)
    assert [each.number for each in shipment.parcels] == [1, 2]
    assert order.status is Status.SHIPPED


def test_the_shop_is_told_what_left_and_where_to_follow_it(order: Order, ship: Ship) -> None:
    ship(order, 15, 3, number="6A11111111111")
    mail = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.kind == "parcels_left")).one()
    assert (mail.recipient, fold(mail.subject)) == (
        "karim@grandlarge.example",
        "Commande CMD-2026-000001 : 1 colis parti",
    )
    body = fold(mail.body)
    assert "Livraison prévue le jeudi 26 novembre 2026" in body
    assert "Colis 1 : Colissimo 6A11111111111, 4,2 kg" in body
    assert "https://www.laposte.fr/outils/suivre-vos-envois?code=6A11111111111" in body
    assert "3 × Écrire sous les halles" in body
    assert "Il reste à venir : - 2 × Écrire sous les halles" in body
    assert "/commandes/CMD-2026-000001" in body


def test_it_is_dated_and_signed(order: Order, ship: Ship) -> None:
    ship(order, 15, 3)
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "shipments.record")).one()
    assert (entry.subject, entry.actor, entry.account_id) == (
        "BL-2026-000001",
        "Hugo Petit",
        order.account_id,
    )


@pytest.mark.parametrize("copies", [(15, 5), (1,)], ids=["all of it", "a part"])
def test_nothing_arrives_before_the_day_asked_for_parts_included(
    order: Order, ship: Ship, copies: tuple[int, ...]
) -> None:
    order.not_before = dt.date(2026, 12, 1)
    db.session.commit()
    with pytest.raises(service.TooEarly, match="27\u00a0novembre"):
        ship(order, *copies, delivery_on=dt.date(2026, 11, 30))
    db.session.rollback()
    assert (order.status, count(Shipment), count(Parcel)) == (Status.VALIDATED, 0, 0)
    ship(order, *copies, delivery_on=dt.date(2026, 12, 1))
    assert count(Shipment) == 1


def test_a_later_part_waits_for_that_day_too(order: Order, ship: Ship) -> None:
    order.not_before = dt.date(2026, 12, 1)
    ship(order, 15, 3, delivery_on=dt.date(2026, 12, 1))
    with pytest.raises(service.TooEarly):
        ship(order, 0, 2, delivery_on=dt.date(2026, 11, 30))


def test_a_parcel_is_recorded_once(order: Order, ship: Ship) -> None:
    ship(order, 10, number="6A11111111111")
    with pytest.raises(
        service.AlreadyRecorded, match="6A11111111111 est déjà enregistré, pour la commande CMD"
    ):
        ship(order, 5, number="6A11111111111")


def test_two_parcels_cannot_have_one_number(order: Order, people: SimpleNamespace) -> None:
    twins = [parcel(order, 15, number="6A11"), parcel(order, 0, 5, number="6A11")]
    with pytest.raises(service.AlreadyRecorded, match="à deux colis"):
        service.record(order, twins, people.hugo, delivery_on=THURSDAY)


def test_parcels_without_a_number_are_no_twins(order: Order, people: SimpleNamespace) -> None:
    for copies in ((10,), (5, 5)):
        unnumbered = replace(parcel(order, *copies, carrier="prisme"), tracking_number="")
        service.record(order, [unnumbered], people.hugo, delivery_on=THURSDAY)
    assert order.status is Status.SHIPPED


def test_two_parcels_together_take_no_more_than_remains(order: Order, people: SimpleNamespace) -> None:
    with pytest.raises(MoreThanRemains):
        service.record(order, [parcel(order, 10), parcel(order, 6)], people.hugo, delivery_on=THURSDAY)


def test_a_shipment_without_a_copy_is_none(order: Order, people: SimpleNamespace) -> None:
    with pytest.raises(NothingLeaves):
        service.record(order, [], people.hugo, delivery_on=THURSDAY)


def test_copies_that_a_colleague_sent_meanwhile_ask_the_warehouse_too(
    order: Order, people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    shelf.t2.stock = 2
    with pytest.raises(MoreThanCounted, match="3\xa0partis, 2\xa0comptés"):
        service.record(order, [parcel(order, 0, 3)], people.hugo, delivery_on=THURSDAY, is_confirmed=False)
    service.record(order, [parcel(order, 0, 2)], people.hugo, delivery_on=THURSDAY, is_confirmed=False)


def test_a_page_that_knew_of_fewer_shipments_records_nothing(
    order: Order, people: SimpleNamespace, ship: Ship
) -> None:
    ship(order, 5)
    with pytest.raises(service.Overtaken):
        service.record(order, [parcel(order, 5)], people.hugo, delivery_on=THURSDAY, seen=0)
    service.record(order, [parcel(order, 5, number="6A22")], people.hugo, delivery_on=THURSDAY, seen=1)


def test_a_carrier_that_has_left_our_list_is_still_named_and_no_longer_linked(
    order: Order, ship: Ship
) -> None:
    ship(order, 15, 5, carrier="calberson")
    (shown,) = lookups.of_order(order.id)
    assert (shown.parcel.carrier_label, shown.parcel.tracking_url) == ("calberson", "")
