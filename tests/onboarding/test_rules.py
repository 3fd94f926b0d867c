"""The life of a request for access."""

import datetime as dt

import pytest

from harmattan.core import clock
from harmattan.onboarding import rules
from harmattan.onboarding.rules import Kind, RequestState
from tests import cast


def test_the_case_is_recognised_by_the_account_alone() -> None:
    assert rules.kind_of(has_principal=False) is Kind.FIRST_ACCESS
    assert rules.kind_of(has_principal=True) is Kind.COLLEAGUE


def test_a_link_lives_48_hours_and_an_approval_14_days() -> None:
    assert rules.expires_at(Kind.FIRST_ACCESS, cast.MONDAY, 48) - cast.MONDAY == dt.timedelta(hours=48)
    assert rules.expires_at(Kind.COLLEAGUE, cast.MONDAY, 48) - cast.MONDAY == dt.timedelta(days=14)


@pytest.mark.parametrize(("days", "day"), [(2, dt.date(2026, 11, 25)), (5, dt.date(2026, 11, 30))])
def test_reminders_count_working_days(days: int, day: dt.date) -> None:
    later = clock.in_paris(rules.working_days_later(cast.MONDAY, days))
    assert later == dt.datetime.combine(day, dt.time(10), clock.PARIS)


def test_what_is_granted_refused_or_over_moves_no_more() -> None:
    final = {state for state, ways in rules.TRANSITIONS.items() if not ways}
    assert final == {
        RequestState.ACTIVE,
        RequestState.REFUSED,
        RequestState.VOIDED,
        RequestState.EXPIRED,
    }
