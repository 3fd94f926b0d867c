"""SIRET, VAT number, GLN and IBAN as people type them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from harmattan.core import identifiers
from harmattan.core.identifiers import Misread

SEPARATORS = st.sampled_from(["", " ", "\u00a0", "\u202f", ".", "-"])


def said(check, *typed: str) -> str:
    with pytest.raises(Misread) as fault:
        check(*typed)
    return str(fault.value)


def spread(digits: str, separators: list[str]) -> str:
    return "".join(digit + separator for digit, separator in zip(digits, separators, strict=False))


@st.composite
def sirets(draw: st.DrawFn) -> str:
    siren = draw(st.text("0123456789", min_size=8, max_size=8).filter(lambda text: text != "35600000"))
    siren += luhn.calc_check_digit(siren)
    body = siren + draw(st.text("0123456789", min_size=4, max_size=4))
    return body + luhn.calc_check_digit(body)


@given(sirets(), st.lists(SEPARATORS, min_size=14, max_size=14))
def test_a_siret_is_read_with_any_separators(siret: str, separators: list[str]) -> None:
    assert identifiers.siret(spread(siret, separators)) == siret


@given(sirets(), st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_of_a_siret_is_found(siret: str, at: int, by: int) -> None:
    wrong = siret[:at] + str((int(siret[at]) + by) % 10) + siret[at + 1 :]
    assert "vérifiez les 14 chiffres : la clé ne correspond pas" in said(identifiers.siret, wrong)


def test_the_sirets_of_the_journey() -> None:
    assert identifiers.siret("812 345 676 00017") == "81234567600017"
    expected = "Pour le SIRET, vérifiez les 14 chiffres : la clé ne correspond pas"
    assert said(identifiers.siret, "81234567600018") == expected


@pytest.mark.parametrize("siret", ["35600000000048", "35600000049837", "35600000000097"])
def test_la_poste_has_a_check_of_its_own(siret: str) -> None:
    assert identifiers.siret(siret) == siret


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("8123456760001", "Saisissez les 14 chiffres du SIRET : il en manque 1"),
        ("812345676000170", "Saisissez les 14 chiffres du SIRET : il y en a 1 de trop"),
        ("812 345 676", "Saisissez les 14 chiffres du SIRET : il en manque 5"),
        ("quatorze", "Saisissez les 14 chiffres du SIRET"),
        ("８１２３４５６７６０００１７", "Saisissez les 14 chiffres du SIRET"),
    ],
)
def test_what_is_no_siret_is_told_what_lacks(typed: str, words: str) -> None:
    assert said(identifiers.siret, typed) == words


@given(sirets())
def test_the_vat_number_of_a_siret_is_taken_with_or_without_fr(siret: str) -> None:
    siren = siret[:9]
    key = f"{(12 + 3 * (int(siren) % 97)) % 97:02}"
    assert identifiers.vat_number(f"FR {key} {siren}", siret) == f"FR{key}{siren}"
    assert identifiers.vat_number(f"{key}{siren}") == f"FR{key}{siren}"


def test_what_is_wrong_with_a_vat_number_is_said() -> None:
    assert "la clé ne correspond pas" in said(identifiers.vat_number, "FR45732829320")
    assert "FR, puis 11 caractères" in said(identifiers.vat_number, "FR44")
    assert "812345676, et non 732829320" in said(identifiers.vat_number, "FR44732829320", "81234567600017")


@pytest.mark.parametrize(
    ("typed", "doubt"),
    [
        ("", ""),
        ("3025000001014", ""),
        ("302 500 000 1014", ""),
        ("3025000001015", "sa clé, le dernier chiffre, ne correspond pas"),
        ("302500000101", "un GLN compte 13 chiffres : il en manque 1"),
        ("9782343000015", "ces chiffres sont ceux d’un ISBN"),
        ("inconnu", "un GLN compte 13 chiffres"),
    ],
)
def test_a_gln_is_doubted_and_never_refused(typed: str, doubt: str) -> None:
    assert identifiers.gln_doubt(typed) == doubt


@given(st.text())
def test_no_text_at_all_is_refused_as_a_gln(text: str) -> None:
    assert isinstance(identifiers.gln_doubt(text), str)


@pytest.mark.parametrize("typed", ["FR76 3000 6000 0112 3456 7890 189", "fr1420041010050500013m02606"])
def test_an_iban_is_read_as_it_stands_on_a_rib(typed: str) -> None:
    assert identifiers.iban(typed) == typed.replace(" ", "").upper()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("FR7630006000011234567890188", "vérifiez les 27 caractères : la clé ne correspond pas"),
        ("FR0630006000011234567890188", "vérifiez la fin du RIB : sa clé"),
        ("FR76300060000112345678901", "Vérifiez la longueur de l’IBAN : 27 caractères en France, et non 25"),
        ("mon compte", "Saisissez l’IBAN du RIB"),
        ("", "Saisissez l’IBAN du RIB"),
        ("DE893704004405320130", "Vérifiez la longueur de l’IBAN"),
    ],
)
def test_what_is_wrong_with_an_iban_is_said(typed: str, words: str) -> None:
    assert words in said(identifiers.iban, typed)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_read_or_told_what_to_do(text: str) -> None:
    for check in (identifiers.siret, identifiers.vat_number, identifiers.iban):
        with contextlib.suppress(Misread):
            assert check(text)


def test_an_iban_is_shown_masked() -> None:
    assert identifiers.masked_iban("FR7630006000011234567890189") == "FR76 •••• 0189"
    assert identifiers.masked_iban("") == ""


def test_a_siret_is_shown_in_groups() -> None:
    assert identifiers.grouped_siret("81234567600017") == "812 345 676 00017"


@pytest.mark.parametrize(
    ("iban", "parts"),
    [
        ("FR76 3000 6000 0112 3456 7890 189", ("30006", "00001", "12345678901", "89")),
        ("DE89370400440532013000", ()),
        ("FR7630006000011234567890", ()),
    ],
)
def test_the_rib_of_an_iban_is_that_of_a_french_one(iban: str, parts: tuple[str, ...]) -> None:
    assert identifiers.rib(iban) == parts
