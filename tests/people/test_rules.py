"""Who may change whose access."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.access.rules import Right
from harmattan.people.rules import Person, end_date_fault, grantable, may_manage

ANNE = Person(1, is_principal=True, rights=frozenset())
DELEGATE = Person(2, is_principal=False, rights=frozenset({Right.ADMINISTRATION}))
KARIM = Person(3, is_principal=False, rights=frozenset({Right.ORDERS}))
LUCIE = Person(4, is_principal=False, rights=frozenset({Right.DOCUMENTS}))


@pytest.mark.parametrize(
    ("actor", "target", "allowed"),
    [
        (ANNE, KARIM, True),
        (ANNE, DELEGATE, True),
        (ANNE, ANNE, False),
        (DELEGATE, KARIM, True),
        (DELEGATE, ANNE, False),
        (DELEGATE, DELEGATE, False),
        (KARIM, LUCIE, False),
    ],
)
def test_the_principal_and_delegates_manage_their_colleagues(
    actor: Person, target: Person, allowed: bool
) -> None:
    assert may_manage(actor, target) is allowed


def test_only_the_principal_makes_delegates() -> None:
    assert Right.ADMINISTRATION in grantable(ANNE)
    assert Right.ADMINISTRATION not in grantable(DELEGATE)


@given(st.frozensets(st.sampled_from(Right)), st.frozensets(st.sampled_from(Right)))
def test_nobody_but_the_principal_manages_a_delegate(
    rights: frozenset[Right], others: frozenset[Right]
) -> None:
    actor = Person(8, is_principal=False, rights=rights)
    delegate = Person(9, is_principal=False, rights=others | {Right.ADMINISTRATION})
    assert not may_manage(actor, delegate)


def test_an_access_ends_today_at_the_earliest() -> None:
    today = dt.date(2026, 11, 23)
    assert end_date_fault(today, today) is None
    assert end_date_fault(None, today) is None
    assert end_date_fault(today - dt.timedelta(days=1), today)
