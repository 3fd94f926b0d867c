"""Validation: copies, invoice, state and mail in one act, or nothing at all (R39, R51, J8)."""

import hashlib
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.billing import paper
from harmattan.billing.models import Document, DocumentFile, Form
from harmattan.cart.rules import BackorderPolicy
from harmattan.catalogue.rules import Availability
from harmattan.core.documents import DocumentNotMade
from harmattan.core.extensions import db
from harmattan.orders import changes, service, urgent, validation
from harmattan.orders.models import Order
from harmattan.orders.rules import Action, Status, UrgentDateState
from harmattan.outbox import attachments
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.browser import fold
from tests.configuration import say_otherwise


@pytest.fixture
def shop(people: SimpleNamespace) -> SimpleNamespace:
    cast.tariffs()
    return SimpleNamespace(**vars(people), **vars(cast.titles()))


def placed(shop: SimpleNamespace, *lines: Any, **details: Any) -> Order:
    order = cast.order(shop.karim, *(lines or ((shop.t1, 12),)), **details)
    db.session.commit()
    return order


def validate(order: Order, shop: SimpleNamespace, carriage_cents: int | None = None) -> None:
    prepared = validation.prepare(order, validation.propose(order).mark, carriage_cents)
    validation.validate(order, prepared, shop.marie)
    db.session.commit()


def documents() -> list[Document]:
    return list(db.session.scalars(sa.select(Document)))


def test_the_mail_carries_the_very_bytes_that_are_kept(shop: SimpleNamespace) -> None:
    order = placed(shop)
    validate(order, shop)
    [invoice] = documents()
    assert (order.status, order.invoice_number) == (Status.VALIDATED, invoice.number)
    assert (invoice.order_reference, invoice.total_cents) == (order.reference, order.gross_cents)
    [mail] = db.session.scalars(sa.select(OutboxMessage))
    assert fold(mail.subject) == "Commande CMD-2026-000001 : validée"
    [file] = attachments.read(mail.attachments)
    kept = db.session.scalars(sa.select(DocumentFile).where(DocumentFile.form == Form.PDF)).one()
    assert file.name == f"{invoice.number}.pdf"
    assert hashlib.sha256(file.content).hexdigest() == kept.sha256


def test_copies_are_put_aside_and_what_is_missing_follows_the_line(shop: SimpleNamespace) -> None:
    order = placed(shop, (shop.t1, 12), (shop.t2, 5), (shop.t5, 14))
    order.lines[2].backorder_policy = BackorderPolicy.SKIP
    validate(order, shop)
    noted, skipped = order.lines[1], order.lines[2]
    assert (noted.reserved, noted.cancelled, noted.line_cents) == (3, 0, 5_000)
    assert (skipped.reserved, skipped.cancelled, skipped.line_cents) == (12, 2, 12_000)
    assert [line.quantity for line in documents()[0].lines] == [12, 5, 12]
    assert order.goods_cents == 29_000


def test_a_title_gone_from_the_catalogue_is_neither_sent_nor_invoiced(shop: SimpleNamespace) -> None:
    order = placed(shop, (shop.t1, 1), (shop.t2, 2))
    shop.t2.availability = Availability.OUT_OF_PRINT
    validate(order, shop)
    assert order.lines[1].cancelled == 2
    assert [line.isbn for line in documents()[0].lines] == [shop.t1.isbn]


def test_the_price_is_the_one_in_force_that_day(shop: SimpleNamespace) -> None:
    order = placed(shop, (shop.t1, 2))
    shop.t1.price_cents = 3_000
    validate(order, shop)
    line = order.lines[0]
    assert (line.price_cents, line.net_unit_micros, line.line_cents) == (3_000, 18_201_600, 3_640)
    assert documents()[0].lines[0].price_cents == 3_000


