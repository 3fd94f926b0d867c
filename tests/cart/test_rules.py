"""Quantities as they are typed, scans, and what happens to copies that are missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.cart import rules
from harmattan.cart.rules import MAXIMUM_QUANTITY, BackorderPolicy
from harmattan.catalogue.rules import Availability
from harmattan.core import money


@pytest.mark.parametrize(
    ("typed", "expected"), [("3", 3), (" 12 ", 12), ("1 000", 1000), ("+4", 4), ("007", 7), ("9999", 9999)]
)
def test_a_quantity_is_read_as_typed(typed: str, expected: int) -> None:
    assert rules.parse_quantity(typed) == expected


@given(st.text(max_size=30))
def test_any_text_is_a_quantity_in_the_limits_or_is_refused(typed: str) -> None:
    try:
        quantity = rules.parse_quantity(typed)
    except rules.UnreadableQuantity:
        return
    assert 1 <= quantity <= MAXIMUM_QUANTITY


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("12*9782343000015", ("9782343000015", "12")),
        (" 3 × 978-2-343-00001-5", ("978-2-343-00001-5", "3")),
        ("234300001X", ("234300001X", None)),
        ("*978", ("*978", None)),
    ],
)
def test_a_scan_may_carry_its_quantity(typed: str, expected: tuple[str, str | None]) -> None:
    assert rules.split_scan(typed) == expected


@given(
    st.sampled_from(list(Availability)),
    st.integers(-5, 20_000),
    st.integers(1, MAXIMUM_QUANTITY),
    st.sampled_from(list(BackorderPolicy)),
)
def test_no_copy_is_lost_and_a_sentence_says_what_is_missing(
    availability: Availability, stock: int, quantity: int, policy: BackorderPolicy
) -> None:
    at_once = rules.copies_at_once(availability, stock, quantity)
    kept = rules.quantity_kept(quantity, at_once, policy)
    assert 0 <= at_once <= quantity
    assert 1 <= kept <= quantity
    assert kept == quantity or policy is BackorderPolicy.SKIP
    assert bool(rules.stock_sentence(quantity, at_once, policy)) == (at_once < quantity)


_LINES = st.lists(
    st.tuples(st.integers(1, 9_999), st.integers(1, 50_000), st.sampled_from([550, 2000, 210])), max_size=30
)


@given(_LINES, st.integers(0, 6_000), st.integers(0, 5_000))
def test_totals_never_lose_a_cent(
    lines: list[tuple[int, int, int]], discount_bp: int, carriage_cents: int
) -> None:
    amounts = [(vat, rules.line_amount(copies, price, vat, discount_bp)) for copies, price, vat in lines]
    totals = money.totals(amounts, carriage_cents, 550)
    assert totals.goods_cents == sum(cents for _, cents in amounts)
    assert sum(share.basis_cents for share in totals.vat) == totals.goods_cents + carriage_cents
    assert totals.gross_cents == totals.net_cents + totals.vat_cents
