"""Slips of the finger: what two words have in common."""

from hypothesis import given
from hypothesis import strategies as st

from harmattan.catalogue.spelling import keys, slips

words = st.text(alphabet="abcde", min_size=1, max_size=8)


@given(words, words)
def test_slips_are_counted_alike_both_ways(one: str, other: str) -> None:
    assert slips(one, other) == slips(other, one)
    assert (slips(one, other) == 0) == (one == other)


@given(words, st.integers(0, 7), st.sampled_from("abcde"))
def test_one_letter_more_less_other_or_swapped_is_one_slip_and_leaves_a_common_key(
    word: str, place: int, letter: str
) -> None:
    place = min(place, len(word) - 1)
    before, after = word[:place], word[place + 1 :]
    typed = [before + letter + word[place:], before + after, before + letter + after]
    if after:
        typed.append(before + after[0] + word[place] + after[1:])
    for slip in typed:
        assert slips(slip, word) <= 1
        assert keys(slip) & keys(word)
