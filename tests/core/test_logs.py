"""One JSON line an event, which nobody can forge."""

import json
import logging
import re

import pytest
from flask import Flask

from harmattan.core import security
from harmattan.core.logs import JsonLines


def line_of(message: str) -> str:
    return JsonLines().format(logging.LogRecord("harmattan.x", logging.INFO, "", 0, message, (), None))


def test_what_users_sent_cannot_begin_a_line_of_its_own() -> None:
    line = line_of('refused\n{"level": "ERROR"}\u2028')
    assert "\n" not in line
    assert json.loads(line)["message"] == 'refused\n{"level": "ERROR"}\u2028'


def test_a_line_carries_the_reference_that_the_error_page_shows(app: Flask) -> None:
    with app.test_request_context("/nulle", method="POST"):
        app.preprocess_request()
        line = json.loads(line_of("refused"))
        assert (line["request"], line["path"], line["method"]) == (security.request_id(), "/nulle", "POST")


def test_the_query_of_an_address_is_not_logged(app: Flask) -> None:
    with app.test_request_context("/acces?jeton=secret"):
        app.preprocess_request()
        assert "secret" not in line_of("refused")


def test_the_secret_word_of_an_address_is_not_logged(app: Flask) -> None:
    """Whoever reads the log could else use the link (ASVS 14.2.1)."""
    for rule in app.url_map.iter_rules():
        if "token" in rule.arguments:
            address = re.sub("<[^>]*>", "s3cr3t-w0rd", rule.rule)
            with app.test_request_context(address):
                app.preprocess_request()
                line = line_of("refused")
                assert "s3cr3t-w0rd" not in line.replace("/pieces/s3cr3t-w0rd", ""), rule
                assert rule.rule.partition("<")[0] in line, rule


def test_a_forged_form_does_not_bring_the_secret_word_into_the_log(
    app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("harmattan"), "propagate", True)
    caplog.set_level("INFO")
    app.test_client().post("/acces/s3cr3t-w0rd/activer")
    assert "a form without its token came to /acces/…/activer" in caplog.text
