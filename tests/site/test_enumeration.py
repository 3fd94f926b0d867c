"""Known and unknown people read and cost the same: bytes, statements and rows (R12, R36; ASVS 6.3.8).

Times are measured by `python -m bench.enumeration`.
"""

import itertools
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.access import recovery
from harmattan.core.extensions import db
from tests.browser import Browser, form_data
from tests.real_parts import Statements

ANNE, NOBODY = "anne@grandlarge.example", "anna@grandlarge.example"
ZOE = {"last_name": "Prat", "first_name": "Zoé", "email": "zoe@x.example"}
LONG = "quatre phares sous la marée"
FORMS = {
    "log-in": ("/connexion", {"password": LONG}, {"email": ANNE}, {"email": NOBODY}),
    "temporary": ("/connexion", {"password": "ABCD-EFGH-JKLM-NPQR"}, {"email": ANNE}, {"email": NOBODY}),
    "forgotten": ("/mot-de-passe-oublie", {}, {"email": ANNE}, {"email": NOBODY}),
    "access": ("/acces", ZOE | {"password": LONG}, {"number": "104512"}, {"number": "104513"}),
}
_NETWORKS = itertools.count(1)
Counting = Callable[[], AbstractContextManager[Statements]]


def sent(
    app: Flask, counting: Counting, page: str, fields: dict[str, Any]
) -> tuple[int, str, list[str], Any]:
    """(status, bytes, statements, rows) of the form sent by a browser that nobody knows."""
    browser = Browser(app.test_client()).open(page)
    browser.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{next(_NETWORKS)}"
    form = form_data(browser.form(page)) | fields
    before = rows()
    with counting() as statements:
        answer = browser.client.post(page, data=form)
    body = answer.text + str(answer.headers.get("Location"))
    for said in (*fields.values(), answer.headers["X-Request-Id"]):
        body = body.replace(said, "")
    shapes = [re.sub(r"\s+", " ", text) for text in statements.texts]
    return answer.status_code, re.sub(r'"csrf_token"[^>]*', "", body), shapes, _added(before, rows())


def rows() -> dict[str, int]:
    tables = db.metadata.sorted_tables
    return {
        table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables
    }


def _added(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {table: after[table] - before[table] for table in after if after[table] != before[table]}


@pytest.mark.parametrize("name", FORMS)
def test_known_and_unknown_read_and_cost_the_same(
    app: Flask, people: SimpleNamespace, count_statements: Counting, name: str
) -> None:
    recovery.send({"email": ANNE})
    db.session.commit()
    page, same, known, unknown = FORMS[name]
    theirs, nobodys = (sent(app, count_statements, page, same | fields) for fields in (known, unknown))
    assert theirs == nobodys
    assert theirs[0] in (303, 422)
    assert theirs[2], "statements, so that this test can fail"
