"""Accounting's exports, plain and with HTMX: what a period holds, its sales as CSV, its entries as FEC."""

import csv
import datetime as dt
import io
from collections import defaultdict
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.billing import allocation, drafts, service
from harmattan.billing.models import Means, Payment
from harmattan.billing.rules import Kind, Line
from harmattan.bookkeeping import accounts, lookups
from harmattan.bookkeeping.lookups import Period
from harmattan.bookkeeping.rules import Journal
from harmattan.core.extensions import db
from harmattan.core.places import Territory
from tests import cast
from tests.bookkeeping.test_rules import cents_of, lines
from tests.browser import Browser
from tests.configuration import say_otherwise

INES, HUGO = "ines@equipe.example", "hugo@equipe.example"
PAGE = "/equipe/comptabilite/exports"
YEAR = "du=2026-01-01&au=2026-12-31"
ALL = Period(dt.date(2024, 1, 1), dt.date(2026, 12, 31))


@pytest.fixture
def papers(people: SimpleNamespace) -> SimpleNamespace:
    """The journeys' documents, and one of three rates with carriage."""
    held = cast.documents(people, cast.titles())
    held.mixed = mixed(people)
    db.session.commit()
    return held


@pytest.fixture
def ines(browser: Browser, papers: SimpleNamespace) -> Browser:
    return browser.log_in(INES).open(f"{PAGE}?{YEAR}")


def mixed(people: SimpleNamespace) -> SimpleNamespace:
    sold = [
        Line.sold("Titre", "9782343000015", quantity=3, price_cents=2_550, vat_bp=rate, discount_bp=3_500)
        for rate in (210, 550, 2_000)
    ]
    place = people.grand_large.place
    delivery = drafts.Delivery(Territory.MAINLAND, place, carriage_cents=851)
    draft = drafts.invoice(people.grand_large, sold, delivery=delivery, term=cast.SIXTY_DAYS)
    return service.issue(draft, "Marie Duval")


def rows(answer_text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer_text.lstrip("\ufeff")), delimiter=";"))


def entries(browser: Browser, query: str = YEAR) -> list[list[str]]:
    answer = browser.client.get(f"{PAGE}/ecritures.txt?{query}")
    assert answer.status_code == 200
    return lines(answer.data)[1:]


def test_without_any_days_it_is_the_month_that_is_over(ines: Browser) -> None:
    ines.open(PAGE)
    assert [ines.page.find(id=name)["value"] for name in ("du", "au")] == ["2026-10-01", "2026-10-31"]
    assert ines.status == 200


def test_the_page_says_what_the_period_holds(ines: Browser, papers: SimpleNamespace) -> None:
    assert ines.status == 200
    held = lookups.held(Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31)))
    issued = [papers.f3, papers.f4, papers.f9, papers.mixed]
    assert held.invoices.count == len(issued)
    assert held.invoices.total_cents == sum(each.total_cents for each in issued)
    assert held.credit_notes.net_cents == papers.a1.net_cents
    assert held.receipts.count == 1
    assert ines.page.find("a", href=lambda link: bool(link and "ecritures.txt" in link)) is not None


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("du=hier+soir&au=2026-12-31", "Saisissez la date"),
        ("du=&au=2026-12-31", "Saisissez un jour"),
        ("du=2026-12-31&au=2026-01-01", "Choisissez un dernier jour qui suit le premier"),
        ("du=2025-01-01&au=2026-12-31", "un an au plus"),
    ],
)
def test_days_that_cannot_be_exported_are_explained_and_kept(ines: Browser, query: str, said: str) -> None:
    ines.open(f"{PAGE}?{query}")
    assert ines.status == 422
    assert said in ines.text
    assert ines.page.find(id="du")["value"] == query.split("&", maxsplit=1)[0][3:].replace("+", " ")
    assert ines.page.find("a", href=lambda link: bool(link and "ecritures.txt" in link)) is None
    for file in ("ventes.csv", "ecritures.txt"):
        answer = ines.client.get(f"{PAGE}/{file}?{query}", follow_redirects=True)
        assert answer.status_code == 422


def test_a_period_without_anything_says_so(ines: Browser) -> None:
    assert "a été émis ni reçu" in ines.open(f"{PAGE}?du=2023-01-01&au=2023-01-31").text
    assert entries(ines, "du=2023-01-01&au=2023-01-31") == []


