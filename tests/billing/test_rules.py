"""Amounts of documents add up to the cent, and a document's state follows from what is left of it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.billing import rules
from harmattan.billing.rules import Kind, Line, State
from harmattan.core import money
from tests.billing.conftest import facts

TODAY = dt.date(2026, 11, 23)
rates = st.sampled_from((210, 550, 2000))


@st.composite
def lines(draw: st.DrawFn) -> Line:
    price, discount, quantity = (
        draw(st.integers(0, 20_000)),
        draw(st.integers(0, 10_000)),
        draw(st.integers(1, 500)),
    )
    rate = draw(rates)
    unit = money.net_unit_price(price, rate, discount)
    return Line(
        designation="Titre",
        quantity=quantity,
        net_unit_micros=int(unit * 1_000_000),
        line_cents=money.line_total(quantity, unit),
        vat_bp=rate,
        price_cents=price,
        discount_bp=discount,
    )


documents = st.lists(lines(), min_size=1, max_size=30).map(tuple)
carriages = st.integers(0, 20_000)


@given(documents, carriages)
def test_the_parts_of_a_document_add_up(held: tuple[Line, ...], carriage_cents: int) -> None:
    found = rules.totals(held, carriage_cents)
    assert found.goods_cents == sum(line.line_cents for line in held)
    assert sum(share.basis_cents for share in found.vat) == found.net_cents
    assert found.gross_cents == found.net_cents + sum(share.vat_cents for share in found.vat)
    assert {line.vat_bp for line in held} == {share.rate_bp for share in found.vat}
    for share in found.vat:
        assert share.vat_cents == money.vat_amount(share.basis_cents, share.rate_bp)


@given(documents, carriages)
def test_the_carriage_is_shared_out_without_losing_a_cent(
    held: tuple[Line, ...], carriage_cents: int
) -> None:
    document = facts(lines=held, carriage_cents=carriage_cents)
    assert sum(document.carriage_by_rate().values()) == carriage_cents


@given(lines())
def test_the_public_price_comes_back_from_the_net_price(line: Line) -> None:
    if line.discount_bp < 10_000:
        expected = money.net_of_tax(line.price_cents, line.vat_bp)
        assert abs(line.public_net_cents - expected) <= (1 if line.discount_bp > 9_000 else 0)


@given(lines(), st.data())
def test_copies_credited_one_batch_after_the_other_come_to_what_was_invoiced(
    line: Line, data: st.DataObject
) -> None:
    left, left_cents = line.quantity, line.line_cents
    while left:
        quantity = data.draw(st.integers(1, left))
        cents = rules.corrected_cents(quantity, line.net_unit_micros, left, left_cents)
        assert 0 <= cents <= left_cents
        left, left_cents = left - quantity, left_cents - cents
    assert left_cents == 0


@pytest.mark.parametrize(
    ("kind", "open_cents", "due_on", "expected"),
    [
        (Kind.INVOICE, 100, dt.date(2026, 11, 23), State.DUE),
        (Kind.INVOICE, 100, dt.date(2026, 11, 22), State.OVERDUE),
        (Kind.INVOICE, 60, dt.date(2026, 11, 23), State.PARTLY_PAID),
        (Kind.INVOICE, 60, dt.date(2026, 11, 22), State.OVERDUE),
        (Kind.INVOICE, 0, dt.date(2026, 11, 22), State.SETTLED),
        (Kind.CREDIT_NOTE, 100, None, State.FREE),
        (Kind.CREDIT_NOTE, 60, None, State.PARTLY_USED),
        (Kind.CREDIT_NOTE, 0, None, State.USED),
    ],
)
def test_the_state_follows_from_what_is_left(
    kind: Kind, open_cents: int, due_on: dt.date | None, expected: State
) -> None:
    assert rules.state(kind, 100, open_cents, due_on, TODAY) is expected


@pytest.mark.parametrize(
    ("names", "expected"), [([], ""), (["a"], "a"), (["a", "b"], "a et b"), (["a", "b", "c"], "a, b et c")]
)
def test_names_are_enumerated_in_french(names: list[str], expected: str) -> None:
    assert rules.enumerated(names) == expected
