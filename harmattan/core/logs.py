"""Logs: one JSON line an event on standard error, with the request's id and no secret (ASVS 16)."""

import datetime as dt
import json
import logging

from flask import Flask, has_request_context, request

from harmattan.core import security


class JsonLines(logging.Formatter):
    """Line breaks in what users sent cannot forge a line: JSON escapes them."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context():
            line |= {"request": security.request_id(), "path": security.shown_path()}
            line["method"] = request.method
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def init_app(app: Flask) -> None:
    """Write the portal's own events; the server in front keeps the access log."""
    portal = logging.getLogger("harmattan")
    if not portal.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(JsonLines())
        portal.addHandler(handler)
        portal.setLevel(logging.INFO)
        portal.propagate = False
    app.logger.handlers = portal.handlers
