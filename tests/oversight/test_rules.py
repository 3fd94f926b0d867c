"""Figures of answer times (R103)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.core.services import Service
from harmattan.faq.rules import Place, Said
from harmattan.oversight import rules

minutes = st.lists(st.integers(0, 50_000), min_size=1, max_size=60)


@given(minutes, st.integers(1, 100))
def test_so_many_per_cent_do_not_exceed_a_percentile_and_fewer_are_below(
    values: list[int], percent: int
) -> None:
    found = rules.percentile(values, percent)
    assert found in values
    assert 100 * sum(value <= found for value in values) >= percent * len(values)
    assert 100 * sum(value < found for value in values) < percent * len(values)


@given(minutes)
def test_the_median_is_never_more_than_what_nine_in_ten_take(values: list[int]) -> None:
    found = rules.answered(Service.SALES, values, 0)
    assert min(values) <= found.median_minutes <= found.nine_in_ten_minutes <= max(values)


def test_nothing_answered_is_nothing() -> None:
    found = rules.answered(Service.SALES, [], 0)
    assert (found.count, found.median_minutes, found.kept_percent) == (0, 0, 0)


@given(st.integers(1, 999), st.integers(0, 999))
def test_a_hundred_per_cent_says_all_of_them(count: int, kept: int) -> None:
    found = rules.Answered(Service.SALES, count, 1, 1, min(kept, count))
    assert (found.kept_percent == 100) is (found.kept == count)


@pytest.mark.parametrize(("taken", "said"), [(0, "0 min"), (59, "59 min"), (60, "1 h 00"), (485, "8 h 05")])
def test_a_duration_is_said_in_hours(taken: int, said: str) -> None:
    assert rules.duration(taken) == said


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_bar_is_seen_where_there_is_something_and_never_too_long(value: int, more: int) -> None:
    length = rules.bar(value, value + more)
    assert 0 <= length <= 100
    assert (length > 0) is (value > 0)


def test_what_people_still_write_about_comes_first() -> None:
    state, returns = Place("etat-de-la-commande", "suivi"), Place("retourner-des-livres")
    counts = [
        (returns, Said.SHOWN, 9),
        (state, Said.SHOWN, 3),
        (state, Said.WRITTEN, 2),
        (state, Said.SHOWN, 1),
    ]
    first, second = rules.proposed(counts, str.upper)
    assert (first.where, first.shown, first.helped, first.written) == ("Formulaire, « SUIVI »", 4, 0, 2)
    assert (second.question, second.where) == ("Comment retourner des livres ?", "Questions fréquentes")
