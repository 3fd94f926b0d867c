"""The real parts around the portal: PostgreSQL, a server, Chromium, text browsers. A missing one is a skip
that says what to install, and a failure in CI.
"""

import abc
import contextlib
import fcntl
import itertools
import os
import pwd
import re
import shutil
import subprocess
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import flask_migrate
import pexpect
import psycopg
import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import sync_playwright
from sqlalchemy import event
from waitress import wasyncore
from waitress.server import create_server

from harmattan import create_app
from harmattan.core import migrations
from harmattan.core.extensions import db
from tests import cast
from tests.browser import fold
from tests.configuration import MIGRATIONS, SETTINGS

CHROMIUM = "/usr/bin/chromium"
_NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")


def missing(part: str, remedy: str) -> NoReturn:
    """Skip the test for want of a part; in CI fail it."""
    reason = f"{part} is missing: {remedy}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


# statements


@dataclass
class Statements:
    """The SQL statements that were executed, without what begins and ends transactions."""

    texts: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def writes(self) -> list[str]:
        return [
            text for text in self.texts if text.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
        ]

    def __str__(self) -> str:
        return "\n".join(" ".join(text.split())[:200] for text in self.texts)


@pytest.fixture
def count_statements(app: Flask) -> Callable[[], AbstractContextManager[Statements]]:
    """`with count_statements() as statements:` … `assert len(statements) <= 10, statements`"""

    @contextlib.contextmanager
    def counting() -> Iterator[Statements]:
        statements = Statements()

        def note(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
            if not text.lstrip().upper().startswith(_NOT_COUNTED):
                statements.texts.append(text)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return counting


# PostgreSQL


def _postgres_binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        missing("PostgreSQL", "apt-get install postgresql")
    return found[-1].parent


def _unprivileged() -> dict[str, Any]:
    """Whom PostgreSQL runs as: it refuses to be root."""
    if os.geteuid():
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    missing("an unprivileged user", "adduser postgres")


class Cluster:
    """A throw-away PostgreSQL cluster behind a socket in its own folder."""

    TEMPLATE = "migrated"

    def __init__(self, folder: Path):
        self.folder = folder

    def start(self) -> None:
        who = _unprivileged()
        if who:
            os.chown(self.folder, who["user"], who["group"])
        self._run("initdb", "-U", "harmattan", "-A", "trust", "-N", "-E", "UTF8", "--locale=C.UTF-8")
        settings = f"-c listen_addresses= -c unix_socket_directories={self.folder} -c fsync=off"
        self._run("pg_ctl", "-w", "-o", settings, "-l", str(self.folder / "log"), "start")
        self.create(self.TEMPLATE, "template0")
        migrate(self.url(self.TEMPLATE), self.folder)

    def stop(self) -> None:
        self._run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        command = [_postgres_binaries() / program, "-D", self.folder / "data", *arguments]
        done = subprocess.run(
            command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, check=False, **_unprivileged(),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://harmattan@/{name}?host={self.folder}"

    def create(self, name: str, template: str) -> str:
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop(self, name: str) -> None:
        self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        with psycopg.connect(
            f"host={self.folder} user=harmattan dbname=postgres", autocommit=True
        ) as connection:
            connection.execute(statement.encode())


def migrate(url: str, instance: Path) -> None:
    """Bring an empty database to the head of the migrations."""
    app = create_app(SETTINGS | {"SQLALCHEMY_DATABASE_URI": url}, str(instance / "instance"))
    with app.app_context():
        migrations.bind(app)
        flask_migrate.upgrade(MIGRATIONS)
        db.session.remove()
        db.engine.dispose()


@contextlib.contextmanager
def _locked(shared: Path) -> Iterator[None]:
    with (shared / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One cluster for all workers: the first one starts it, the last one stops it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    place, users = shared / "postgres.folder", shared / "postgres.users"
    with _locked(shared):
        if not place.exists():
            _postgres_binaries()
            folder = Path(tempfile.mkdtemp(prefix="harmattan-pg-"))
            Cluster(folder).start()
            place.write_text(str(folder))
        running = Cluster(Path(place.read_text()))
        users.write_text(users.read_text() + "x" if users.exists() else "x")
    yield running
    with _locked(shared):
        users.write_text(users.read_text()[1:])
        if not users.read_text():
            place.unlink()
            running.stop()


@pytest.fixture
def postgres_url(cluster: Cluster) -> Iterator[str]:
    """A database of its own at the head of the migrations."""
    name = f"test-{uuid.uuid4().hex}"
    yield cluster.create(name, Cluster.TEMPLATE)
    cluster.drop(name)


@pytest.fixture
def empty_postgres_url(cluster: Cluster) -> Iterator[str]:
    """A database of its own without any table."""
    name = f"test-{uuid.uuid4().hex}"
    yield cluster.create(name, "template0")
    cluster.drop(name)


# a server, and browsers


@dataclass
class LiveServer:
    url: str
    people: SimpleNamespace
    titles: SimpleNamespace


@pytest.fixture
def live_server(app: Flask, people: SimpleNamespace) -> Iterator[LiveServer]:
    """The test's application behind a real server, with the journeys' people, titles and tariffs."""
    titles = cast.titles()
    cast.tariffs()
    db.session.commit()
    with serving(app) as url:
        yield LiveServer(url, people, titles)


@contextlib.contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The application on a free port of this machine; gives its address."""
    server = create_server(app, host="127.0.0.1", port=0, threads=4, clear_untrusted_proxy_headers=True)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map))
        thread.join(timeout=5)
        server.task_dispatcher.shutdown()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """Chromium without a window; each test opens contexts of its own."""
    if not Path(CHROMIUM).exists():
        missing("Chromium", "apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
        )
        yield browser
        browser.close()


# a text browser


class TextBrowser:
    """A browser in a terminal so high that most pages are one screen, driven by the keys people press."""

    ROWS, COLUMNS = 300, 120
    NAME = ""
    TOP, NEXT_SCREEN = "", " "
    """The keys that lead to the first line, and one screen further down."""
    _CONTROLS = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|[=>78MDEHc])|[\x00-\x1f]")
    _CLEARED = "\x1b[H\x1b[J"

    def __init__(self, home: Path, url: str, path: str):
        self.home, self.url = home, url
        editor = home / "editor"
        editor.write_text('#!/bin/sh\nfor file; do :; done\ncp "$HOME/typed" "$file"\n')
        editor.chmod(0o755)
        settings = {"HOME": str(home), "EDITOR": str(editor), "TERM": "vt100", "LC_ALL": "C.UTF-8"}
        settings |= {"LINES": str(self.ROWS), "COLUMNS": str(self.COLUMNS)}
        self.terminal = pexpect.spawn(
            self.NAME, [*self.options(), url + path], env=os.environ | settings, echo=False,
            dimensions=(self.ROWS, self.COLUMNS), encoding="utf-8", codec_errors="replace",
        )  # fmt: skip

    @abc.abstractmethod
    def options(self) -> list[str]:
        """How it is started."""

    def keys(self, *pressed: str) -> None:
        for each in pressed:
            self.terminal.send(each)

    def screen(self) -> str:
        """What the terminal shows, drawn afresh."""
        self.keys("\x0c")
        drawn = ""
        with contextlib.suppress(pexpect.TIMEOUT):
            while True:
                drawn += self.terminal.read_nonblocking(65536, timeout=0.3)
        return fold(self._CONTROLS.sub(" ", drawn.rpartition(self._CLEARED)[2]))

    def see(self, text: str) -> str:
        """Wait until the page shows the text, scrolling through a long one, and give its screen."""
        shown, pressed = "", ""
        for tried in range(60):
            before, shown = shown, self.screen()
            if text in shown:
                return shown
            if tried > 2:  # the page had its time to come
                at_end = pressed == self.NEXT_SCREEN and shown == before
                pressed = self.TOP if at_end else self.NEXT_SCREEN
                self.keys(pressed)
        raise AssertionError(f"{self.NAME} does not show « {text} »: {shown}")

    @abc.abstractmethod
    def open(self, path: str, shows: str) -> None:
        """Type an address and wait for its page."""

    @abc.abstractmethod
    def fill(self, label: str, text: str) -> None:
        """Write into the field that follows its label."""

    @abc.abstractmethod
    def write(self, label: str, text: str) -> None:
        """Write into the text area that follows its label."""

    @abc.abstractmethod
    def tick(self, label: str) -> None:
        """Tick the box, or choose the radio button, that stands before its label."""

    @abc.abstractmethod
    def press(self, button: str, after: str = "") -> None:
        """Press the button or follow the link, the first one after some text where that is given."""


class W3m(TextBrowser):
    """Fields are found by searching for their label; text areas are written in by the editor."""

    NAME = "w3m"
    TOP = "g"

    def options(self) -> list[str]:
        return ["-cookie", "-o", "confirm_qq=0", "-o", "ignorecase_search=0"]

    def open(self, path: str, shows: str) -> None:
        self.keys("U", "\x15", self.url + path, "\r")
        self.see(shows)

    def fill(self, label: str, text: str) -> None:
        self.keys("g", *self._to(label), "\t", "\r", "\x15", text, "\r")

    def write(self, label: str, text: str) -> None:
        (self.home / "typed").write_text(text)
        self.keys("g", *self._to(label), "\t", "\r")
        self.see(text)

    def tick(self, label: str) -> None:
        self.keys("g", *self._to(label), "\x1b\t", "\r")

    def press(self, button: str, after: str = "") -> None:
        self.keys("g", *self._to(*(text for text in (after, button) if text)), "\r")

    def _to(self, *texts: str) -> Iterator[str]:
        """The keys that search for one text after the other, as our pages write them."""
        return itertools.chain(*(("/", text.replace("'", "’"), "\r") for text in texts))


class Lynx(TextBrowser):
    """Links and fields are numbered; a number and « g » go there, Enter follows."""

    NAME = "lynx"
    TOP = "\x01"

    def options(self) -> list[str]:
        settings = self.home / "lynx.cfg"
        settings.write_text("DEFAULT_KEYPAD_MODE:LINKS_AND_FIELDS_ARE_NUMBERED\n")
        flags = ("accept_all_cookies", "tna", "nopause", "nocolor", "display_charset=utf-8")
        return [f"-cfg={settings}", *(f"-{flag}" for flag in flags)]

    def open(self, path: str, shows: str) -> None:
        self.keys("g", "\x15", self.url + path, "\r", "\x12")
        self.see(shows)

    def fill(self, label: str, text: str) -> None:
        number = self._number(rf"{re.escape(label)}.*?\[(\d+)\]", label)
        self.keys(f"{number}g\r", "\r", "\x15", text, "\t")

    def write(self, label: str, text: str) -> None:
        self.fill(label, text)
        self.see(text)

    def tick(self, label: str) -> None:
        number = self._number(rf"\[(\d+)\] ?[(\[][ *X]?[)\]] ?{re.escape(label)}", label)
        self.keys(f"{number}g\r", "\r")

    def press(self, button: str, after: str = "") -> None:
        wanted = rf"{re.escape(after)}.*?\[(\d+)\] ?(?:[^()\[\]]*\) ?)?{re.escape(button)}"
        self.keys(f"{self._number(wanted, button)}g\r", "\r")

    def _number(self, pattern: str, text: str) -> str:
        found = re.search(pattern, self.see(text), re.DOTALL)
        assert found, f"{pattern}: {self.screen()}"
        return found[1]


@pytest.fixture(params=[W3m, Lynx], ids=lambda browser: browser.NAME)
def text_browser(
    request: pytest.FixtureRequest, live_server: LiveServer, tmp_path: Path
) -> Iterator[Callable[[str], TextBrowser]]:
    """`text_browser("/connexion")`: somebody's text browser, at this page of the live server."""
    opened: list[TextBrowser] = []
    if not shutil.which(request.param.NAME):
        missing(request.param.NAME, f"apt-get install {request.param.NAME}")

    def opening(path: str) -> TextBrowser:
        home = tmp_path / f"home-{len(opened)}"
        home.mkdir()
        opened.append(request.param(home, live_server.url, path))
        opened[-1].see("Aller au contenu")
        return opened[-1]

    yield opening
    for each in opened:
        each.terminal.close(force=True)
