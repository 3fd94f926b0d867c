"""The portal as a process of its own, and a client that reaches it over the wire as a browser does."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from http.cookiejar import CookieJar
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harmattan import serving

ROOT = Path(__file__).parents[1]
PATIENCE_SECONDS = 120


def free_port() -> int:
    with serving.listen(0) as free:
        port: int = free.getsockname()[1]
        return port


@contextlib.contextmanager
def served(
    instance: Path, port: int, environment: Mapping[str, str] | None = None, stderr: Any = None
) -> Iterator[subprocess.Popen[bytes]]:
    """`flask serve` as it is run for real, once it answers."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--port", str(port)]
    told = os.environ | {"HARMATTAN_INSTANCE": str(instance)} | (environment or {})
    with subprocess.Popen(command, cwd=ROOT, env=told, stderr=stderr) as server:
        try:
            answers(port, server)
            yield server
        finally:
            workers = [] if server.poll() is not None else workers_of(server)
            server.kill()
            for worker in workers:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)


def workers_of(server: subprocess.Popen[bytes]) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()]


def answers(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(PATIENCE_SECONDS * 10):
        assert server.poll() is None, "the server has stopped"
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/sante", timeout=10) as answer,
        ):
            assert answer.read() == b"ok"
            return
        time.sleep(0.1)
    pytest.fail("the server does not answer")


class WireClient:
    """What `tests.browser.Browser` needs of a client; while the server is gone it asks again."""

    def __init__(self, port: int):
        self.base = f"http://127.0.0.1:{port}"
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, url: str, headers: Mapping[str, str] = {}, **_how: Any) -> SimpleNamespace:
        return self._ask(urllib.request.Request(self.base + url, headers=dict(headers)))

    def post(
        self, url: str, data: Mapping[str, Any], headers: Mapping[str, str], **_how: Any
    ) -> SimpleNamespace:
        body = urllib.parse.urlencode(data, doseq=True).encode()
        sent = {name: value.replace("http://localhost", self.base) for name, value in headers.items()}
        return self._ask(urllib.request.Request(self.base + url, body, sent))

    def _ask(self, request: urllib.request.Request) -> SimpleNamespace:
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                with self.opener.open(request, timeout=30) as answer:
                    return _read(answer)
            except urllib.error.HTTPError as refusal:
                return _read(refusal)
            except (OSError, http.client.HTTPException):
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)


def _read(answer: Any) -> SimpleNamespace:
    address = urllib.parse.urlsplit(answer.geturl())
    return SimpleNamespace(
        status_code=answer.status,
        text=answer.read().decode(),
        headers=answer.headers,
        mimetype=answer.headers.get_content_type(),
        request=SimpleNamespace(full_path=f"{address.path}?{address.query}"),
    )
