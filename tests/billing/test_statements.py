"""The statement of an account: what opens it, what moves it, what closes it, what is overdue (R70)."""

import datetime as dt
from types import SimpleNamespace

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from harmattan.billing import ageing, allocation, lettering, statements
from harmattan.billing.models import Means
from harmattan.billing.statements import Statement
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.terms import months_later
from tests import cast
from tests.browser import Browser

ON = dt.date(2026, 11, 23)

pieces = st.tuples(st.booleans(), st.integers(1, 8))
links = st.lists(st.tuples(st.tuples(st.just(False), st.integers(1, 8)), pieces))


@given(
    st.lists(st.tuples(st.none() | st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)), st.integers(0, 9)))
)
def test_every_cent_owed_has_one_age(owed: list[tuple[dt.date | None, int]]) -> None:
    assert sum(ageing.aged(owed, ON)) == sum(cents for _, cents in owed)


def test_an_age_begins_the_day_after_the_one_before_it_ends() -> None:
    late = (-1, 0, 1, 30, 31, 60, 61, 90, 91)
    told = [ageing.aged([(ON - dt.timedelta(days=days), 1)], ON).index(1) for days in late]
    assert told == [0, 0, 1, 1, 2, 2, 3, 3, 4]


@given(links, st.sets(pieces))
def test_pieces_share_a_letter_when_they_are_linked_and_none_of_them_is_open(
    held: list[tuple[lettering.Piece, lettering.Piece]], still_open: set[lettering.Piece]
) -> None:
    told = lettering.lettered(held, still_open)
    assert all(told.get(one) == told.get(other) for one, other in held)
    assert not still_open & told.keys()
    assert told.keys() <= {piece for link in held for piece in link}
    assert set(told.values()) == {lettering.letter(n) for n in range(len(set(told.values())))}


def test_letters_are_those_of_columns() -> None:
    assert [lettering.letter(number) for number in (0, 25, 26, 51, 52, 701, 702)] == [
        *("A", "Z", "AA", "AZ", "BA", "ZZ", "AAA")
    ]


def test_a_payment_of_two_invoices_makes_one_letter_of_three_pieces(people: SimpleNamespace) -> None:
    shop, t1 = people.grand_large, cast.titles().t1
    first, second, third = (cast.invoice(shop, (t1, n), issued_on=ON) for n in (1, 2, 3))
    amount = first.total_cents + second.total_cents
    facts = {"received_on": ON, "means": Means.TRANSFER, "actor": "Inès Caron"}
    payment = allocation.record_payment(shop, amount, **facts)
    allocation.allocate(payment, first, first.total_cents, "Inès Caron")
    assert not lettering.letters(shop.id)
    allocation.allocate(payment, second, second.total_cents, "Inès Caron")
    assert lettering.letters(shop.id) == {
        (False, first.id): "A",
        (False, second.id): "A",
        (True, payment.id): "A",
    }
    assert third.open_cents


def _whole(shop_id: int, first: dt.date, last: dt.date) -> Statement:
    told = statements.statement(shop_id, first, last)
    assert told.closing_cents == told.opening_cents + sum(entry.amount_cents for entry in told.entries)
    assert told.closing_cents == sum(told.ages) - told.free_cents
    assert told.free_cents >= 0
    return told


def test_each_month_opens_as_the_one_before_closed(any_app: Flask) -> None:
    people = cast.everybody()
    documents = cast.documents(people, cast.titles())
    allocation.allocate(documents.a1, documents.f4, 1_000, "Inès Caron")
    closing = 0
    for first in (months_later(dt.date(2024, 11, 1), n) for n in range(25)):
        told = _whole(people.grand_large.id, first, months_later(first, 0, 31))
        assert told.opening_cents == closing
        closing = told.closing_cents
    assert closing == 6_337


def test_an_old_statement_tells_the_ages_of_its_day(people: SimpleNamespace) -> None:
    documents = cast.documents(people, cast.titles())
    shop = people.grand_large.id
    told = _whole(shop, dt.date(2024, 11, 1), dt.date(2024, 12, 31))
    assert told.ages[0] == documents.f1.total_cents + documents.f2.total_cents
    assert told.to_pay_cents == 0  # both were paid since, whatever came later
    assert _whole(shop, dt.date(2026, 1, 1), dt.date(2026, 6, 30)).free_cents == documents.a1.total_cents