def test_carriage_that_no_tariff_gives_is_typed(shop: SimpleNamespace) -> None:
    order = placed(shop, carriage_cents=None)
    with pytest.raises(validation.CarriageOpen):
        validate(order, shop)
    validate(order, shop, 1_250)
    assert (order.carriage_cents, documents()[0].carriage_cents) == (1_250, 1_250)


def test_carriage_is_less_where_the_parcel_has_become_lighter(shop: SimpleNamespace) -> None:
    order = placed(shop, (shop.t1, 2), (shop.t2, 3), carriage_cents=850)
    for line, title in zip(order.lines, (shop.t1, shop.t2), strict=True):
        line.weight_g = title.weight_g * line.quantity
    shop.t2.availability = Availability.OUT_OF_PRINT
    validate(order, shop)
    assert order.carriage_cents == 590


# nothing changes


def nothing_happened(order: Order, shop: SimpleNamespace) -> bool:
    db.session.rollback()
    db.session.expire_all()
    assert (order.status, order.invoice_number, documents()) == (Status.RECORDED, None, [])
    assert (shop.t1.stock, shop.t1.reserved) == (40, 0)
    assert db.session.scalars(sa.select(OutboxMessage)).all() == []
    return True


def test_without_a_legal_mention_nothing_changes(shop: SimpleNamespace, app: Flask) -> None:
    order = placed(shop)
    say_otherwise(app, siren="")
    with pytest.raises(DocumentNotMade, match="SIREN"):
        validate(order, shop)
    assert nothing_happened(order, shop)


def test_without_the_engine_nothing_changes(shop: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> bytes:
        raise DocumentNotMade("La composition du document a échoué.")

    order = placed(shop)
    monkeypatch.setattr(paper, "pdf", broken)
    with pytest.raises(DocumentNotMade):
        validate(order, shop)
    assert nothing_happened(order, shop)


def test_what_was_not_seen_is_not_validated(shop: SimpleNamespace) -> None:
    order = placed(shop)
    seen = validation.propose(order).mark
    shop.t1.price_cents = 2_600
    with pytest.raises(service.Overtaken):
        validation.prepare(order, seen, None)
    assert nothing_happened(order, shop)


@pytest.mark.parametrize("mark", ["", "1-1-0", "x", "1-12000-0 "])
def test_a_mark_of_ones_own_making_validates_nothing(shop: SimpleNamespace, mark: str) -> None:
    order = placed(shop)
    with pytest.raises(service.Overtaken):
        validation.prepare(order, mark, None)
    assert nothing_happened(order, shop)


def test_copies_sold_while_the_invoice_was_set_are_noticed(shop: SimpleNamespace) -> None:
    order = placed(shop, (shop.t1, 12))
    order.lines[0].backorder_policy = BackorderPolicy.SKIP
    prepared = validation.prepare(order, validation.propose(order).mark, None)
    shop.t1.stock = 4
    with pytest.raises(service.Overtaken):
        validation.validate(order, prepared, shop.marie)


def test_nothing_left_to_deliver_is_no_validation(shop: SimpleNamespace) -> None:
    order = placed(shop, (shop.t3, 2))
    with pytest.raises(validation.NothingToDeliver):
        validate(order, shop)


@pytest.mark.parametrize("state", [UrgentDateState.REQUESTED, UrgentDateState.PROPOSED])
def test_an_urgent_date_is_answered_first(shop: SimpleNamespace, state: UrgentDateState) -> None:
    order = placed(shop, urgent_date_state=state)
    with pytest.raises(validation.DateUnanswered):
        validate(order, shop)


def test_a_validated_order_accepts_nothing_from_anyone(shop: SimpleNamespace) -> None:
    order = placed(shop)
    validate(order, shop)
    for refused in (
        lambda: changes.cancel(order, shop.marie, "erreur"),
        lambda: urgent.refuse(order, shop.marie, "trop tard"),
        lambda: service.act(order, Action.ASK_DETAILS, shop.marie, "?"),
        lambda: service.act(order, Action.CHANGE, shop.root),
    ):
        with pytest.raises(service.TooLate, match="Validée"):
            refused()
