"""What the pages of messages cost: the same however long the history (architecture.md, budget)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from types import SimpleNamespace

import pytest

from harmattan.conversations import service
from harmattan.conversations.service import Writer
from harmattan.core.extensions import db
from tests import cast
from tests.browser import Browser
from tests.real_parts import Statements

Counter = Callable[[], AbstractContextManager[Statements]]


@pytest.mark.parametrize(
    ("email", "address", "limit"),
    [
        ("karim@grandlarge.example", "/messages", 4),
        ("karim@grandlarge.example", "/messages/{}", 7),
        ("karim@grandlarge.example", "/contact?objet=suivi", 5),
        ("marie@equipe.example", "/equipe/messages", 5),
        ("marie@equipe.example", "/equipe/messages/{}", 20),
    ],
)
def test_pages_of_messages_stay_in_their_budget(
    email: str,
    address: str,
    limit: int,
    new_browser: Callable[..., Browser],
    people: SimpleNamespace,
    count_statements: Counter,
) -> None:
    browser = new_browser().log_in(email)
    browser.open("/contact?objet=suivi")  # that its answer was read is counted once a session
    counts = []
    for messages in (2, 12):
        threads = [cast.thread(people.karim) for _ in range(messages)]
        for _ in range(messages):
            service.write(threads[0], Writer.of(people.karim), "Encore")
            service.add_note(threads[0], people.marie, "Note")
        db.session.commit()
        with count_statements() as statements:
            browser.open(address.format(threads[0].reference))
        assert browser.status == 200
        assert len(statements) <= limit, statements
        counts.append(len(statements))
    assert counts[0] == counts[1]