def test_sales_have_a_row_for_each_document_and_rate(ines: Browser, papers: SimpleNamespace) -> None:
    answer = ines.client.get(f"{PAGE}/ventes.csv?{YEAR}")
    assert "attachment" in answer.headers["Content-Disposition"]
    head, *body = rows(answer.text)
    by_number = defaultdict(list)
    for row in body:
        by_number[row[2]].append(dict(zip(head, row, strict=True)))
    assert [row["Taux de TVA"] for row in by_number[papers.mixed.number]] == ["2,10", "5,50", "20,00"]
    for document in (papers.f3, papers.f4, papers.f9, papers.mixed, papers.a1):
        sign = 1 if document.kind is Kind.INVOICE else -1
        told = {
            name: sum(int(row[name].replace(",", "")) for row in by_number[document.number])
            for name in ("Ventes HT", "Port HT", "Base HT", "TTC")
        }
        assert told["Ventes HT"] == sign * document.goods_cents
        assert told["Port HT"] == sign * document.carriage_cents
        assert told["Base HT"] == sign * document.net_cents
        assert told["TTC"] == sign * document.total_cents


def test_a_name_that_a_spreadsheet_would_calculate_is_harmless(
    ines: Browser, people: SimpleNamespace
) -> None:
    people.grand_large.legal_name = "=HYPERLINK(1)\tSARL"
    db.session.commit()
    body = rows(ines.client.get(f"{PAGE}/ventes.csv?{YEAR}").text)
    assert [cell for row in body for cell in row if cell[:1] == "="] == []
    assert {len(row) for row in entries(ines)} == {18}


def test_each_piece_and_the_file_balance_and_the_vat_is_the_documents(
    ines: Browser, papers: SimpleNamespace
) -> None:
    found = entries(ines)
    sums: dict[str, int] = defaultdict(int)
    for row in found:
        sums[row[2]] += cents_of(row[11]) - cents_of(row[12])
    assert set(sums.values()) == {0}
    vat = sum(cents_of(row[12]) - cents_of(row[11]) for row in found if row[4].startswith("4457"))
    issued = (papers.f3, papers.f4, papers.f9, papers.mixed)
    assert vat == sum(each.total_cents - each.net_cents for each in issued) - (
        papers.a1.total_cents - papers.a1.net_cents
    )
    carriage = [cents_of(row[12]) for row in found if row[4] == "708500"]
    assert sum(carriage) == papers.mixed.carriage_cents
    assert len(carriage) == 3


def test_pieces_of_a_journal_are_in_their_order(ines: Browser) -> None:
    numbers = [row[2] for row in entries(ines, f"{YEAR}&journal=VE")]
    for series in ("FA-", "AV-"):
        own = [number for number in numbers if number.startswith(series)]
        assert own == sorted(own)
    assert {row[0] for row in entries(ines, f"{YEAR}&journal=RG")} == {"RG"}
    assert {row[0] for row in entries(ines, f"{YEAR}&journal=ailleurs")} == {"VE", "RG"}


@pytest.mark.parametrize(
    ("means", "account"),
    [
        (Means.TRANSFER, "512000"),
        (Means.CHEQUE, "511200"),
        (Means.CASH, "530000"),
        (Means.COUNTER, "530000"),
        (Means.CARD, "511500"),
        (Means.ONLINE, "511500"),
        (Means.LCR, "511300"),
    ],
)
def test_money_is_where_its_means_brought_it(
    app: Flask, people: SimpleNamespace, means: Means, account: str
) -> None:
    day = dt.date(2026, 11, 2)
    payment = allocation.record_payment(people.quais, 1_000, received_on=day, means=means, actor="Inès")
    (entry,) = lookups.entries(Period(day, day), Journal.RECEIPTS)
    assert [(each.account, each.cents) for each in entry.postings] == [(account, 1_000), ("411000", -1_000)]
    assert entry.number == payment.reference


def test_every_means_has_its_account(app: Flask) -> None:
    told = accounts.of_the_house().treasury
    assert {accounts.treasury_of(means) for means in Means} == set(told)


def test_entries_are_in_the_order_of_their_days_over_both_journals(
    ines: Browser, papers: SimpleNamespace
) -> None:
    cast.pay(papers.f4, dt.date(2026, 9, 20))
    db.session.commit()
    found = entries(ines)
    days = [row[3] for row in found]
    assert days == sorted(days)
    assert {row[0] for row in found} == {"VE", "RG"}


