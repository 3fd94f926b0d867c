"""The web server and the worker live and end together (`flask serve`)."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from harmattan import serving
from tests.real_parts import migrate

ROOT = Path(__file__).parents[1]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The command as it is run for real, and its worker's process."""
    migrate(f"sqlite:///{tmp_path}/harmattan.db", tmp_path)
    with serving.listen(0) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--port", str(port)]
    environment = os.environ | {"HARMATTAN_INSTANCE": str(tmp_path)}
    with subprocess.Popen(command, cwd=ROOT, env=environment) as server:
        try:
            answers(f"http://127.0.0.1:{port}/sante")
            [worker] = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
            yield server, int(worker)
        finally:
            server.kill()


def answers(url: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(url) as answer:
                assert answer.read() == b"ok"
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server does not answer")


def is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_one_signal_ends_both(service: tuple[subprocess.Popen[bytes], int]) -> None:
    server, worker = service
    server.terminate()
    assert server.wait(timeout=60) == 0
    assert not is_alive(worker)


def test_without_its_worker_the_server_stops_and_says_that_it_failed(
    service: tuple[subprocess.Popen[bytes], int],
) -> None:
    server, worker = service
    os.kill(worker, signal.SIGKILL)
    assert server.wait(timeout=60) == 1
