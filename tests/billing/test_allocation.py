"""Payments and credit notes against invoices: nothing twice, nothing below zero, all of it undone (R82)."""

import datetime as dt
import threading
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harmattan.billing import allocation
from harmattan.billing.models import Allocation, Document, Means, Payment
from harmattan.core.audit import AuditEntry
from harmattan.core.extensions import db
from tests import cast
from tests.core.test_database import in_threads

TODAY = cast.MONDAY.date()


@pytest.fixture
def shop(people: SimpleNamespace) -> SimpleNamespace:
    """The journeys' documents: F4 is open, A1 is free."""
    return SimpleNamespace(**vars(people), **vars(cast.documents(people, cast.titles())))


def pay_in(shop: SimpleNamespace, amount_cents: int) -> Payment:
    return allocation.record_payment(
        shop.grand_large, amount_cents, received_on=TODAY, means=Means.CHEQUE, actor="Inès Caron"
    )


def test_a_credit_note_and_a_payment_settle_an_invoice_between_them(shop: SimpleNamespace) -> None:
    allocation.allocate(shop.a1, shop.f4, 4800, "Inès Caron")
    assert (shop.a1.open_cents, shop.f4.open_cents) == (0, 6337)
    payment = pay_in(shop, 7000)
    allocation.allocate(payment, shop.f4, 6337, "Inès Caron")
    assert (payment.open_cents, shop.f4.open_cents) == (663, 0)
    acts = db.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.subject == shop.f4.number))
    assert list(acts)[-2:] == ["billing.allocate", "billing.allocate"]


@pytest.mark.parametrize("amount_cents", [11138, 8001])
def test_neither_the_invoice_nor_its_source_falls_below_zero(
    shop: SimpleNamespace, amount_cents: int
) -> None:
    payment = pay_in(shop, 8000)
    with pytest.raises(allocation.NotEnoughLeft):
        allocation.allocate(payment, shop.f4, amount_cents, "Inès Caron")


def test_an_allocation_is_undone_once(shop: SimpleNamespace) -> None:
    row = allocation.allocate(shop.a1, shop.f4, 4800, "Inès Caron")
    db.session.commit()
    allocation.unallocate(row, "Inès Caron")
    assert (shop.a1.open_cents, shop.f4.open_cents) == (4800, 11137)
    with pytest.raises(allocation.NotEnoughLeft, match="déjà été annulée"):
        allocation.unallocate(row, "Inès Caron")


def test_fifty_uses_of_one_credit_note_have_one_effect(any_app: Flask) -> None:
    documents = cast.documents(cast.everybody(), cast.titles())
    start, refused = threading.Barrier(50), []

    def work() -> None:
        credit, invoice = (db.session.get_one(Document, each.id) for each in (documents.a1, documents.f4))
        db.session.commit()
        start.wait()
        try:
            allocation.allocate(credit, invoice, 4800, "Inès Caron")
            db.session.commit()
        except allocation.NotEnoughLeft:
            db.session.rollback()
            refused.append(1)

    in_threads(any_app, work, count=50)
    db.session.expire_all()
    assert len(refused) == 49
    assert (documents.a1.open_cents, documents.f4.open_cents) == (0, 11137 - 4800)


@pytest.mark.parametrize("fault", ["another account", "a credit note", "nothing"])
def test_what_makes_no_sense_is_a_fault_of_the_caller(shop: SimpleNamespace, fault: str) -> None:
    invoice = {"another account": shop.f9, "a credit note": shop.a1, "nothing": shop.f4}[fault]
    with pytest.raises(ValueError, match="own account"):
        allocation.allocate(shop.a1, invoice, 0 if fault == "nothing" else 100, "Inès Caron")


def test_what_is_open_on_an_account_is_told_oldest_due_first(shop: SimpleNamespace) -> None:
    later = cast.invoice(shop.grand_large, (cast.title("9791000000015"), 1))
    payment = pay_in(shop, 100)
    found = allocation.open_documents(shop.grand_large.id)
    assert list(found.invoices) == [shop.f4, later]
    assert (list(found.credit_notes), list(found.payments)) == ([shop.a1], [payment])
    assert found.to_pay_cents == 11137 + later.total_cents - 4800 - 100
    assert allocation.open_documents(shop.quais.id).to_pay_cents == shop.f9.total_cents


def test_a_free_credit_above_the_invoices_leaves_nothing_to_pay(shop: SimpleNamespace) -> None:
    pay_in(shop, 50_000)
    assert allocation.open_documents(shop.grand_large.id).to_pay_cents == 0


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 12_000)), max_size=12))
def test_whatever_is_done_and_undone_what_is_left_agrees_with_the_allocations(
    shop: SimpleNamespace, acts: list[tuple[bool, int]]
) -> None:
    payment = pay_in(shop, 9_000)
    made: list[Allocation] = []
    for number, (undo, amount_cents) in enumerate(acts):
        if undo and made:
            allocation.unallocate(made.pop(), "Inès Caron")
            continue
        source = (payment, shop.a1)[number % 2]
        if amount_cents <= min(source.open_cents, shop.f4.open_cents):
            made.append(allocation.allocate(source, shop.f4, amount_cents, "Inès Caron"))
    spent = sum(row.amount_cents for row in made)
    assert shop.f4.open_cents == shop.f4.total_cents - spent
    assert payment.open_cents + shop.a1.open_cents == 9_000 + 4_800 - spent
    db.session.rollback()


def test_a_payment_has_a_reference_of_its_own_series(shop: SimpleNamespace) -> None:
    assert pay_in(shop, 100).reference == "REG-2026-000002"
    assert dt.date(2026, 5, 29) in db.session.scalars(sa.select(Payment.received_on)).all()


def test_a_payment_that_the_bank_takes_back_settles_nothing_any_more_and_is_undone_once(
    shop: SimpleNamespace,
) -> None:
    payment = pay_in(shop, 7000)
    allocation.allocate(payment, shop.f4, 5000, "Inès Caron")
    allocation.undo_payment(payment, TODAY, "Inès Caron")
    assert (payment.open_cents, payment.undone_on, shop.f4.open_cents) == (0, TODAY, 11137)
    with pytest.raises(allocation.NotEnoughLeft, match="déjà annulé"):
        allocation.undo_payment(payment, TODAY, "Inès Caron")
