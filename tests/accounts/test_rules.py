"""The account numbers that a list holds."""

from hypothesis import given
from hypothesis import strategies as st

from harmattan.accounts.rules import read_numbers


def test_the_number_is_the_first_cell_that_is_one() -> None:
    found = read_numbers(["Compte;Librairie", "104512;Le Grand Large;44000", 'Quais\t"104 733"', "104800"])
    assert found.numbers == ["104512", "104733", "104800"]
    assert found.unread == []


def test_each_number_counts_once_and_what_is_none_is_told() -> None:
    found = read_numbers(["104512", "Librairie sans numéro", "", "104512", "12"])
    assert found.numbers == ["104512"]
    assert found.unread == ["Librairie sans numéro", "12"]


@given(st.lists(st.text(max_size=60), max_size=30))
def test_no_line_is_both_read_and_told(lines: list[str]) -> None:
    found = read_numbers(lines)
    assert len(set(found.numbers)) == len(found.numbers)
    assert all(number.isdigit() and 4 <= len(number) <= 10 for number in found.numbers)
    assert len(found.unread) <= len([line for line in lines if line.strip()])
