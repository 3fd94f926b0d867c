"""What may be granted, until when, and what it comes to (R45–R49)."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.core import dates
from harmattan.core.money import BASIS_POINTS
from harmattan.core.terms import EndOfMonth, PaymentTerm
from harmattan.quotes import granting, pricing, rules
from harmattan.quotes.pricing import Carriage, Part, Wish
from harmattan.quotes.rules import TRANSITIONS, Action, Status

USUAL_BP = 3_600
USUAL_TERM = PaymentTerm(60, end_of_month=EndOfMonth.AFTER)
days = st.dates(dt.date(2026, 1, 1), dt.date(2030, 12, 31))
rates = st.integers(USUAL_BP, BASIS_POINTS - 1)
parts = st.lists(
    st.builds(
        Part,
        quantity=st.integers(1, 999),
        price_cents=st.integers(100, 20_000),
        product_vat_bp=st.just(550),
        vat_bp=st.sampled_from((0, 210, 550)),
        discount_bp=rates,
    ),
    min_size=1,
    max_size=6,
)


def compared(
    granted: list[Part], fee: int | None, term: PaymentTerm = USUAL_TERM, day: dt.date = dt.date(2026, 11, 23)
) -> pricing.Comparison:
    return pricing.compare(
        granted, Carriage(fee, 2_000), (USUAL_BP, USUAL_TERM), Wish(4_000, None), term, day
    )


@given(parts, st.none() | st.integers(0, 10_000))
def test_a_gesture_is_what_is_given_beyond_the_usual_and_never_a_loss(
    granted: list[Part], fee: int | None
) -> None:
    found = compared(granted, fee)
    assert found.gesture_cents >= 0
    assert found.gesture_cents == found.usual.goods_cents - sum(part.amount_cents() for part in granted)
    assert found.current.public_cents >= found.usual.goods_cents >= found.current.goods_cents
    assert found.current.totals.gross_cents == (
        found.current.goods_cents + (fee or 0) + found.current.totals.vat_cents
    )


@given(parts)
def test_no_discount_changes_the_public_price(granted: list[Part]) -> None:
    """Loi 81-766: all three columns are of the same copies at the same public prices."""
    found = compared(granted, None)
    assert found.granted is not None
    assert found.usual.public_cents == found.wished.public_cents == found.granted.public_cents


@given(parts, st.integers(60, 180), days)
def test_a_longer_term_is_never_due_sooner(granted: list[Part], count: int, day: dt.date) -> None:
    found = compared(granted, None, USUAL_TERM.extended_to(count), day)
    assert found.extra_days >= 0
    assert found.current.due == USUAL_TERM.extended_to(count).due(day)


@pytest.mark.parametrize(("typed", "rate"), [("40", 4000), ("38,5 %", 3850), ("36.25", 3625), (" 7 % ", 700)])
def test_a_rate_is_read_as_it_is_typed(typed: str, rate: int) -> None:
    assert granting.parse_rate(typed) == rate


@given(st.integers(0, BASIS_POINTS - 1))
def test_every_rate_that_is_written_is_read(rate: int) -> None:
    assert granting.parse_rate(f"{rate // 100},{rate % 100:02} %") == rate


@pytest.mark.parametrize("typed", ["", "beaucoup", "100", "-5", "40 50", "4e1", "38,555"])
def test_what_is_no_rate_says_what_to_type(typed: str) -> None:
    with pytest.raises(granting.Unreadable, match="Saisissez"):
        granting.parse_rate(typed)


@given(rates, st.integers(0, USUAL_BP - 1))
def test_a_quote_never_lowers_the_usual_discount(more: int, less: int) -> None:
    assert granting.rate_fault(more, USUAL_BP) == ""
    assert "un devis ne la diminue pas" in granting.rate_fault(less, USUAL_BP)


@given(st.lists(st.integers(1, 500), min_size=1, max_size=5), st.integers(1, 500))
def test_the_parts_of_a_line_are_the_line(quantities: list[int], asked: int) -> None:
    assert (granting.split_fault(quantities, asked) == "") is (sum(quantities) == asked)


@given(days, days)
def test_the_last_day_is_included_and_no_other_after_it(until: dt.date, today: dt.date) -> None:
    seen = rules.seen_on(Status.OFFERED, until, today)
    assert seen is (Status.OFFERED if today <= until else Status.EXPIRED)
    assert rules.seen_on(Status.ACCEPTED, until, today) is Status.ACCEPTED


@given(days)
def test_a_reminder_leaves_two_working_days(until: dt.date) -> None:
    day = granting.reminded_on(until, ())
    assert day < until
    assert dates.is_working_day(day)
    between = [day + dt.timedelta(days=n) for n in range(1, (until - day).days + 1)]
    assert sum(map(dates.is_working_day, between)) in (1, 2)


@given(days, st.integers(0, 8))
def test_books_accepted_by_the_last_day_arrive_in_time(needed: dt.date, lead_days: int) -> None:
    last = granting.last_day_for(needed, lead_days, ())
    sent = dates.add_working_days(last, 1)  # accepted in the evening, prepared from the next working day
    assert dates.add_working_days(sent, lead_days) <= needed


def test_what_is_over_stays_over() -> None:
    for status in (Status.DECLINED, Status.EXPIRED, Status.WITHDRAWN):
        assert TRANSITIONS[status] == {}


def test_sales_alone_are_waited_for_or_the_shop_alone() -> None:
    shops = {Action.ACCEPT, Action.DECLINE, Action.COUNTER}
    for status, ways in TRANSITIONS.items():
        assert not (status.waits_for_sales and shops & set(ways))
