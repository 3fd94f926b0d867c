"""Facts hold from their day on; what cannot be read is told from memory (R105)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from harmattan.core import clock, registry, settings
from harmattan.core.effective import Change, Effective, Span, changed

TODAY = dt.date(2026, 11, 23)
A_DAY = dt.timedelta(days=1)
TOMORROW = TODAY + A_DAY


@dataclass(frozen=True)
class Facts:
    phone: str = "1"
    days: dict[str, int] = field(default_factory=lambda: {"standard": 2, "express": 1})


class Kept:
    """What is kept, and how often it was read."""

    def __init__(self, *changes: Change):
        self.changes: Sequence[Change] | None = changes
        self.reads = 0

    def __call__(self) -> Sequence[Change] | None:
        self.reads += 1
        return self.changes


def test_a_change_holds_from_its_day_on_and_not_before() -> None:
    facts = Effective(Facts(), Kept(Change(TOMORROW, {"phone": "2"})), 60)
    assert (facts.on(TODAY).phone, facts.on(TOMORROW).phone) == ("1", "2")


def test_a_later_change_goes_over_an_earlier_one() -> None:
    kept = Kept(Change(TODAY, {"phone": "2"}), Change(TOMORROW, {"phone": "3"}))
    assert Effective(Facts(), kept, 60).on(TOMORROW).phone == "3"


def test_entries_of_a_table_change_alone() -> None:
    facts = Facts()
    assert changed(facts, {"days.express": 3, "phone": "2"}) == Facts("2", {"standard": 2, "express": 3})
    assert facts == Facts()


def test_two_entries_of_one_table_change_together() -> None:
    assert changed(Facts(), {"days.express": 3, "days.prisme": 4}).days == {
        "standard": 2,
        "express": 3,
        "prisme": 4,
    }


def test_what_is_kept_is_read_once_until_it_is_due_again() -> None:
    kept = Kept()
    facts = Effective(Facts(), kept, 3_600)
    facts.on(TODAY)
    kept.changes = [Change(TODAY, {"phone": "2"})]
    assert (facts.on(TODAY).phone, kept.reads) == ("1", 1)
    facts.read_again()
    assert (facts.on(TODAY).phone, kept.reads) == ("2", 2)


def test_another_process_learns_of_a_change_without_being_told() -> None:
    kept = Kept()
    facts = Effective(Facts(), kept, refresh_seconds=0)
    facts.on(TODAY)
    kept.changes = [Change(TODAY, {"phone": "2"})]
    assert facts.on(TODAY).phone == "2"


def test_what_cannot_be_read_leaves_what_was_known() -> None:
    kept = Kept(Change(TODAY, {"phone": "2"}))
    facts = Effective(Facts(), kept, refresh_seconds=0)
    facts.on(TODAY)
    kept.changes = None
    assert facts.on(TODAY).phone == "2"


def test_the_phones_are_told_while_the_database_is_down(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("down"))

    monkeypatch.setattr(registry, "ask", down)
    settings.read_again()
    assert settings.house().sales_phone == "01 40 46 79 13"


def test_the_facts_are_read_beside_a_writing_request(app: Flask) -> None:
    """Read in the request's own transaction they would open it, or wait for its lock."""
    settings.read_again()
    assert settings.house_on(clock.today()).sales_phone == "01 40 46 79 13"


@pytest.mark.parametrize(
    ("span", "said", "is_over"),
    [
        (Span(TODAY), "en vigueur depuis le 23 novembre 2026", False),
        (Span(TODAY, TOMORROW), "en vigueur depuis le 23 novembre 2026, jusqu’au 23 novembre 2026", False),
        (Span(TODAY, TODAY), "remplacé le jour même, le 23 novembre 2026", True),
        (Span(TOMORROW), "prévu le 24 novembre 2026", False),
        (Span(TOMORROW, TOMORROW + 2 * A_DAY), "prévu du 24 novembre 2026 au 25 novembre 2026", False),
        (Span(TODAY - A_DAY, TODAY), "en vigueur le 22 novembre 2026", True),
        (Span(TODAY - 3 * A_DAY, TODAY), "en vigueur du 20 novembre 2026 au 22 novembre 2026", True),
    ],
)
def test_a_span_says_whether_it_is_ahead_holds_or_is_over(span: Span, said: str, is_over: bool) -> None:
    assert span.told(TODAY).replace("\u00a0", " ") == said
    assert span.is_over(TODAY) is is_over
