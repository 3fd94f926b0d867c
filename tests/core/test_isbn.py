"""ISBN in every form in which booksellers type, paste and scan them."""

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import isbn as stdnum_isbn

from harmattan.core import isbn

nine_digits = st.text("0123456789", min_size=9, max_size=9)
separators = st.sampled_from(["", "-", " ", "\u00a0", "\u202f", "‑", "–", "."])


@pytest.mark.parametrize(
    "typed",
    [
        "9782343000015",
        "978-2-343-00001-5",
        "978 2 343 00001 5",
        " 978\u00a02\u202f343‑00001–5\t",
        "978.2.343.00001.5",
        "2343000018",
        "2-343-00001-8",
    ],
)
def test_every_form_gives_the_same_thirteen_digits(typed: str) -> None:
    assert isbn.parse(typed) == "9782343000015"
    assert isbn.looks_like_isbn(typed)


def test_the_x_of_an_isbn_10_may_be_small() -> None:
    assert isbn.parse("080442957x") == isbn.parse("0-8044-2957-X") == "9780804429573"


def test_979_is_accepted() -> None:
    assert isbn.parse("979-10-00-00000-8") == "9791000000008"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Saisissez un ISBN"),
        (" - ", "Saisissez un ISBN"),
        ("97823430000", "L’ISBN compte 13 chiffres : il en manque 2"),
        ("97823430000155", "L’ISBN compte 13 chiffres : il y en a 1 de trop"),
        ("bonjour", "Saisissez l’ISBN en chiffres, par exemple 978-2-343-00001-5"),
        ("٩٧٨٢٣٤٣٠٠٠٠١٥", "Saisissez l’ISBN en chiffres, par exemple 978-2-343-00001-5"),
        ("9772343000016", "Vérifiez l’ISBN 9772343000016 : il commence par 978 ou 979"),
        ("9782343000016", "Vérifiez le dernier chiffre de l’ISBN 9782343000016, il devrait être 5"),
        ("2343000019", "Vérifiez le dernier caractère de l’ISBN 2343000019"),
    ],
)
def test_a_refusal_says_what_to_do(typed: str, message: str) -> None:
    with pytest.raises(isbn.UnreadableIsbn) as refusal:
        isbn.parse(typed)
    assert refusal.value.message == message


@pytest.mark.parametrize("typed", ["9782343000016", "2343000019"])
def test_a_wrong_check_digit_suggests_the_isbn_that_was_meant(typed: str) -> None:
    with pytest.raises(isbn.UnreadableIsbn) as refusal:
        isbn.parse(typed)
    assert refusal.value.suggestion == "9782343000015"


def test_it_is_shown_with_hyphens_where_the_range_is_known() -> None:
    assert isbn.hyphenated("9782343000015") == "978-2-343-00001-5"
    assert isbn.hyphenated("1234") == "1234"


@given(nine_digits, st.lists(separators, min_size=13, max_size=13))
def test_any_isbn_survives_its_two_forms_and_any_separators(body: str, between: list[str]) -> None:
    thirteen = "978" + body + stdnum_isbn.ean.calc_check_digit("978" + body)
    ten = stdnum_isbn.to_isbn10(thirteen)
    spread = "".join(digit + gap for digit, gap in zip(thirteen, between, strict=True))
    assert isbn.parse(spread) == isbn.parse(ten) == thirteen
    assert re.sub("-", "", isbn.hyphenated(thirteen)) == thirteen


@given(st.sampled_from(["978", "979"]), nine_digits)
def test_hyphens_stand_where_the_ranges_of_publishers_say(prefix: str, body: str) -> None:
    thirteen = prefix + body + stdnum_isbn.ean.calc_check_digit(prefix + body)
    printed = stdnum_isbn.format(thirteen)
    assert isbn.hyphenated(thirteen) == (printed if printed.count("-") == 4 else thirteen)


@given(st.text())
def test_any_text_is_an_isbn_or_is_refused(typed: str) -> None:
    with contextlib.suppress(isbn.UnreadableIsbn):
        assert re.fullmatch(r"97[89][0-9]{10}", isbn.parse(typed))


@pytest.mark.parametrize("piece", ["9", "-", "9 ", "978-", "x", "\u00a0a"])
def test_a_hundred_thousand_characters_are_refused(piece: str) -> None:
    with pytest.raises(isbn.UnreadableIsbn) as refusal:
        isbn.parse(piece * (100_000 // len(piece)))
    assert len(refusal.value.message) < 100