def test_a_statement_asks_for_what_is_left_of_it_whatever_came_later(people: SimpleNamespace) -> None:
    documents, shop = cast.documents(people, cast.titles()), people.grand_large
    cast.invoice(shop, (cast.title("9782140000010"), 1), issued_on=ON)
    payment = allocation.record_payment(shop, 5_000, received_on=ON, means=Means.CHEQUE, actor="Inès Caron")
    allocation.allocate(payment, documents.f4, 5_000, "Inès Caron")
    told = statements.statement(shop.id, dt.date(2026, 9, 1), dt.date(2026, 9, 30))
    assert (told.closing_cents, told.to_pay_cents) == (6_337, 1_337)


def test_pages_of_a_long_statement_follow_each_other(
    people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.documents(people, cast.titles())
    shop, period = people.grand_large.id, (dt.date(2024, 1, 1), ON)
    whole = statements.statement(shop, *period)
    monkeypatch.setattr(statements, "LINES_A_PAGE", 3)
    pages = [statements.statement(shop, *period, page=number) for number in (1, 2, 3)]
    assert [entry for page in pages for entry in page.entries] == list(whole.entries)
    assert [page.carried_cents for page in pages] == [
        *(whole.opening_cents, pages[0].entries[-1].balance_cents, pages[1].entries[-1].balance_cents)
    ]


def test_lucie_reads_the_statement_of_september(browser: Browser, people: SimpleNamespace) -> None:
    documents = cast.documents(people, cast.titles())
    browser.log_in("lucie@grandlarge.example").open("/releves?du=2026-09-01&au=2026-09-30")
    assert "Solde d'ouverture −48,00 €" in browser.text
    assert f"{documents.f4.number} Facture du 15 sept. 2026" in browser.text
    assert "Solde de clôture 63,37 €" in browser.text
    assert "FR76 3000 6000 0112 3456 7890 189" in browser.text
    assert browser.page.select_one("#statement svg")
    assert documents.f9.number not in browser.open("/releves").text
    csv = browser.client.get("/releves/releve.csv?du=2026-09-01&au=2026-09-30").text
    assert f"15/09/2026;FA;{documents.f4.number};Facture;;" in csv
    assert "30/09/2026;;;Solde de clôture;;;;;63,37;" in csv


def test_the_statement_is_a_paper_too(browser: Browser, people: SimpleNamespace) -> None:
    cast.documents(people, cast.titles())
    browser.log_in("lucie@grandlarge.example").open("/releves")
    paper = browser.client.get(browser.page.select_one('a[href*="releve.pdf"]')["href"])
    assert paper.data.startswith(b"%PDF")
    assert "releve-104512-2026-01-01-2026-11-23.pdf" in paper.headers["Content-Disposition"]


def test_what_is_paid_already_is_not_asked_for_again(browser: Browser, people: SimpleNamespace) -> None:
    documents = cast.documents(people, cast.titles())
    cast.pay(documents.f4, clock.today())
    db.session.commit()
    browser.log_in("lucie@grandlarge.example").open("/releves?du=2026-09-01&au=2026-09-30")
    assert "rien n'est plus à payer" in browser.text
    assert not browser.page.select_one("#settle svg")


def test_accounting_reads_the_statement_of_any_account(browser: Browser, people: SimpleNamespace) -> None:
    documents = cast.documents(people, cast.titles())
    browser.log_in("ines@equipe.example").open("/equipe/releves/104512?du=2026-09-01&au=2026-09-30")
    assert documents.f4.number in browser.text
    for link in browser.page.select('a[href^="/equipe/releves/104512."]'):
        assert browser.client.get(link["href"]).status_code == 200
    assert browser.open("/equipe/releves/999999").status == 404


def test_the_statement_has_moved(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in("lucie@grandlarge.example").open("/documents/releve?du=2026-09-01&au=2026-09-30")
    assert browser.url == "/releves?du=2026-09-01&au=2026-09-30"
