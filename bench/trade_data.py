"""Documents, payments, orders to check and a return of many titles, by bulk inserts."""

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from bench import data
from harmattan import create_app
from harmattan.access.models import User
from harmattan.billing.models import Allocation, Document, DocumentLine, Means, Payment
from harmattan.billing.rules import Kind
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.vat import Regime
from harmattan.orders.models import Order
from harmattan.orders.rules import Status
from harmattan.returns import service as returns
from tests import cast

INVOICE_CENTS = 5_275
STILL_OPEN = 200
LATEST_DAYS = 330
"""The statement's year: its documents are of the last so many days."""


def documents(folder: Path, isbns: Sequence[str], count: int, lines: int) -> None:
    """So many invoices of one line on Anne's account, over three years, all paid but the latest; on Paul's, a
    year of `lines` lines of a statement: invoices of which the first ones are paid, each by its own payment.
    """
    with _app(folder).app_context():
        anne, paul = _person(data.ANNE), _person(data.PAUL)
        _pay(anne, _issue(anne, isbns, _days(count, 1_000), first=900_000)[:-STILL_OPEN], first=910_000)
        invoices = _issue(paul, isbns, _days(lines * 2 // 3, LATEST_DAYS), first=800_000)
        _pay(paul, invoices[: lines - len(invoices)], first=800_000)
        db.session.commit()


def return_of(folder: Path, isbns: Sequence[str]) -> None:
    """Anne's draft of a return asks for one copy of each of these."""
    with _app(folder).app_context():
        anne = _person(data.ANNE)
        returns.wish(returns.open_draft(anne.account_id or 0, anne), dict.fromkeys(isbns, 1))
        db.session.commit()


def to_check(folder: Path, count: int) -> list[str]:
    """So many of Anne's latest orders of the usual length wait for sales, all others are delivered; their
    references.
    """
    with _app(folder).app_context():
        db.session.execute(sa.update(Order).values(status=Status.DELIVERED))
        usual = Order.line_count == data.LINES_AN_ORDER
        latest = sa.select(Order.id).where(usual).order_by(Order.id.desc()).limit(count)
        db.session.execute(sa.update(Order).where(Order.id.in_(latest)).values(status=Status.RECORDED))
        db.session.commit()
        return list(db.session.scalars(sa.select(Order.reference).where(Order.id.in_(latest))))


def _app(folder: Path) -> Flask:
    return create_app(instance_path=str(folder))


def _person(email: str) -> User:
    return db.session.scalars(sa.select(User).where(User.email == email)).one()


def _days(count: int, back: int) -> Iterator[dt.date]:
    first = clock.today() - dt.timedelta(days=back)
    return (first + dt.timedelta(days=back * number // count) for number in range(count))


def _issue(by: User, isbns: Sequence[str], days: Iterator[dt.date], first: int) -> list[Any]:
    """Invoices of these days; returns (id, day) of each."""
    rows = [_invoice(by, day, first + number) for number, day in enumerate(days)]
    returning = sa.insert(Document).returning(Document.id, Document.issued_on, sort_by_parameter_order=True)
    issued = list(db.session.execute(returning, rows))
    lines = [_line(by, row.id, isbns[number % len(isbns)]) for number, row in enumerate(issued)]
    db.session.execute(sa.insert(DocumentLine), lines)
    return issued


def _invoice(by: User, day: dt.date, number: int) -> dict[str, object]:
    return {
        "number": f"FA-{day.year}-{number}", "kind": Kind.INVOICE, "account_id": by.account_id,
        "issued_on": day, "term": cast.SIXTY_DAYS, "due_on": cast.SIXTY_DAYS.due(day),
        "billed_to": by.account.place, "regime": Regime.TAXED, "goods_cents": 5_000, "net_cents": 5_000,
        "carriage_cents": 0, "vat": [{"rate_bp": 550, "basis_cents": 5_000, "vat_cents": 275}],
        "total_cents": INVOICE_CENTS, "open_cents": INVOICE_CENTS, "line_count": 1, "pdf_octets": 60_000,
    }  # fmt: skip


def _line(by: User, document_id: int, isbn: str) -> dict[str, object]:
    return {
        "document_id": document_id, "account_id": by.account_id, "position": 1, "isbn": isbn,
        "designation": f"Le livre {isbn}", "quantity": 3, "price_cents": 2_500, "discount_bp": 3_600,
        "net_unit_micros": 15_168_000, "line_cents": 5_000, "vat_bp": 550,
    }  # fmt: skip


def _pay(by: User, invoices: Sequence[Any], first: int) -> None:
    if not invoices:
        return
    payments = [
        {
            "reference": f"REG-{row.issued_on.year}-{first + number}", "account_id": by.account_id,
            "received_on": row.issued_on, "means": Means.TRANSFER, "amount_cents": INVOICE_CENTS,
            "open_cents": 0,
        }
        for number, row in enumerate(invoices)
    ]  # fmt: skip
    ids = db.session.scalars(sa.insert(Payment).returning(Payment.id, sort_by_parameter_order=True), payments)
    allocated = [
        {
            "account_id": by.account_id,
            "invoice_id": row.id,
            "payment_id": payment,
            "amount_cents": INVOICE_CENTS,
        }
        for row, payment in zip(invoices, ids, strict=True)
    ]
    db.session.execute(sa.insert(Allocation), allocated)
    paid = Document.id.in_([row.id for row in invoices])
    db.session.execute(sa.update(Document).where(paid).values(open_cents=0))
