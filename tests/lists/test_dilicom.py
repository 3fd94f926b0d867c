"""Dilicom's flat order: complete or refused whole, with the line and what is expected (domain.md §3.1)."""

import pytest

from harmattan.lists import dilicom, reading
from harmattan.lists.rules import UnreadableList

ORDER = """A00013025590000008
B00023025000002004
C0003000123
D000420261122
E0005090
L00069782343123455000003
L00079782296000018000010
Q0008"""


def read(text: str) -> dilicom.DilicomOrder:
    return dilicom.read(reading.numbered(text))


def test_an_order_that_holds_together_is_read() -> None:
    order = read(ORDER)
    assert (order.orderer_gln, order.order_number) == ("3025000002004", "000123")
    assert [(row.isbn, row.quantity) for row in order.rows] == [("9782343123455", 3), ("9782296000018", 10)]
    assert order.rows[0].sources[0].text == "L00069782343123455000003"


def test_an_order_type_may_stand_before_the_lines() -> None:
    text = ORDER.replace("L00069782343123455000003", "G0006SALON")
    assert [row.quantity for row in read(text).rows] == [10]


def test_it_is_recognised_by_its_first_line() -> None:
    assert dilicom.is_order(reading.numbered(f"\n{ORDER}"))
    assert not dilicom.is_order(reading.numbered("A0001 9782343000015"))


@pytest.mark.parametrize(
    ("part", "instead", "message"),
    [
        ("L00069782343123455000003\n", "", "Ligne 6 : attendu L0006 puis l’EAN"),
        ("L0007", "L0009", "Ligne 7 : attendu L0007 puis l’EAN"),
        ("000010\n", "10\n", "Ligne 7 : attendu L0007 puis l’EAN sur 13 chiffres et la quantité sur 6"),
        ("Q0008", "Q0007", "Ligne 8 : attendu Q0008"),
        ("\nQ0008", "", "attendu Q0008 à la fin"),
        ("Q0008", "Q0008\nL00099782296000018000010", "Ligne 9 : rien n’est attendu après la ligne Q"),
        ("D000420261122", "D000420261322", "Ligne 4 : attendu D0004 puis la date sous la forme AAAAMMJJ"),
        ("C0003000123", "C0003", "Ligne 3 : attendu C0003 puis votre numéro de commande"),
        ("B00023025000002004\n", "", "Ligne 2 : attendu B0002 puis votre GLN"),
    ],
)
def test_a_file_that_does_not_hold_together_is_refused_whole(part: str, instead: str, message: str) -> None:
    with pytest.raises(UnreadableList) as refusal:
        read(ORDER.replace(part, instead))
    assert message in refusal.value.message


def test_a_quantity_of_nothing_is_a_problem_of_its_line() -> None:
    row = read(ORDER.replace("000010", "000000")).rows[1]
    assert row.quantity is None
    assert row.quantity_problem