def test_a_payment_that_the_bank_took_back_is_booked_both_ways(
    ines: Browser, papers: SimpleNamespace
) -> None:
    paid = cast.pay(papers.f4, dt.date(2026, 10, 5))
    allocation.undo_payment(paid, dt.date(2026, 10, 9), "Inès Caron")
    db.session.commit()
    found = [row for row in entries(ines, f"{YEAR}&journal=RG") if row[2].startswith(paid.reference)]
    assert [(row[2], row[3], cents_of(row[11]), cents_of(row[12])) for row in found] == [
        (paid.reference, "20261005", 11137, 0),
        (paid.reference, "20261005", 0, 11137),
        (f"{paid.reference}-CP", "20261009", 0, 11137),
        (f"{paid.reference}-CP", "20261009", 11137, 0),
    ]
    assert papers.f4.open_cents == 11137
    held = lookups.held(Period(dt.date(2026, 10, 1), dt.date(2026, 10, 31)))
    assert (held.receipts.total_cents, held.undone.count, held.undone.total_cents) == (11137, 1, 11137)
    assert "Règlements contrepassés" in ines.open(f"{PAGE}?du=2026-10-01&au=2026-10-31").text


def test_what_settles_bears_the_letter_of_what_it_settles(ines: Browser, papers: SimpleNamespace) -> None:
    lettered = {row[2]: (row[13], row[14]) for row in entries(ines) if row[6]}
    payment = db.session.scalars(sa.select(Payment).order_by(Payment.received_on.desc())).first()
    assert payment is not None
    assert lettered[papers.f3.number] == lettered[payment.reference]
    assert lettered[papers.f3.number][0].isalpha()
    assert lettered[papers.f4.number] == ("", "")


def test_a_letter_of_one_account_is_none_of_anothers(app: Flask, papers: SimpleNamespace) -> None:
    """Each account has its own A: a payment in part leaves its invoice without."""
    shop = papers.f9.account
    payment = allocation.record_payment(
        shop, 1_000, received_on=dt.date(2026, 11, 2), means=Means.CHEQUE, actor="Inès"
    )
    allocation.allocate(payment, papers.f9, 1_000, "Inès")
    found = {each.number: each for each in lookups.entries(ALL)}
    assert found[papers.f9.number].postings[0].lettering is None
    rest = allocation.record_payment(
        shop, papers.f9.open_cents, received_on=dt.date(2026, 11, 3), means=Means.CHEQUE, actor="Inès"
    )
    allocation.allocate(rest, papers.f9, rest.amount_cents, "Inès")
    found = {each.number: each for each in lookups.entries(ALL)}
    letters = {found[number].postings[-1].lettering for number in (payment.reference, rest.reference)}
    assert letters == {found[papers.f9.number].postings[0].lettering}
    assert [each.letter for each in letters if each] == ["A"]


def test_the_file_is_named_as_the_article_says(ines: Browser) -> None:
    answer = ines.client.get(f"{PAGE}/ecritures.txt?{YEAR}")
    assert "filename=999123458FEC20261231.txt" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Type"] == "text/plain; charset=iso8859-15"


def test_without_our_siren_there_is_no_such_file_and_the_table_is_there(ines: Browser, app: Flask) -> None:
    say_otherwise(app, siren="")
    assert "Notre SIREN n’est pas renseigné" in ines.client.get(f"{PAGE}/ecritures.txt?{YEAR}").text
    assert ines.client.get(f"{PAGE}/ventes.csv?{YEAR}").status_code == 200


def test_the_house_chooses_its_accounts(ines: Browser, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    say_otherwise(app, sales_account="707100", vat_accounts={"550": "445755"}, bank_account="512300")
    used = {row[4] for row in entries(ines)}
    assert {"707100", "445755", "445710", "512300"} <= used
    assert "701000" not in used


def test_no_other_service_takes_them(browser: Browser, papers: SimpleNamespace) -> None:
    browser.log_in(HUGO)
    for address in (PAGE, f"{PAGE}/ventes.csv", f"{PAGE}/ecritures.txt"):
        assert browser.open(address).status == 403


def test_both_databases_tell_the_same(any_app: Flask) -> None:
    people = cast.everybody()
    papers = cast.documents(people, cast.titles())
    found = {each.number: each for each in lookups.entries(ALL)}
    assert found[papers.f3.number].postings[0].lettering is not None
    assert sum(each.cents for entry in found.values() for each in entry.postings) == 0
    assert {each.journal for each in lookups.entries(ALL, Journal.RECEIPTS)} == {Journal.RECEIPTS}
    assert lookups.held(ALL).invoices.count == 5
