"""Threads live the same life on SQLite and on PostgreSQL."""

from flask import Flask

from harmattan.conversations import service
from harmattan.conversations.rules import ThreadState
from harmattan.core.extensions import db
from harmattan.core.services import Service
from tests import cast
from tests.browser import Browser


def test_a_thread_is_answered_handed_on_and_found_in_its_queue(any_app: Flask) -> None:
    people = cast.everybody()
    threads = [cast.thread(people.karim) for _ in range(52)]
    first, last = threads[0], threads[-1]
    service.answer(first, people.marie, "Voilà.", 1)
    service.write(first, service.Writer.of(people.karim), "Merci, encore un mot.")
    service.transfer(last, Service.ACCOUNTING, people.marie, 1)
    db.session.commit()
    assert (first.state, first.version) == (ThreadState.OPEN, 3)
    assert [service.waiting_by_service()[each].open for each in (Service.SALES, Service.ACCOUNTING)] == [
        51,
        1,
    ]
    marie = Browser(any_app.test_client()).log_in("marie@equipe.example").open("/equipe/messages")
    marie.open(marie.page.select_one("#queue a[rel=next]")["href"])
    assert len(marie.page.select("#queue tbody tr")) == 1
    karim = Browser(any_app.test_client()).log_in("karim@grandlarge.example").open("/messages")
    karim.open(karim.page.select_one("a[rel=next]")["href"])
    assert len(karim.page.select("tbody tr")) == 25
