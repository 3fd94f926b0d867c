"""What the payment page tells us: booked once, compared, never believed without its signature (R73)."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from harmattan.billing.models import Document, Payment
from harmattan.core import database
from harmattan.core.extensions import db
from harmattan.payments import online, rules, service, signing
from harmattan.payments.models import Notification
from harmattan.payments.rules import TRANSITIONS, Action, Means, Status
from tests import cast
from tests.core.test_database import in_threads

SECRET = "shared-with-the-payment-page"
ADDRESS = "/paiement/notification"

Tell = Callable[..., Any]


def prepared(app: Flask) -> SimpleNamespace:
    app.config["PAYMENT_SECRET"] = SECRET
    people = cast.everybody()
    papers = cast.documents(people, cast.titles())
    order = service.announce(people.grand_large, [papers.f4], Means.ONLINE, people.lucie)
    db.session.commit()
    return SimpleNamespace(app=app, people=people, papers=papers, order=order)


@pytest.fixture
def shop(app: Flask) -> SimpleNamespace:
    """Lucie is about to pay F4 (111,37) on the payment page."""
    return prepared(app)


def told(shop: SimpleNamespace, **changes: str) -> dict[str, str]:
    fields = {
        "transaction": "T-1",
        "resultat": online.PAID,
        "reference": shop.order.reference,
        "documents": shop.papers.f4.number,
        "montant": "11137",
        "devise": "EUR",
    }
    return signing.signed(fields | changes, SECRET)


def tell(shop: SimpleNamespace, fields: dict[str, str]) -> int:
    return shop.app.test_client().post(ADDRESS, data=fields).status_code


def state(shop: SimpleNamespace) -> tuple[Status, int, int]:
    """(where the order stands, how many payments are booked, what is left of F4)"""
    db.session.expire_all()
    payments = db.session.scalars(sa.select(Payment).where(Payment.label == shop.order.label)).all()
    return shop.order.status, len(payments), shop.papers.f4.open_cents


def test_what_was_paid_is_booked_and_settles_its_invoice(shop: SimpleNamespace) -> None:
    assert tell(shop, told(shop)) == 200
    assert state(shop) == (Status.BOOKED, 1, 0)
    kept = db.session.scalars(sa.select(Notification)).one()
    assert "montant=11137" in kept.raw
    assert kept.payment_id is not None


def test_told_twice_it_is_booked_once(shop: SimpleNamespace) -> None:
    for _ in range(3):
        assert tell(shop, told(shop)) == 200
    assert state(shop) == (Status.BOOKED, 1, 0)


@pytest.mark.parametrize("field", ["montant", "devise", "reference", "documents", "transaction", "resultat"])
def test_what_was_altered_on_the_way_is_refused(shop: SimpleNamespace, field: str) -> None:
    assert tell(shop, told(shop) | {field: "1"}) == 403
    assert state(shop) == (Status.AWAITED, 0, 11137)
    assert db.session.scalars(sa.select(Notification)).all() == []


@pytest.mark.parametrize("signature", ["", "0" * 64, "é"])
def test_nothing_is_believed_without_its_signature(shop: SimpleNamespace, signature: str) -> None:
    assert tell(shop, told(shop) | {signing.SIGNATURE: signature}) == 403
    assert state(shop)[1] == 0


def test_without_a_secret_nothing_is_believed_at_all(shop: SimpleNamespace) -> None:
    shop.app.config["PAYMENT_SECRET"] = ""
    fields = {name: value for name, value in told(shop).items() if name != signing.SIGNATURE}
    assert tell(shop, signing.signed(fields, "")) == 403


@pytest.mark.parametrize(
    ("changes", "left", "why"),
    [
        ({"montant": "11037"}, 100, "inférieur"),
        ({"montant": "11237"}, 0, "supérieur"),
        ({"documents": "FA-2020-000001"}, 0, "autres"),
    ],
)
def test_what_differs_is_booked_and_shown_to_accounting(
    shop: SimpleNamespace, changes: dict[str, str], left: int, why: str
) -> None:
    assert tell(shop, told(shop, **changes)) == 200
    assert state(shop) == (Status.TO_CHECK, 1, left)
    assert why in shop.order.events[-1].text


def test_another_currency_books_nothing(shop: SimpleNamespace) -> None:
    assert tell(shop, told(shop, devise="USD")) == 200
    assert state(shop) == (Status.TO_CHECK, 0, 11137)


def test_a_refusal_books_nothing_and_a_later_payment_still_arrives(shop: SimpleNamespace) -> None:
    assert tell(shop, told(shop, resultat=online.REFUSED)) == 200
    assert state(shop) == (Status.REFUSED, 0, 11137)
    assert tell(shop, told(shop, transaction="T-2")) == 200
    assert state(shop) == (Status.BOOKED, 1, 0)


def test_money_that_comes_late_is_never_turned_away(shop: SimpleNamespace) -> None:
    service.act(shop.order, Action.WITHDRAW, "Lucie")
    db.session.commit()
    assert tell(shop, told(shop)) == 200
    assert state(shop) == (Status.BOOKED, 1, 0)


def test_a_second_payment_of_the_same_order_is_for_accounting_to_look_at(shop: SimpleNamespace) -> None:
    assert tell(shop, told(shop)) == 200
    assert tell(shop, told(shop, transaction="T-2")) == 200
    assert state(shop) == (Status.TO_CHECK, 2, 0)


def test_a_payment_for_nothing_we_know_is_kept(shop: SimpleNamespace) -> None:
    assert tell(shop, told(shop, reference="PAI-2020-000009")) == 200
    assert [each.transaction for each in online.strays()] == ["T-1"]
    assert state(shop) == (Status.AWAITED, 0, 11137)


@pytest.mark.parametrize(
    "amount", ["", "0", "-5", "1e3", "11137.00", "٣", "9" * 30, "1".zfill(11) + "0" * 20]
)
def test_an_amount_that_is_none_is_refused(shop: SimpleNamespace, amount: str) -> None:
    assert tell(shop, told(shop, montant=amount)) == 403


def test_told_many_times_at_once_it_is_booked_once_on_both_databases(any_app: Flask) -> None:
    shop = prepared(any_app)
    fields = told(shop)

    def take() -> None:
        database.writing()
        online.take(fields)
        db.session.commit()

    in_threads(any_app, take, 12)
    assert state(shop) == (Status.BOOKED, 1, 0)


@pytest.mark.parametrize("orders", [1, 2])
def test_transactions_that_are_told_at_once_are_all_booked_and_settle_once(
    any_app: Flask, orders: int
) -> None:
    """Of the same order, or of two orders of the same invoice: what is too much is for accounting."""
    shop = prepared(any_app)
    people, papers = shop.people, shop.papers
    more = [
        service.announce(people.grand_large, [papers.f4], Means.ONLINE, people.lucie)
        for _ in range(orders - 1)
    ]
    db.session.commit()
    references = [each.reference for each in (shop.order, *more)]
    waiting = [told(shop, transaction=f"T-{n}", reference=references[n % orders]) for n in range(8)]

    def take() -> None:
        database.writing()
        assert online.take(waiting.pop())
        db.session.commit()

    in_threads(any_app, take, 8)
    assert state(shop)[1:] == (8, 0)
    assert {each.status for each in (shop.order, *more)} == {Status.TO_CHECK}
    payments = db.session.scalars(sa.select(Payment).where(Payment.label == shop.order.label))
    assert sorted(each.open_cents for each in payments) == [0, *[11137] * 7]


def test_fifty_uses_of_one_credit_note_at_once_are_one(any_app: Flask) -> None:
    people = cast.everybody()
    papers = cast.documents(people, cast.titles())
    invoice = cast.invoice(
        people.grand_large, (cast.title("9782000000017"), 1), issued_on=papers.f9.issued_on
    )
    db.session.commit()
    credit, account_cents = papers.a1.open_cents, invoice.open_cents
    assert account_cents < credit
    ids, done = (invoice.id, papers.a1.id), []
    lucie = people.lucie.id

    def use() -> None:
        database.writing()
        documents = [db.session.get_one(Document, each) for each in ids]
        try:
            service.deduct(documents, db.session.get_one(type(people.lucie), lucie))
            db.session.commit()
            done.append(True)
        except service.Refusal:
            db.session.rollback()

    in_threads(any_app, use, 50)
    db.session.expire_all()
    assert len(done) == 1
    assert (invoice.open_cents, papers.a1.open_cents) == (0, credit - account_cents)


def test_a_browser_that_comes_back_proves_nothing(shop: SimpleNamespace) -> None:
    assert shop.app.test_client().get(f"/paiement/{shop.order.reference}?resultat=paye").status_code in (
        302,
        303,
    )
    assert state(shop) == (Status.AWAITED, 0, 11137)


@given(st.integers(1, 10**7), st.integers(1, 10**7), st.integers(0, 10**7))
def test_only_the_announced_amount_that_is_all_used_is_beyond_doubt(due: int, paid: int, left: int) -> None:
    assert (rules.difference(due, paid, left) == "") is (due == paid and not left)


@given(st.dictionaries(st.text(min_size=1), st.text(), max_size=6), st.text(min_size=1))
def test_a_signature_is_of_these_fields_and_this_secret(fields: dict[str, str], secret: str) -> None:
    fields.pop(signing.SIGNATURE, None)
    sent = signing.signed(fields, secret)
    assert signing.is_genuine(sent, secret)
    assert not signing.is_genuine(sent, secret + "x")
    assert not signing.is_genuine(sent | {"autre": "1" + sent.get("autre", "")}, secret)


def test_received_money_can_always_be_booked_or_doubted() -> None:
    for status, ways in TRANSITIONS.items():
        assert Action.DOUBT in ways, status
