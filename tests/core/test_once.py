"""A form sent twice has one effect."""

import pytest
from flask import Flask

from harmattan.core import once
from harmattan.core.extensions import db


def test_a_key_leads_to_what_it_made(app: Flask) -> None:
    key = once.new_key()
    assert once.result_of(key) is None
    once.remember(key, "/messages/MSG-2026-000001")
    assert once.result_of(key) == "/messages/MSG-2026-000001"
    assert once.result_of(once.new_key()) is None


def test_the_second_use_of_a_key_is_undone_and_leads_to_the_first(any_app: Flask) -> None:
    once.remember("key", "/first")
    db.session.commit()
    db.session.expunge_all()
    with pytest.raises(once.AlreadyDone) as refused:
        once.remember("key", "/second")
    assert refused.value.result_url == once.result_of("key") == "/first"
