"""Every act of the scene, sent once more at once: a second press of the button changes nothing (F14)."""

from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from harmattan.core.extensions import db
from tests.browser import Browser
from tests.site.scene import Scene
from tests.site.test_patched import ACTS, refresh

NO_ACT = ("throttle_counts", "login_sessions", "drafts", "answer_counts", "one_time_keys", "thread_readers")
"""What is counted, noted or kept aside of whoever asks."""


def row_counts() -> dict[str, int]:
    db.session.rollback()
    acts = [table for table in db.metadata.sorted_tables if table.name not in NO_ACT]
    return {
        table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in acts
    }


@pytest.mark.parametrize("name", [name for name, act in ACTS.items() if act.do is not refresh])
def test_an_act_sent_twice_has_one_effect(scene: Scene, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    act = ACTS[name]
    client = scene.client(act.role)
    post, more = client.post, {}

    def post_twice(*arguments: Any, **told: Any) -> TestResponse:
        answer = post(*arguments, **told)
        once = row_counts()
        post(*arguments, **told)
        more.update(dict(row_counts().items() - once.items()))
        return answer

    monkeypatch.setattr(client, "post", post_twice)
    path, _, query = act.page.partition("?")
    url = scene.address(path) or path
    browser = Browser(client, htmx=True).open(f"{url}?{query}" if query else url)
    act.do(browser, url)
    assert more == {}
