"""Somebody of settings always stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.core.services import Service
from harmattan.team.rules import Member, leaves_settings_empty

ROOT, SECOND = Member(1, Service.SETTINGS, True), Member(2, Service.SETTINGS, True)
CLOSED = Member(3, Service.SETTINGS, False)
MARIE = Member(4, Service.SALES, True)


@pytest.mark.parametrize(
    ("target", "service", "keepers", "empty"),
    [
        (ROOT, None, [ROOT], True),
        (ROOT, Service.SALES, [ROOT, CLOSED], True),
        (ROOT, None, [ROOT, SECOND], False),
        (ROOT, Service.SETTINGS, [ROOT], False),
        (MARIE, None, [ROOT], False),
        (MARIE, Service.ACCOUNTING, [ROOT], False),
    ],
)
def test_the_last_of_settings_neither_leaves_nor_is_suspended(
    target: Member, service: Service | None, keepers: list[Member], empty: bool
) -> None:
    assert leaves_settings_empty(target, service, keepers) is empty


@given(st.lists(st.builds(Member, st.integers(1, 9), st.just(Service.SETTINGS), st.booleans()), min_size=1))
def test_whoever_remains_is_open_and_somebody_else(keepers: list[Member]) -> None:
    others = [each for each in keepers if each.is_open and each.id != keepers[0].id]
    assert leaves_settings_empty(keepers[0], None, keepers) is (not others)
