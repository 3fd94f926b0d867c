"""Reading free text: every form of a line, every wrong one, nothing dropped (J5, domain.md §3.4)."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean

from harmattan.core import isbn
from harmattan.lists import reading
from harmattan.lists.rules import ReadList, Row, UnreadableList

T1, T2 = "9782343000015", "9782296000018"


def read(text: str) -> ReadList:
    return reading.read(reading.numbered(text))


def only(text: str) -> Row:
    """The row of this line in a list where another line says a quantity, so that no blank counts one."""
    rows = read(f"{text}\n{T2} 1").rows
    return rows[0]


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("978-2-343-00001-5 12", 12),
        ("2343000018;3", 3),
        ("2-343-00001-8 x2", 2),
        ("9782343000015 x 5", 5),
        ("12*9782343000015", 12),
        ("3 9782343000015", 3),
        ("9782343000015\t3 ex.", 3),
        ("9782343000015|4", 4),
        ("9782343000015,4", 4),
        ("9782343000015, 4", 4),
        ('"9782343000015","Histoire, tome 2",5', 5),
        ("ISBN 978-2-343-00001-5 : 3 exemplaires", 3),
        ("EAN:9782343000015 qté 7", 7),
        ("Merci d’envoyer 3 exemplaires de 9782343000015", 3),
        ("9782343000015 Les passeurs du fleuve 7", 7),
        ("9782343000015;Les passeurs;25,00;6", 6),
        ("9782343000015 x 5 à 25,00 €", 5),
        ("978 2 343 00001 5 12", 12),
        ("978\u00a02343\u202f000015 ; 2", 2),
        ("978–2–343–00001–5   9", 9),
        ("9782343000015;x 3", 3),
        ("9782343000015;Histoire;3 ex", 3),
        ("1. 9782343000015 12", 12),
        ("9782343000015 3,0", 3),
    ],
)
def test_a_line_is_read_in_whatever_form_it_was_typed(text: str, quantity: int) -> None:
    row = only(text)
    assert (row.isbn, row.quantity, row.isbn_problem, row.quantity_problem) == (T1, quantity, "", "")
    assert row.sources[0].text == text


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("", "Indiquez la quantité"),
        ("0", "de 1 à 9 999"),
        ("-1", "de 1 à 9 999"),
        ("−1", "de 1 à 9 999"),
        ("10000", "9 999 au plus"),
        ("1000000000", "9 999 au plus"),
        ("9" * 60, "9 999 au plus"),
        ("1e9", "en chiffres"),
        ("trois", "en chiffres"),
        ("2,5", "nombre entier"),
        ("tome 2", "Indiquez la quantité"),
        ("3 ou 4", "Plusieurs nombres"),
    ],
)
@pytest.mark.parametrize("separator", [" ", ";"])
def test_a_wrong_quantity_is_a_problem_of_its_line(separator: str, typed: str, advice: str) -> None:
    if (separator, typed) in ((";", "3 ou 4"), (";", "tome 2")):
        advice = "Indiquez la quantité"
    row = only(f"{T1}{separator}{typed}")
    assert row.isbn == T1
    assert row.quantity is None
    assert advice in row.quantity_problem


@pytest.mark.parametrize(
    ("text", "advice", "suggestion"),
    [
        ("9782343000016 1", "dernier chiffre", T1),
        ("2343000017 1", "dernier caractère", T1),
        ("978234300001 3", "il en manque 1", ""),
        ("97823430000155 3", "1 de trop", ""),
        ("4006381333931 2", "978 ou 979", ""),
        ("9,78234E+12;3", "derniers chiffres sont perdus", ""),
        ("9.78234E+12 3", "derniers chiffres sont perdus", ""),
        (f"{T1} 9782738400017 3", "Plusieurs ISBN", ""),
        ("bonjour", "Aucun ISBN", ""),
        ("01 40 46 79 13", "Aucun ISBN", ""),
    ],
)
def test_a_wrong_isbn_is_explained_and_the_one_meant_is_offered(
    text: str, advice: str, suggestion: str
) -> None:
    row = only(text)
    assert row.isbn == ""
    assert advice in row.isbn_problem
    assert row.suggestion == suggestion
    assert row.sources[0].text == text


def test_duplicates_are_merged_and_their_sources_stay_visible() -> None:
    (row, other) = read(f"978-2-343-00001-5 12\n{T2} 1\n2343000018;3").rows
    assert row.quantity == 15
    assert [(source.line, source.quantity) for source in row.sources] == [(1, 12), (3, 3)]
    assert other.isbn == T2


def test_duplicates_beyond_the_limit_are_a_question() -> None:
    (row,) = read(f"{T1} 9000\n{T1} 1000").rows
    assert row.quantity is None
    assert "9 999 au plus" in row.quantity_problem


def test_a_list_without_any_quantity_was_scanned_copy_by_copy() -> None:
    read_list = read(f"{T1}\n{T2}\n{T1}\n")
    assert [(row.isbn, row.quantity) for row in read_list.rows] == [(T1, 2), (T2, 1)]
    assert "chaque ligne compte pour un exemplaire" in read_list.notes[-1]


@pytest.mark.parametrize("other", [f"{T2} 3", f"{T2} Un titre", f"{T2} trois"])
def test_elsewhere_a_blank_quantity_is_a_question_and_never_a_silent_one(other: str) -> None:
    row = read(f"{T1}\n{other}").rows[0]
    assert (row.quantity, row.quantity_problem) == (None, "Indiquez la quantité")


def test_a_header_says_where_isbn_and_quantity_stand() -> None:
    read_list = read(f"Titre;Prix;EAN;Stock;Qté\nLes passeurs;25;{T1};40;3\nÉcrire;18;{T2};3;\n")
    assert [(row.isbn, row.quantity) for row in read_list.rows] == [(T1, 3), (T2, None)]
    assert "en-tête" in read_list.notes[0]
    assert "Titre;Prix;EAN;Stock;Qté" in read_list.notes[0]


def test_a_header_that_announces_a_quantity_makes_blanks_questions() -> None:
    assert read(f"ISBN;Quantité\n{T1};\n").rows[0].quantity is None


def test_without_a_header_two_numbers_are_a_question() -> None:
    assert "Plusieurs nombres sur cette ligne (25 et 3)" in only(f"{T1};Les passeurs;25;3").quantity_problem


def test_more_lines_than_are_taken_are_refused_with_their_number() -> None:
    with pytest.raises(UnreadableList, match="elle compte 5\u202f001 lignes"):
        read(f"{T1} 1\n" * 5_001)
    assert read("ISBN;Quantité\n" + f"{T1};1\n" * 5_000).rows[0].quantity == 5_000


@given(st.text(max_size=400))
def test_every_line_is_a_source_of_one_row_or_a_note(text: str) -> None:
    numbered = reading.numbered(text)
    read_list = reading.read(numbered)
    sources = sorted(source.line for row in read_list.rows for source in row.sources)
    headers = sum("en-tête" in note for note in read_list.notes)
    assert len(sources) == len(set(sources)) == len(numbered) - headers


_isbns = st.integers(0, 10**9 - 1).map(lambda n: f"978{n:09}").map(lambda d: d + ean.calc_check_digit(d))


@given(
    st.lists(st.tuples(_isbns, st.integers(1, 99)), min_size=1, max_size=8, unique_by=lambda line: line[0]),
    st.sampled_from(["{} {}", "{};{}", "{}\t{}", "{} x {}", "{},{}", "{} {} ex.", "ISBN {} : {}"]),
    st.booleans(),
)
def test_what_is_written_is_read_back(order: list[tuple[str, int]], form: str, hyphens: bool) -> None:
    text = "\n".join(form.format(isbn.hyphenated(i) if hyphens else i, q) for i, q in order)
    assert [(row.isbn, row.quantity) for row in read(text).rows] == order


@pytest.mark.parametrize("unit", ["1 ", "-", "1-", "9", "978-", "x", ";", '"', " ", "9,7E", "\u202f1"])
def test_a_line_of_a_hundred_thousand_characters_takes_no_longer_than_a_short_one(unit: str) -> None:
    started = time.process_time()
    read(f"{T1} 3\n" + unit * (100_000 // len(unit)))
    assert time.process_time() - started < 0.5
