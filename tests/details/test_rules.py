"""What differs between two sets of details, and what has moved on since."""

from hypothesis import given
from hypothesis import strategies as st

from harmattan.details import rules
from harmattan.details.rules import Difference
from harmattan.people.rules import DETAILS

TEXTS = st.text("ab 1", max_size=4)
SAID = st.fixed_dictionaries(dict.fromkeys(DETAILS, TEXTS))


@given(SAID)
def test_the_same_is_no_difference(said: dict[str, str]) -> None:
    assert rules.differences(said, said) == ()


@given(SAID, SAID)
def test_applying_the_differences_gives_what_was_wished(
    present: dict[str, str], wished: dict[str, str]
) -> None:
    found = rules.differences(present, wished)
    applied = present | {each.field: each.new for each in found}
    assert {name: text.strip() for name, text in applied.items()} == {
        name: text.strip() for name, text in wished.items()
    }


@given(SAID, SAID, SAID)
def test_what_moved_on_is_what_the_account_says_otherwise_than_at_the_request(
    then: dict[str, str], wished: dict[str, str], now: dict[str, str]
) -> None:
    asked = rules.differences(then, wished)
    assert rules.moved_on(asked, then) == ()
    assert {each.field for each in rules.moved_on(asked, now)} == {
        each.field for each in asked if now[each.field] != then[each.field]
    }


def test_a_difference_is_said_with_both_values() -> None:
    assert str(Difference("phone", "", "02 40 00 00 21")) == "Téléphone : rien → 02 40 00 00 21"
