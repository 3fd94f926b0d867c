"""Two at once: who else is at a thread is said, without any script (issue 6)."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask

from harmattan.conversations import presence
from harmattan.conversations.models import ThreadReader
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.services import Service
from tests import cast
from tests.browser import Browser

MARIE, ROOT = "marie@equipe.example", "root@equipe.example"
Open = Callable[..., Browser]


def later(minutes: int) -> None:
    clock.start_at(clock.now() + dt.timedelta(minutes=minutes))


def test_a_colleague_reads_who_has_been_answering_and_for_how_long(
    new_browser: Open, people: SimpleNamespace
) -> None:
    url = f"/equipe/messages/{cast.thread(people.karim).reference}"
    marie, root = new_browser().log_in(MARIE), new_browser().log_in(ROOT)
    marie.open(url)
    assert "répond depuis" not in marie.text
    later(minutes=1)
    marie.open(url)
    later(minutes=1)
    assert "Marie répond depuis 2 min" in root.open(url).text
    assert "Root répond depuis 0 min" in marie.open(url).text


@pytest.mark.parametrize("how", ["leaves", "answers", "goes on to another", "hands on"])
def test_whoever_is_done_is_no_longer_named(how: str, new_browser: Open, people: SimpleNamespace) -> None:
    thread, other = cast.thread(people.karim), cast.thread(people.karim)
    url = f"/equipe/messages/{thread.reference}"
    marie, root = new_browser().log_in(MARIE).open(url), new_browser().log_in(ROOT)
    if how == "answers":
        marie.submit(f"{url}/reponse", reponse="Voilà.")
    elif how == "hands on":
        marie.submit(f"{url}/service", service="accounting")
    elif how == "goes on to another":
        marie.open(f"/equipe/messages/{other.reference}")
    else:
        later(minutes=16)
    assert "répond depuis" not in root.open(url).text


def test_one_row_a_person_on_both_databases(any_app: Flask) -> None:
    people = cast.everybody()
    first, second = cast.thread(people.karim), cast.thread(people.karim, Service.SALES)
    for thread in (first, first, second):
        presence.stamp(thread, people.marie)
    presence.stamp(second, people.root)
    db.session.commit()
    assert db.session.query(ThreadReader).count() == 2
    assert [one.first_name for one in presence.others(second, people.root)] == ["Marie"]
    assert presence.others(first, people.root) == []
    presence.leave(people.marie)
    assert presence.others(second, people.root) == []
