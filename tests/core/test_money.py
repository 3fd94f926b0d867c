"""Amounts add up to the cent (domain.md §5.6)."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from harmattan.core import money

REDUCED = 550
cents = st.integers(0, 10_000_000)
rates = st.sampled_from([0, 210, 550, 1000, 2000])


def test_the_worked_example_comes_to_166_68() -> None:
    first = money.net_unit_price(2550, REDUCED, 3500)
    second = money.net_unit_price(1800, REDUCED, 4000)
    assert (money.net_of_tax(2550, REDUCED), first) == (2417, Decimal("15.7105"))
    assert (money.net_of_tax(1800, REDUCED), second) == (1706, Decimal("10.236"))
    lines = [(REDUCED, money.line_total(3, first)), (REDUCED, money.line_total(10, second))]
    assert lines == [(REDUCED, 4713), (REDUCED, 10236)]
    total = money.totals(lines, carriage_cents=850)
    assert (total.net_cents, total.vat_cents, total.gross_cents) == (15799, 869, 16668)


def test_an_order_of_five_euros_fifty_five_and_a_half_is_rounded_half_up() -> None:
    assert money.line_total(1, Decimal("5.555")) == 556
    assert money.line_total(3, Decimal("0.005")) == 2


def test_the_unit_price_keeps_six_decimals_and_the_line_is_rounded_once() -> None:
    unit = money.net_unit_price(1999, REDUCED, 3333)
    assert unit == Decimal("12.633965")
    assert money.line_total(1000, unit) == 1263397


def test_carriage_follows_the_goods_rates_and_the_largest_share_takes_the_rest() -> None:
    total = money.totals([(550, 1000), (2000, 500)], carriage_cents=100)
    assert [(share.rate_bp, share.basis_cents) for share in total.vat] == [(550, 1067), (2000, 533)]
    assert total.net_cents == 1600


def test_carriage_without_goods_bears_its_own_rate() -> None:
    assert money.totals([], 850, 2000).vat == (money.VatShare(2000, 850, 170),)


def test_nothing_costs_nothing() -> None:
    assert money.totals([], 0) == money.Totals(0, 0, ())


@given(cents, st.dictionaries(st.integers(0, 20), st.integers(0, 1_000_000), max_size=8))
def test_pro_rata_loses_no_cent(amount: int, weights: dict[int, int]) -> None:
    shares = money.pro_rata(amount, weights)
    assert sum(shares.values()) == (amount if sum(weights.values()) else 0)


@given(st.lists(st.tuples(rates, cents), max_size=30), cents, rates)
def test_totals_hold_every_line_and_round_the_tax_once_a_rate(
    lines: list[tuple[int, int]], carriage: int, carriage_rate: int
) -> None:
    total = money.totals(lines, carriage, carriage_rate)
    assert total.goods_cents == sum(line for _, line in lines)
    assert total.net_cents == sum(share.basis_cents for share in total.vat)
    assert [share.vat_cents for share in total.vat] == [
        money.vat_amount(share.basis_cents, share.rate_bp) for share in total.vat
    ]
    assert total.gross_cents == total.net_cents + total.vat_cents


@given(cents, rates)
def test_the_price_without_tax_gives_the_price_with_tax_back_to_the_cent(gross: int, rate: int) -> None:
    net = money.net_of_tax(gross, rate)
    assert abs(net + money.vat_amount(net, rate) - gross) <= 1
