"""The statement of an account: what opens it, what moves it, what closes it (R70)."""

import datetime as dt
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from harmattan.billing import statements
from harmattan.billing.statements import Entry
from tests import cast
from tests.browser import Browser

days = st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
entries = st.lists(st.builds(Entry, days, st.just("x"), st.just(""), st.none(), st.integers(-9_000, 9_000)))


@given(entries, days, days)
def test_opening_and_entries_come_to_the_closing_balance(
    held: list[Entry], one: dt.date, other: dt.date
) -> None:
    first, last = min(one, other), max(one, other)
    told = statements.balanced(first, last, sorted(held, key=lambda entry: entry.on))
    assert told.closing_cents == told.opening_cents + sum(entry.amount_cents for entry in told.entries)
    assert told.closing_cents == sum(entry.amount_cents for entry in held if entry.on <= last)


def test_lucie_reads_the_statement_of_september(browser: Browser, people: SimpleNamespace) -> None:
    documents = cast.documents(people, cast.titles())
    browser.log_in("lucie@grandlarge.example").open("/documents/releve?du=2026-09-01&au=2026-09-30")
    assert "Solde d'ouverture −48,00 €" in browser.text
    assert f"Facture {documents.f4.number}" in browser.text
    assert "Solde de clôture 63,37 €" in browser.text
    assert "FR76 3000 6000 0112 3456 7890 189" in browser.text
    assert browser.page.select_one("#statement svg")
    assert documents.f9.number not in browser.open("/documents/releve").text
    csv = browser.client.get("/documents/releve.csv?du=2026-09-01&au=2026-09-30").text
    assert "63,37" in csv
