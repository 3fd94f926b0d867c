"""Which day a remittance is for, when a bill can have come back, how both are numbered."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.lcr import rules
from harmattan.lcr.reasons import NO_FUNDS, REASONS, reason_of
from harmattan.lcr.rules import TRANSITIONS, Action, MandateState

MONDAY = dt.date(2026, 11, 23)


def test_a_mandate_over_or_refused_is_so_for_good_and_every_live_one_can_be_withdrawn() -> None:
    assert [state for state, actions in TRANSITIONS.items() if not actions] == [
        MandateState.REFUSED,
        MandateState.ENDED,
    ]
    assert all((Action.WITHDRAW in TRANSITIONS[state]) == state.is_live for state in MandateState)


@pytest.mark.parametrize(
    ("today", "due_on"),
    [
        (MONDAY, dt.date(2026, 11, 30)),
        (dt.date(2026, 11, 26), dt.date(2026, 12, 31)),
        (dt.date(2026, 12, 28), dt.date(2027, 1, 31)),
        (dt.date(2027, 1, 29), dt.date(2027, 2, 28)),
    ],
)
def test_a_remittance_is_usually_for_the_end_of_the_month(today: dt.date, due_on: dt.date) -> None:
    assert rules.usual_due(today) == due_on


@given(st.dates(dt.date(2020, 1, 1), dt.date(2099, 12, 31)))
def test_the_day_that_is_proposed_is_never_refused(today: dt.date) -> None:
    assert rules.due_fault(rules.usual_due(today), today) == ""


@pytest.mark.parametrize(
    ("days", "is_taken"), [(-1, False), (0, False), (4, False), (5, True), (92, True), (93, False)]
)
def test_the_banks_need_five_days_and_three_months_are_far_enough(days: int, is_taken: bool) -> None:
    assert (rules.due_fault(MONDAY + dt.timedelta(days=days), MONDAY) == "") is is_taken


def test_a_bill_comes_back_between_its_file_and_today() -> None:
    sent = dt.date(2026, 11, 20)
    days = (sent, MONDAY, sent - dt.timedelta(days=1), MONDAY + dt.timedelta(days=1))
    said = [rules.rejection_fault(day, sent, MONDAY, sent, NO_FUNDS) for day in days]
    assert [not fault for fault in said] == [True, True, False, False]


def test_a_day_that_is_the_only_one_is_said_once() -> None:
    fault = rules.rejection_fault(dt.date(2026, 11, 20), MONDAY, MONDAY, MONDAY, "")
    assert fault.endswith("la banque, 23/11/2026")


@pytest.mark.parametrize("code", REASONS)
def test_funds_are_not_missed_before_the_due_date_but_an_account_may_be_closed(code: str) -> None:
    fault = rules.rejection_fault(MONDAY, MONDAY, MONDAY, MONDAY + dt.timedelta(days=1), code)
    assert bool(fault) is (code == NO_FUNDS)


def test_one_account_is_known_however_its_iban_is_spaced() -> None:
    assert rules.is_same_account("FR7630006000011234567890189", "FR76 3000 6000 0112 3456 7890 189")
    assert not rules.is_same_account(None, "")
    assert not rules.is_same_account("FR7630004000031234567890143", "FR7630006000011234567890189")


def test_references_fit_the_places_that_the_standard_has_for_them() -> None:
    assert rules.short_reference("LCR-2026-000012") == "LCR26000012"
    assert rules.bill_number("EFF-2026-000012") == "2600000012"


def test_a_code_of_the_bank_is_told_in_words_and_one_of_its_own_is_no_error() -> None:
    assert all(re.fullmatch(r"\d\d", code) for code in REASONS)
    assert reason_of("75") == "Demande de prorogation"
    assert reason_of("47") == "Autre motif"
