"""The bank's CSV in every dress that banks give it; another shape is refused by line and column."""

import contextlib
import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.banking import reading
from harmattan.banking.reading import NotRead, UnreadableStatement, parse_amount, parse_day
from harmattan.banking.rules import Entry, fingerprints
from harmattan.lists import files
from tests import cast

TODAY = cast.MONDAY.date()
DAY = dt.date(2026, 11, 20)


def read(text: str) -> list[Entry]:
    return reading.read(text, TODAY)


def refused(text: str) -> tuple[str, ...]:
    with pytest.raises(UnreadableStatement) as fault:
        read(text)
    return fault.value.messages


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1 234,56", 123456),
        ("1\u202f234,56", 123456),
        ("1\xa0234,56 €", 123456),
        ("1.234,56", 123456),
        ("1,234.56", 123456),
        ("1'234.56", 123456),
        ("1 234 567,8", 123456780),
        ("1234.5", 123450),
        ("+63,37", 6337),
        ("-12,50", -1250),
        ("− 12,50 EUR", -1250),
        ("12,50-", -1250),
        ("0,07", 7),
        ("63", 6300),
    ],
)
def test_an_amount_is_read_as_banks_write_it(text: str, cents: int) -> None:
    assert parse_amount(text) == cents


@pytest.mark.parametrize(
    "text", ["", "-", "abc", "1.234", "1,234", "12,345", "1 23,45", "12 34", "--5", "-5-", "1e3", "١٢", "5 %"]
)
def test_what_could_be_two_amounts_or_none_is_refused(text: str) -> None:
    with pytest.raises(NotRead):
        parse_amount(text)


@given(st.integers(-(10**9), 10**9), st.sampled_from(["", " ", "\u202f", ".", "'"]), st.booleans())
def test_every_amount_comes_back_from_how_a_bank_writes_it(cents: int, mark: str, trailing: bool) -> None:
    written = f"{abs(Decimal(cents) / 100):,.2f}".replace(".", "#").replace(",", mark).replace("#", ",")
    sign = "-" if cents < 0 else ""
    assert parse_amount(f"{written}{sign}" if trailing else f"{sign}{written}") == cents


@given(
    st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)),
    st.sampled_from(["%d/%m/%Y", "%d.%m.%Y", "%d-%m-%y", "%d/%m/%y", "%Y-%m-%d", "%Y%m%d"]),
)
def test_every_day_comes_back_from_how_a_bank_writes_it(day: dt.date, form: str) -> None:
    assert parse_day(day.strftime(form)) == day


