"""Which of a title's dated prices holds on a day, whatever a publisher announces (domain.md §2.2)."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from harmattan.catalogue.prices import Dated, changes_after, of_day

TODAY = dt.date(2026, 11, 23)

days = st.dates(TODAY - dt.timedelta(days=30), TODAY + dt.timedelta(days=60))


@st.composite
def dated(draw: st.DrawFn) -> Dated[int]:
    """A price of some days, open at either end or not."""
    since, until = sorted((draw(days), draw(days)))
    kept = draw(st.sampled_from([(since, until), (since, dt.date.max), (dt.date.min, until)]))
    return Dated(draw(st.integers(1, 9)), *kept)


prices = st.lists(dated(), max_size=6)


def test_the_latest_to_have_begun_is_the_price_of_the_day() -> None:
    usual, offer = Dated(25), Dated(22, dt.date(2026, 11, 1), dt.date(2026, 11, 30))
    assert of_day([usual, offer], TODAY) is offer
    assert of_day([usual, offer], dt.date(2026, 12, 1)) is usual
    assert list(changes_after([usual, offer], TODAY)) == [(dt.date(2026, 12, 1), usual)]


def test_a_price_begins_on_its_day() -> None:
    old, new = Dated(25, until=dt.date(2026, 12, 31)), Dated(27, dt.date(2027, 1, 1))
    assert of_day([old, new], dt.date(2026, 12, 31)) is old
    assert of_day([old, new], dt.date(2027, 1, 1)) is new
    assert list(changes_after([old, new], TODAY)) == [(dt.date(2027, 1, 1), new)]


def test_without_a_price_of_today_the_next_one_is_told() -> None:
    later, latest = Dated(27, dt.date(2027, 1, 1)), Dated(29, dt.date(2027, 3, 1))
    assert of_day([latest, later], TODAY) is later


def test_a_price_that_is_over_is_none() -> None:
    assert of_day([Dated(25, until=dt.date(2026, 11, 22))], TODAY) is None


@given(prices, st.integers(0, 60))
def test_changes_that_are_followed_lead_to_the_price_of_each_day(
    announced: list[Dated[int]], ahead: int
) -> None:
    day = TODAY + dt.timedelta(days=ahead)
    followed = of_day(announced, TODAY)
    for begins, price in changes_after(announced, TODAY):
        if begins <= day:
            followed = price
    if any(each.holds_on(day) for each in announced):
        assert followed == of_day(announced, day)


@given(prices)
def test_changes_come_in_order_later_than_today_and_hold_on_their_day(announced: list[Dated[int]]) -> None:
    found = list(changes_after(announced, TODAY))
    begins = [day for day, _ in found]
    assert begins == sorted(set(begins))
    assert all(day > TODAY and price.holds_on(day) for day, price in found)


def test_a_flood_of_prices_is_cut_short() -> None:
    flood = [Dated(number, TODAY + dt.timedelta(days=number)) for number in range(1, 1_000)]
    assert len(list(changes_after(flood, TODAY))) == 20
