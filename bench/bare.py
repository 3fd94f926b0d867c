"""The yardstick: a Flask page without extensions. It reads the signed session cookie, makes one indexed
SELECT through the raw driver (for a write one UPSERT, committed and synced) and renders 5 kB of HTML.
"""

import sqlite3
import threading
from pathlib import Path

from flask import Flask, render_template_string, request, session

TITLES = 100_000
PAGE = "<!DOCTYPE html><html lang=fr><title>{{ title }}</title><h1>{{ title }}</h1><p>{{ who }}</p>" + (
    "<p>Une ligne de texte, à peu près aussi longue que celles d’une page.</p>\n" * 68
)


def create_app(folder: Path) -> Flask:
    app = Flask("bare")
    app.secret_key = "bench only"
    local = threading.local()

    def connection() -> sqlite3.Connection:
        if not hasattr(local, "connection"):
            local.connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
            local.connection.execute("PRAGMA journal_mode=WAL")
            local.connection.execute("PRAGMA synchronous=FULL")
        return local.connection

    @app.get("/")
    def read() -> str:
        [title] = (
            connection().execute("SELECT title FROM titles WHERE isbn=?", [request.args["isbn"]]).fetchone()
        )
        return render_template_string(PAGE, title=title, who=session.get("who", ""))

    @app.post("/")
    def write() -> str:
        connection().execute(
            "INSERT INTO lines (isbn, quantity) VALUES (?, 1)"
            " ON CONFLICT (isbn) DO UPDATE SET quantity = quantity + 1",
            [request.args["isbn"]],
        )
        return render_template_string(PAGE, title="écrit", who=session.get("who", ""))

    @app.get("/log-in")
    def log_in() -> str:
        session["who"] = "Anne"
        return "ok"

    return app


def fill(folder: Path) -> None:
    with sqlite3.connect(folder / "bare.db") as connection:
        connection.execute("CREATE TABLE titles (isbn TEXT PRIMARY KEY, title TEXT)")
        connection.execute("CREATE TABLE lines (isbn TEXT PRIMARY KEY, quantity INTEGER)")
        rows = ((str(number), f"Titre {number}") for number in range(TITLES))
        connection.executemany("INSERT INTO titles VALUES (?, ?)", rows)
