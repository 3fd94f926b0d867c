"""The file of a remittance: each line 160 characters, numbered on, totals in cents (domain.md §6)."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.lcr import cfonb
from harmattan.lcr.cfonb import Bill, Drawer

OURS = Drawer(
    "123456", "Éditions L’Harmattan", "Banque de la démonstration", "FR7630006000011234567890189", "999123458"
)
THEIRS = Bill(
    "2600012001",
    "104512",
    "SARL Le Grand Large",
    "LA BANQUE POSTALE",
    "FR1420041010050500013M02606",
    "904123452",
    11137,
)
MADE, DUE = dt.date(2026, 11, 23), dt.date(2026, 12, 31)

texts = st.text(max_size=40)
ibans = st.from_regex(r"FR[0-9]{12}[0-9A-Z]{11}[0-9]{2}", fullmatch=True)
bills = st.builds(
    Bill,
    reference=st.from_regex(r"[0-9]{10}", fullmatch=True),
    drawee_reference=st.from_regex(r"[0-9]{6}", fullmatch=True),
    name=texts,
    bank_name=texts,
    iban=ibans,
    siren=st.from_regex(r"[0-9]{0,9}", fullmatch=True),
    cents=st.integers(1, 10**8),
)


def file(*drawn: Bill, drawer: Drawer = OURS) -> str:
    return cfonb.content(drawer, drawn, reference="LCR26000012", made_on=MADE, due_on=DUE)


def at(line: str, first: int, last: int) -> str:
    """What stands at these positions of the table, counted from 1."""
    return line[first - 1 : last]


def test_the_header_says_who_remits_what_on_which_account() -> None:
    header = file(THEIRS).split("\r\n")[0]
    said = {
        (1, 2): "03", (3, 4): "60", (5, 12): "00000001", (13, 18): "123456", (19, 24): " " * 6,
        (25, 30): "231126", (31, 54): "EDITIONS L'HARMATTAN".ljust(24), (55, 78): "BANQUE DE LA DEMONSTRATI",
        (79, 79): "3", (80, 80): " ", (81, 81): "E", (82, 86): "30006", (87, 91): "00001",
        (92, 102): "12345678901", (103, 134): " " * 32, (135, 149): "999123458".ljust(15),
        (150, 160): "LCR26000012",
    }  # fmt: skip
    assert {places: at(header, *places) for places in said} == said


def test_a_line_says_who_is_drawn_upon_how_much_and_when() -> None:
    line = file(THEIRS).split("\r\n")[1]
    said = {
        (1, 2): "06", (3, 4): "60", (5, 12): "00000002", (13, 20): " " * 8, (21, 30): "104512".ljust(10),
        (31, 54): "SARL LE GRAND LARGE".ljust(24), (55, 78): "LA BANQUE POSTALE".ljust(24), (79, 79): "0",
        (80, 81): "  ", (82, 86): "20041", (87, 91): "01005", (92, 102): "0500013M026",
        (103, 114): "000000011137", (115, 118): " " * 4, (119, 124): "311226", (125, 130): "231126",
        (131, 141): " " * 11, (142, 150): "904123452", (151, 160): "2600012001",
    }  # fmt: skip
    assert {places: at(line, *places) for places in said} == said


def test_the_last_line_says_the_total() -> None:
    last = file(THEIRS, THEIRS).split("\r\n")[3]
    assert (at(last, 1, 12), at(last, 103, 114)) == ("086000000004", "000000022274")
    assert at(last, 13, 102) + at(last, 115, 160) == " " * 136


@given(st.lists(bills, min_size=1, max_size=12), texts)
def test_every_file_has_lines_of_160_characters_a_continuous_number_and_the_right_total(
    drawn: list[Bill], name: str
) -> None:
    text = file(*drawn, drawer=Drawer("123456", name, name, OURS.iban, OURS.siren))
    assert text.endswith("\r\n")
    assert re.fullmatch(r"[A-Z0-9 '()*+,\-./:?\r\n]*", text)
    lines = text.removesuffix("\r\n").split("\r\n")
    assert {len(line) for line in lines} == {160}
    assert [int(at(line, 5, 12)) for line in lines] == list(range(1, len(drawn) + 3))
    assert [at(line, 1, 4) for line in lines] == ["0360", *["0660"] * len(drawn), "0860"]
    cents = [int(at(line, 103, 114)) for line in lines[1:]]
    assert cents == [*(bill.cents for bill in drawn), sum(bill.cents for bill in drawn)]


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Librairie « Cœur à l’œuvre »", "LIBRAIRIE - COEUR A L'OEUVRE -"),
        ("Étienne & Fils {SARL}", "ETIENNE - FILS -SARL-"),
        ('a_b@c#d|e~f`g\\h!i;j<k>l=m[n]o^p"q$r%s', "A-B-C-D-E-F-G-H-I-J-K-L-M-N-O-P-Q-R-S"),
        ("Straße\r\nBcc", "STRASSE BCC"),
        ("", ""),
    ],
)
def test_names_are_plain_capitals(said: str, written: str) -> None:
    assert cfonb.folded(said) == written


@pytest.mark.parametrize("cents", [0, -1, 10**12])
def test_an_amount_that_no_bill_can_have_makes_no_file(cents: int) -> None:
    with pytest.raises(ValueError, match="more than zero"):
        file(Bill(**{**vars(THEIRS), "cents": cents}))


def test_only_french_accounts_are_drawn_upon() -> None:
    with pytest.raises(ValueError, match="French"):
        file(Bill(**{**vars(THEIRS), "iban": "DE89370400440532013000"}))
