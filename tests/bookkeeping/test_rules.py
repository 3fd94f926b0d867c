"""Entries balance to the cent, and a FEC file is what article A47 A-1 asks, whatever names hold."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.bookkeeping import fec, rules
from harmattan.bookkeeping.rules import (
    Accounts,
    Customer,
    Entry,
    Journal,
    Lettering,
    Receipt,
    Sale,
    Share,
    Treasury,
)

DAY = dt.date(2026, 9, 15)
SHOP = Customer("104512", "SARL Le Grand Large")
TREASURY = dict(zip(Treasury, ("512000", "511200", "530000", "511500", "511300"), strict=True))
ACCOUNTS = Accounts("411000", "701000", "708500", TREASURY, {550: "445712", 2000: "445714"}, "445710")
NAMES = (
    "JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum CompAuxLib PieceRef"
    " PieceDate EcritureLib Debit Credit EcritureLet DateLet ValidDate Montantdevise Idevise"
)

cents = st.integers(-10_000_000, 10_000_000)
texts = st.text(max_size=40)
customers = st.builds(Customer, texts, texts)
days = st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))
letterings = st.none() | st.builds(Lettering, st.sampled_from(("A", "ZZ")), days)
shares = st.builds(Share, st.sampled_from((0, 210, 550, 2000)), cents, cents, cents)
sales = st.builds(
    Sale,
    number=texts,
    label=st.just("Facture"),
    sign=st.sampled_from((1, -1)),
    customer=customers,
    issued_on=days,
    due_on=st.none(),
    order_reference=texts,
    shares=st.lists(shares, max_size=4),
    lettering=letterings,
)
came = st.tuples(st.sampled_from(Treasury), cents.filter(bool))
receipts = st.builds(
    Receipt,
    number=texts,
    label=texts,
    treasury=st.sampled_from(Treasury),
    customer=customers,
    received_on=days,
    recorded_on=days,
    cents=cents.filter(bool),
    lettering=letterings,
)
entries = st.builds(rules.of_sale, sales, st.just(ACCOUNTS)) | st.builds(
    rules.of_receipt, receipts, st.just(ACCOUNTS)
)


def sale(sign: int = 1, *shares: Share, lettering: Lettering | None = None) -> Sale:
    label = "Facture" if sign > 0 else "Avoir"
    return Sale("FA-2026-000123", label, sign, SHOP, DAY, None, "", shares, lettering)


def lines(content: bytes) -> list[list[str]]:
    text = content.decode("iso8859-15")
    assert text.endswith("\r\n")
    return [line.split("\t") for line in text[:-2].split("\r\n")]


def cents_of(text: str) -> int:
    assert re.fullmatch(r"\d+,\d\d", text)
    return int(text.replace(",", ""))


def test_an_invoice_debits_the_customer_and_credits_sales_carriage_and_vat_rate_by_rate() -> None:
    entry = rules.of_sale(sale(1, Share(550, 10_000, 850, 597), Share(2000, 500, 0, 100)), ACCOUNTS)
    assert [(each.account, each.cents) for each in entry.postings] == [
        ("411000", 12_047),
        *(("701000", -10_000), ("708500", -850), ("445712", -597)),
        *(("701000", -500), ("445714", -100)),
    ]
    assert entry.postings[0].customer == SHOP
    assert {each.customer for each in entry.postings[1:]} == {None}
    assert (entry.journal, entry.number) == (Journal.SALES, "FA-2026-000123")


def test_a_credit_note_does_the_reverse_and_a_rate_without_account_has_the_common_one() -> None:
    entry = rules.of_sale(sale(-1, Share(210, 1_000, 0, 21)), ACCOUNTS)
    assert [(each.account, each.cents) for each in entry.postings] == [
        ("411000", -1_021),
        ("701000", 1_000),
        ("445710", 21),
    ]


def test_an_exempt_sale_has_no_line_of_vat_and_free_copies_alone_book_nothing() -> None:
    assert len(rules.of_sale(sale(1, Share(0, 5_000, 0, 0)), ACCOUNTS).postings) == 2
    assert rules.of_sale(sale(1, Share(550, 0, 0, 0)), ACCOUNTS).postings == []


def test_a_payment_debits_the_bank_and_bears_the_letter_of_what_it_settles() -> None:
    lettering = Lettering("B", DAY)
    receipt = Receipt("REG-2026-000001", "Virement", Treasury.BANK, SHOP, DAY, DAY, 6_337, lettering)
    bank, customer = rules.of_receipt(receipt, ACCOUNTS).postings
    assert (bank.account, bank.cents, bank.lettering) == ("512000", 6_337, None)
    assert (customer.account, customer.cents, customer.customer) == ("411000", -6_337, SHOP)
    assert customer.lettering == Lettering("B", DAY)


@given(st.lists(came, max_size=8))
def test_each_treasury_account_holds_exactly_what_came_into_it(received: list[tuple[Treasury, int]]) -> None:
    receipts = [Receipt("REG", "Règlement", where, SHOP, DAY, DAY, each) for where, each in received]
    booked = [posting for each in receipts for posting in rules.of_receipt(each, ACCOUNTS).postings]
    for treasury, account in TREASURY.items():
        held = sum(each for where, each in received if where is treasury)
        assert sum(posting.cents for posting in booked if posting.account == account) == held


@given(entries)
def test_every_entry_balances(entry: Entry) -> None:
    assert sum(each.cents for each in entry.postings) == 0


@given(st.lists(entries, max_size=8))
def test_every_file_balances_and_each_line_has_its_eighteen_fields(held: list[Entry]) -> None:
    head, *rows = lines(fec.content(held))
    assert " ".join(head) == NAMES
    assert len(rows) == sum(len(entry.postings) for entry in held)
    for row in rows:
        assert len(row) == 18
        assert not [field for field in row if re.search(r"[\t\r\n|]", field) or field != field.strip()]
        assert [bool(re.fullmatch(r"\d{8}", row[i])) for i in (3, 9, 15)] == [True] * 3
        assert re.fullmatch(r"\d{8}|", row[14])
        assert re.match(r"\d{3}", row[4])
        assert 0 in (cents_of(row[11]), cents_of(row[12]))
    debit, credit = (sum(cents_of(row[i]) for row in rows) for i in (11, 12))
    assert debit == credit


def test_a_line_reads_as_the_article_says() -> None:
    entry = rules.of_sale(sale(1, Share(550, 10_000, 0, 550), lettering=Lettering("A", DAY)), ACCOUNTS)
    _, customer, sold, vat = lines(fec.content([entry]))
    assert customer == [
        *("VE", "Ventes", "FA-2026-000123", "20260915", "411000", "Clients", "104512"),
        *("SARL Le Grand Large", "FA-2026-000123", "20260915", "Facture FA-2026-000123 SARL Le Grand Large"),
        *("105,50", "0,00", "A", "20260915", "20260915", "", ""),
    ]
    assert (sold[4], sold[11], sold[12], sold[13]) == ("701000", "0,00", "100,00", "")
    assert (vat[4], vat[12], vat[10][-9:]) == ("445712", "5,50", "TVA 5,5 %")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("L’Œuvre\tdu | quai\r\n", "L'Œuvre du quai"),
        ("=Libro – Łódź", "=Libro - ?ódź".replace("ź", "z")),
        ("書店", "??"),
        ("10 €", "10 €"),
    ],
)
def test_a_field_keeps_what_the_set_of_characters_has(typed: str, kept: str) -> None:
    assert fec.clean(typed) == kept


def test_the_file_is_named_after_our_siren_and_the_last_day() -> None:
    assert fec.file_name("732829320", dt.date(2026, 12, 31)) == "732829320FEC20261231.txt"
