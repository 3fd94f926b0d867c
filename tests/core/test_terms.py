"""Payment terms: the table of domain.md §9, and what holds for every term and day."""

import calendar
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.core.terms import EndOfMonth, PaymentTerm, Unit

AFTER, BEFORE, MONTHS = EndOfMonth.AFTER, EndOfMonth.BEFORE, Unit.MONTHS
NOVEMBER_22, JANUARY_31 = dt.date(2026, 11, 22), dt.date(2026, 1, 31)

days = st.dates(dt.date(2020, 1, 1), dt.date(2040, 12, 31))
lengths = st.tuples(st.integers(0, 180), st.just(Unit.DAYS)) | st.tuples(st.integers(0, 6), st.just(MONTHS))
monthly = st.builds(
    lambda length, end_of_month, day: PaymentTerm(*length, end_of_month, day),
    lengths,
    st.sampled_from((AFTER, BEFORE)),
    st.none() | st.integers(1, 31),
)
terms = (
    monthly
    | st.builds(PaymentTerm, st.integers(0, 180))
    | st.builds(PaymentTerm, st.integers(0, 6), st.just(MONTHS), st.sampled_from(EndOfMonth))
)


@pytest.mark.parametrize(
    ("term", "from_november", "from_january"),
    [
        (PaymentTerm(30), dt.date(2026, 12, 22), dt.date(2026, 3, 2)),
        (PaymentTerm(60), dt.date(2027, 1, 21), dt.date(2026, 4, 1)),
        (PaymentTerm(30, end_of_month=AFTER), dt.date(2026, 12, 31), dt.date(2026, 3, 31)),
        (PaymentTerm(45, end_of_month=AFTER), dt.date(2027, 1, 31), dt.date(2026, 3, 31)),
        (PaymentTerm(45, end_of_month=BEFORE), dt.date(2027, 1, 14), dt.date(2026, 3, 17)),
        (PaymentTerm(60, end_of_month=AFTER), dt.date(2027, 1, 31), dt.date(2026, 4, 30)),
        (PaymentTerm(2, MONTHS, AFTER), dt.date(2027, 1, 31), dt.date(2026, 3, 31)),
        (PaymentTerm(90, end_of_month=AFTER), dt.date(2027, 2, 28), dt.date(2026, 5, 31)),
        (PaymentTerm(3, MONTHS, AFTER), dt.date(2027, 2, 28), dt.date(2026, 4, 30)),
        (PaymentTerm(30, end_of_month=AFTER, day_of_month=15), dt.date(2027, 1, 15), dt.date(2026, 4, 15)),
    ],
)
def test_due_dates_are_those_of_the_trade(
    term: PaymentTerm, from_november: dt.date, from_january: dt.date
) -> None:
    assert term.due(NOVEMBER_22) == from_november
    assert term.due(JANUARY_31) == from_january


@given(terms, days)
def test_nothing_is_due_before_it_is_invoiced(term: PaymentTerm, day: dt.date) -> None:
    assert term.due(day) >= day


@given(terms, days)
def test_a_later_invoice_is_never_due_earlier(term: PaymentTerm, day: dt.date) -> None:
    assert term.due(day) <= term.due(day + dt.timedelta(days=1))


@given(st.integers(0, 180), days)
def test_end_of_month_terms_fall_on_the_last_of_a_month(count: int, day: dt.date) -> None:
    due = PaymentTerm(count, end_of_month=AFTER).due(day)
    assert due.day == calendar.monthrange(due.year, due.month)[1]
    assert (due - day).days >= count


@given(st.integers(0, 12), days)
def test_months_end_of_month_are_calendar_months_whatever_their_days(count: int, day: dt.date) -> None:
    due = PaymentTerm(count, MONTHS, AFTER).due(day)
    assert (due.year - day.year) * 12 + due.month - day.month == count
    assert due == PaymentTerm(count, MONTHS, BEFORE).due(day)


@given(st.integers(0, 180), days)
def test_counting_from_the_end_of_the_month_begins_there(count: int, day: dt.date) -> None:
    month_end = PaymentTerm(0, end_of_month=BEFORE).due(day)
    assert (PaymentTerm(count, end_of_month=BEFORE).due(day) - month_end).days == count


@given(monthly, days)
def test_a_day_of_the_month_is_that_day_or_the_last_of_a_shorter_month(
    term: PaymentTerm, day: dt.date
) -> None:
    if term.day_of_month:
        due = term.due(day)
        assert due.day == min(term.day_of_month, calendar.monthrange(due.year, due.month)[1])


@given(terms, days, st.integers(0, 180))
def test_a_prolonged_term_keeps_its_month_rule_and_counts_the_days_granted(
    term: PaymentTerm, day: dt.date, granted: int
) -> None:
    longer = term.extended_to(granted)
    assert (longer.count, longer.unit) == (granted, Unit.DAYS)
    assert (longer.end_of_month, longer.day_of_month) == (term.end_of_month, term.day_of_month)


@given(days, days)
def test_a_day_agreed_on_is_due_then_and_never_before_the_invoice(agreed: dt.date, invoiced: dt.date) -> None:
    assert PaymentTerm.on(agreed).due(invoiced) == max(agreed, invoiced)


@given(terms | st.builds(PaymentTerm.on, days))
def test_a_term_is_kept_and_read_again_as_it_was(term: PaymentTerm) -> None:
    assert PaymentTerm.of_code(term.code) == term
    assert len(term.code) <= 60


@pytest.mark.parametrize(
    ("term", "label"),
    [
        (PaymentTerm(60, end_of_month=AFTER), "60 jours fin de mois"),
        (PaymentTerm(30), "30 jours nets"),
        (PaymentTerm(1), "1 jour net"),
        (PaymentTerm(0), "réception de la facture"),
        (PaymentTerm(0, end_of_month=AFTER), "fin de mois"),
        (PaymentTerm(45, end_of_month=BEFORE), "fin de mois + 45 jours"),
        (PaymentTerm(30, end_of_month=AFTER, day_of_month=15), "30 jours fin de mois le 15"),
        (PaymentTerm(2, MONTHS, AFTER), "2 mois fin de mois"),
        (PaymentTerm.on(dt.date(2027, 2, 28)), "échéance du 28\u00a0février 2027"),
    ],
)
def test_a_term_is_worded_as_accountants_say_it(term: PaymentTerm, label: str) -> None:
    assert term.label == label


@pytest.mark.parametrize(
    "fault",
    [
        {"count": -1},
        {"count": 30, "day_of_month": 15},
        {"count": 30, "end_of_month": AFTER, "day_of_month": 32},
    ],
)
def test_a_term_that_means_nothing_cannot_be_made(fault: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"month|forwards|day"):
        PaymentTerm(**fault)  # type: ignore[arg-type]
