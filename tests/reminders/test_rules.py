"""Who may be reminded, how firmly and when: every day, whatever happened before."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.core import dates
from harmattan.reminders import rules
from harmattan.reminders.rules import Facts, Hindrance, Late, Level, Previous

TODAY = dt.date(2026, 11, 23)
"""A Monday."""
LONG_AGO = dt.date(2026, 9, 30)
FA1 = Late("FA-2026-000001", LONG_AGO - dt.timedelta(30), LONG_AGO, 15_532)
FA2 = Late("FA-2026-000002", dt.date(2026, 10, 21), dt.date(2026, 11, 20), 8_000)
ONE = Facts((FA1,))


def previous(level: Level, on: dt.date = dt.date(2026, 11, 2), *numbers: str) -> Previous:
    return Previous(1, level, on, numbers or (FA1.number,))


def test_the_first_reminder_is_courteous_and_lists_everything_that_is_late() -> None:
    found = rules.verdict(Facts((FA2, FA1)), TODAY)
    assert (found.level, found.hindrance, found.levels) == (Level.COURTEOUS, None, (Level.COURTEOUS,))
    assert [each.number for each in found.claimed] == [FA1.number, FA2.number]
    assert found.to_pay_cents == 23_532


@pytest.mark.parametrize(
    ("before", "now"), [(Level.COURTEOUS, Level.FIRM), (Level.FIRM, Level.LAST), (Level.LAST, None)]
)
def test_each_reminder_of_the_same_invoice_is_firmer_than_the_one_before(
    before: Level, now: Level | None
) -> None:
    found = rules.verdict(replace(ONE, previous=previous(before)), TODAY)
    assert found.level == now
    if now is None:
        assert found.hindrance is Hindrance.EXHAUSTED
        assert "téléphonez" in found.why
    else:
        assert found.levels == tuple(Level)[: tuple(Level).index(now) + 1]


def test_once_what_was_claimed_is_paid_it_begins_again_courteously() -> None:
    settled = previous(Level.LAST, dt.date(2026, 11, 2), "FA-2026-000009")
    assert rules.verdict(replace(ONE, previous=settled), TODAY).level is Level.COURTEOUS


@pytest.mark.parametrize(
    ("due_on", "first"),
    [
        (dt.date(2026, 11, 13), dt.date(2026, 11, 23)),
        (dt.date(2026, 10, 30), dt.date(2026, 11, 9)),
        (dt.date(2026, 11, 6), dt.date(2026, 11, 17)),  # the 11th of November is nobody's working day
    ],
)
def test_a_late_invoice_is_left_alone_for_five_working_days(due_on: dt.date, first: dt.date) -> None:
    facts = Facts((replace(FA1, due_on=due_on),))
    assert rules.verdict(facts, first - dt.timedelta(days=1)).hindrance is Hindrance.GRACE
    assert rules.verdict(facts, first).level is Level.COURTEOUS


def test_an_account_rests_eight_working_days_after_a_reminder() -> None:
    sent = previous(Level.COURTEOUS, dt.date(2026, 11, 10))
    facts = replace(ONE, previous=sent)
    assert rules.rest_ends(sent.on) == dt.date(2026, 11, 23)
    found = rules.verdict(facts, dt.date(2026, 11, 20))
    assert (found.hindrance, found.level) == (Hindrance.REST, None)
    assert "23\u00a0novembre 2026" in found.why
    assert rules.verdict(facts, TODAY).level is Level.FIRM
    closing = [dt.date(2026, 11, 16)]
    assert rules.verdict(facts, TODAY, closing).hindrance is Hindrance.REST


@pytest.mark.parametrize(
    ("changed", "hindrance"),
    [
        ({"late": (replace(FA1, open_cents=1_999),)}, Hindrance.SMALL),
        ({"free_cents": 15_532}, Hindrance.COVERED),
        ({"free_cents": 20_000}, Hindrance.COVERED),
        ({"free_cents": 13_533}, Hindrance.SMALL),
        ({"declared_on": dt.date(2026, 11, 9)}, Hindrance.DECLARED),
        ({"has_lcr": True}, Hindrance.LCR),
        ({"late": (replace(FA1, set_aside_until=TODAY),)}, Hindrance.SET_ASIDE),
    ],
)
def test_some_accounts_are_left_in_peace(changed: dict[str, object], hindrance: Hindrance) -> None:
    found = rules.verdict(replace(ONE, **changed), TODAY)  # type: ignore[arg-type]
    assert (found.hindrance, found.level) == (hindrance, None)
    assert found.why


def test_a_payment_that_never_came_does_not_protect_for_ever() -> None:
    declared = dt.date(2026, 11, 9)
    last = rules.awaited_until(declared)
    assert last == dt.date(2026, 11, 24)
    facts = replace(ONE, declared_on=declared)
    assert rules.verdict(facts, last).hindrance is Hindrance.DECLARED
    assert rules.verdict(facts, last + dt.timedelta(days=1)).level is Level.COURTEOUS


def test_what_is_disputed_is_not_claimed_and_comes_back_the_day_after() -> None:
    disputed = replace(FA1, set_aside_until=dt.date(2026, 11, 30))
    facts = Facts((disputed, replace(FA2, due_on=LONG_AGO)))
    assert [each.number for each in rules.verdict(facts, TODAY).claimed] == [FA2.number]
    assert len(rules.verdict(facts, dt.date(2026, 12, 1)).claimed) == 2


def test_credits_are_deducted_and_what_is_left_to_pay_is_never_negative() -> None:
    assert rules.verdict(replace(ONE, free_cents=5_532), TODAY).to_pay_cents == 10_000
    assert rules.verdict(replace(ONE, free_cents=99_999), TODAY).to_pay_cents == 0


@pytest.mark.parametrize(
    ("until", "possible"),
    [
        (TODAY, False),
        (TODAY + dt.timedelta(days=1), True),
        (TODAY + dt.timedelta(days=366), True),
        (TODAY + dt.timedelta(days=367), False),
    ],
)
def test_a_dispute_is_set_aside_until_a_day_within_a_year(until: dt.date, possible: bool) -> None:
    assert (rules.set_aside_fault(until, TODAY) == "") is possible


days = st.dates(dt.date(2026, 1, 1), dt.date(2026, 11, 22))
invoices = st.builds(
    Late,
    number=st.sampled_from([f"FA-2026-00000{n}" for n in range(9)]),
    due_on=days,
    open_cents=st.integers(1, 50_000),
    set_aside_until=st.none() | st.dates(dt.date(2026, 10, 1), dt.date(2027, 1, 1)),
)
everything = st.builds(
    Facts,
    late=st.lists(invoices, min_size=1, max_size=6),
    free_cents=st.integers(0, 60_000),
    declared_on=st.none() | days,
    has_lcr=st.booleans(),
    previous=st.none()
    | st.builds(
        Previous,
        st.integers(1, 5),
        st.sampled_from(Level),
        days,
        st.lists(st.sampled_from([f"FA-2026-00000{n}" for n in range(9)]), max_size=3),
    ),
)


@given(everything)
def test_whoever_is_reminded_owes_enough_has_had_time_and_announced_nothing(facts: Facts) -> None:
    found = rules.verdict(facts, TODAY)
    assert (found.level is None) is bool(found.hindrance) is bool(found.why)
    if found.level is None:
        return
    assert found.to_pay_cents >= rules.FLOOR_CENTS
    assert not facts.has_lcr
    assert not [each for each in found.claimed if each.set_aside_until and each.set_aside_until >= TODAY]
    tomorrow = dt.timedelta(days=1)
    oldest = found.claimed[0].due_on
    assert dates.working_days_between(oldest + tomorrow, TODAY) > rules.GRACE_DAYS
    if facts.previous:
        rested = dates.working_days_between(facts.previous.on + tomorrow, TODAY)
        assert rested >= rules.REST_DAYS
        again = any(each.number in facts.previous.numbers for each in found.claimed)
        assert (found.level is Level.COURTEOUS) is not again
    if facts.declared_on:
        assert dates.working_days_between(facts.declared_on + tomorrow, TODAY) > rules.DECLARED_DAYS
