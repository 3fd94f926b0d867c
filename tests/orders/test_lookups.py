"""What other areas show of orders."""

import datetime as dt
import json
from types import SimpleNamespace

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from harmattan.core import clock
from harmattan.core.registry import ask
from harmattan.orders import checked, lookups
from harmattan.orders.rules import Status
from harmattan.orders.searching import Sought, sought
from tests import cast
from tests.browser import fold
from tests.real_parts import Statements


def test_the_latest_order_of_each_title_is_found_in_one_statement(
    app: Flask, people: SimpleNamespace, count_statements: "type[Statements]"
) -> None:
    titles = cast.titles()
    shop, since = people.grand_large.id, clock.now() - dt.timedelta(days=30)
    cast.order(people.karim, (titles.t1, 3), number=1, placed_at=clock.now() - dt.timedelta(days=5))
    cast.order(people.anne, (titles.t1, 4), (titles.t2, 1), number=2)
    cast.order(people.anne, (titles.t4, 4), number=3, placed_at=clock.now() - dt.timedelta(days=31))
    cast.order(people.anne, (titles.t5, 4), number=4, status=Status.CANCELLED)
    cast.order(people.paul, (titles.t5, 9), number=5)
    isbns = [title.isbn for title in vars(titles).values()]
    with count_statements() as statements:
        found = ask("orders.of_isbns", shop, isbns, since)
    assert len(statements) == 1, statements
    assert {isbn: (last.reference, last.quantity, last.state) for isbn, last in found.items()} == {
        titles.t1.isbn: ("CMD-2026-000002", 4, "Enregistrée"),
        titles.t2.isbn: ("CMD-2026-000002", 1, "Enregistrée"),
    }


def test_the_latest_orders_of_a_title_come_newest_first(app: Flask, people: SimpleNamespace) -> None:
    titles = cast.titles()
    for number, days_ago in ((1, 9), (2, 300), (3, 2), (4, 1)):
        placed = clock.now() - dt.timedelta(days=days_ago)
        cast.order(people.karim, (titles.t1, number), number=number, placed_at=placed)
    cast.order(people.anne, (titles.t1, 4), number=5, status=Status.CANCELLED)
    cast.order(people.paul, (titles.t1, 9), number=6)
    found = ask("orders.of_title", people.grand_large.id, titles.t1.isbn, 3)
    assert [last.quantity for last in found] == [4, 3, 1]


def test_recent_orders_their_choices_and_their_summary(app: Flask, people: SimpleNamespace) -> None:
    titles = cast.titles()
    cast.order(people.karim, (titles.t1, 3), number=1, own_reference="Salon")
    cast.order(people.paul, (titles.t1, 3), number=2)
    (recent,) = ask("orders.recent", people.grand_large.id, 5)
    assert (recent.reference, recent.gross_cents) == ("CMD-2026-000001", 3_000)
    ((reference, label),) = lookups.choices(people.grand_large.id)
    assert reference == "CMD-2026-000001"
    assert fold(label) == "CMD-2026-000001 « Salon », 23 nov. 2026, enregistrée"
    summary = ask("orders.summary", "CMD-2026-000001")
    assert (summary.standing.state, summary.gross_cents) == ("Enregistrée", 3_000)
    assert ask("orders.summary", "CMD-2026-999999") is None


TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("CMD-2026-000123", ("CMD-2026-000123",)),
        (" cmd 2026 123 ", ("CMD-2026-000123",)),
        ("2025-7", ("CMD-2025-000007",)),
        ("123", ("CMD-2026-000123", "CMD-2025-000123", "CMD-2024-000123")),
        ("Salon", ()),
    ],
)
def test_a_number_is_read_as_people_type_it(text: str, meant: tuple[str, ...]) -> None:
    assert sought(text, TODAY).references == meant


def test_an_isbn_is_read_in_any_form() -> None:
    for text in ("978-2-343-00001-5", "9782343000015", "2343000018", "2-343-00001-8"):
        assert sought(text, TODAY) == Sought(isbn="9782343000015")


@given(st.text(max_size=60))
def test_no_search_text_breaks_the_reading(text: str) -> None:
    sought(text, TODAY)


lines = st.from_regex("[1-9][0-9]{0,3}_[0-9]{1,5}_(note|skip)", fullmatch=True)
texts = st.dictionaries(
    st.text(max_size=20) | st.from_regex("978[0-9]{10}", fullmatch=True),
    st.text(max_size=20) | lines,
    max_size=8,
)


@given(texts)
def test_what_was_shown_comes_back_as_it_was(shown: checked.Checked) -> None:
    assert checked.read(checked.written(shown)) == shown
    assert checked.compared(shown, shown, {}) == []


@given(texts, texts)
def test_every_difference_is_said_once(before: checked.Checked, now: checked.Checked) -> None:
    different = {name for name in before.keys() | now.keys() if before.get(name) != now.get(name)}
    assert len(checked.compared(before, now, {})) == len(different)


@given(st.text(max_size=200) | st.lists(st.text() | st.none() | texts, max_size=3).map(json.dumps))
def test_no_forged_field_breaks_the_check(text: str) -> None:
    checked.read(text)