@pytest.mark.parametrize("text", ["", "hier", "31/02/2026", "2026-13-01", "24/11", "11/24/2026", "24/11/026"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(NotRead):
        parse_day(text)


@given(st.text(max_size=200))
def test_whatever_is_sent_is_read_or_refused(text: str) -> None:
    for wrapped in (text, f"Date;Libellé;Montant\n{text}", f"Date;Libellé;Montant\n20/11/2026;{text};1,00"):
        with contextlib.suppress(UnreadableStatement):
            assert read(wrapped)


_WORDS = st.text(
    st.characters(codec="cp1252", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1, max_size=30
)
_ENTRY = st.tuples(
    st.dates(dt.date(2020, 1, 1), TODAY), _WORDS, st.integers(1, 10**9), st.booleans(), _WORDS | st.just("")
)


@given(
    st.lists(_ENTRY, min_size=1, max_size=8),
    st.sampled_from(";\t|,"),
    st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]),
    st.booleans(),
)
def test_a_statement_comes_back_whatever_its_separator_encoding_and_columns(
    rows: list[tuple[dt.date, str, int, bool, str]], separator: str, encoding: str, two_columns: bool
) -> None:
    def quoted(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    heads = (
        "Date opération",
        "Date valeur",
        "Libellé",
        *(("Débit", "Crédit") if two_columns else ("Montant",)),
    )
    lines = [separator.join((*heads, "Référence"))]
    for day, label, cents, is_debit, reference in rows:
        amount = quoted(f"{Decimal(cents) / 100:.2f}".replace(".", ","))
        if two_columns:
            amounts = (amount, "") if is_debit else ("", amount)
        else:
            amounts = (quoted("-" + amount.strip('"')) if is_debit else amount,)
        lines.append(
            separator.join(
                (day.strftime("%d/%m/%Y"), "01/01/2020", quoted(label), *amounts, quoted(reference))
            )
        )
    found = read(files.text_of("\r\n".join(lines).encode(encoding)))
    assert [(each.booked_on, each.label, each.amount_cents, each.reference) for each in found] == [
        (day, label, -cents if is_debit else cents, reference)
        for day, label, cents, is_debit, reference in rows
    ]


def test_what_a_bank_writes_above_the_header_is_passed_over_and_lines_keep_their_numbers() -> None:
    text = "Compte;FR76 1234\nSolde au 20/11/2026;12 345,67\n\nDate;Libellé;Montant\n"
    text += '20/11/2026;"VIR\nA B";5,00\n\n21/11/2026;X;-1,00\n'
    assert read(text) == [
        Entry(5, DAY, "VIR A B", 500),
        Entry(8, dt.date(2026, 11, 21), "X", -100),
    ]


def test_every_fault_is_said_with_its_line_and_its_column() -> None:
    text = "Date;Libellé;Montant\n20/11/2026;VIR;5,00\n20/13/2026;VIR;5,00\n20/11/2026;;5,00\n"
    text += "20/11/2026;VIR;cinq\n24/11/2026;VIR;5,00\n20/11/2026;VIR\n"
    text += "20/11/2026;VIR;0,00\n20/11/2026;VIR;99999999,99\n"
    assert refused(text) == (
        "Ligne 3, colonne 1 (Date) : « 20/13/2026 » n’est pas une date : écrivez jj/mm/aaaa",
        "Ligne 4, colonne 2 (Libellé) : le libellé manque",
        "Ligne 5, colonne 3 (Montant) : « cinq » n’est pas un montant : écrivez par exemple 1 234,56",
        "Ligne 6, colonne 1 (Date) : « 24/11/2026 » est une date à venir",
        "Ligne 7, colonne 3 (Montant) : «  » n’est pas un montant : écrivez par exemple 1 234,56",
        "Ligne 8, colonne 3 (Montant) : le montant est nul",
        "Ligne 9, colonne 3 (Montant) : « 99999999,99 » dépasse ce que le portail peut compter",
    )


def test_many_faults_are_counted() -> None:
    messages = refused("Date;Libellé;Montant\n" + "x;VIR;1\n" * 25)
    assert (len(messages), messages[-1]) == (21, "Et 5 autres lignes")


@pytest.mark.parametrize("cells", ["1,00;2,00", ";", "0,00;0,00"])
def test_a_line_has_a_debit_or_a_credit(cells: str) -> None:
    (message,) = refused(f"Date;Libellé;Débit;Crédit\n20/11/2026;VIR;{cells}\n")
    assert message.startswith("Ligne 2, colonne 4 (Crédit) : ")


@pytest.mark.parametrize("text", ["", "a;b;c\n1;2;3", "Date;Libellé\n20/11/2026;VIR", "isbn;quantité\n978;3"])
def test_a_file_without_the_columns_is_refused_with_those_that_are_expected(text: str) -> None:
    (message,) = refused(text)
    assert "« Date », « Libellé », « Montant »" in message


def test_a_header_alone_and_too_many_lines_are_refused() -> None:
    assert "aucune ligne" in refused("Date;Libellé;Montant\n")[0]
    assert "5000 lignes" in refused("Date;Libellé;Montant\n" + "20/11/2026;V;1,00\n" * 5001)[0]


def test_equal_movements_are_two_and_an_overlapping_export_says_the_same_two() -> None:
    first = read("Date;Libellé;Montant\n20/11/2026;V;1,00\n20/11/2026;V;1,00\n")
    again = read("Date;Libellé;Montant\n19/11/2026;W;2,00\n20/11/2026;V;1,00\n20/11/2026;V;1,00\n")
    keys = [key for _, key in fingerprints(first)]
    assert len(set(keys)) == 2
    assert [key for _, key in fingerprints(again)][1:] == keys
