"""One client over one kept connection, and server processes whose memory can be read."""

import http.client
import os
import re
import subprocess
import sys
import uuid
from pathlib import Path
from urllib.parse import urlencode

from tests.cast import PASSWORD


class Client:
    def __init__(self, port: int):
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.cookies: dict[str, str] = {}
        self.token = ""

    def ask(
        self, method: str, path: str, fields: dict[str, str] | None = None, htmx: bool = False
    ) -> tuple[int, bytes]:
        """(status, body); cookies and the token of the last form are kept."""
        headers = {"Cookie": self.cookie} | ({"HX-Request": "true"} if htmx else {})
        body = None
        if method == "POST":
            body = urlencode({"csrf_token": self.token} | (fields or {}))
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = self._answer(method, path, body, headers)
        content = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if found := re.search(rb'name="csrf_token" value="([^"]+)"', content):
            self.token = found[1].decode()
        self.location = answer.getheader("Location") or answer.getheader("HX-Redirect") or ""
        return answer.status, content

    def send_file(self, path: str, field: str, name: str, content: bytes) -> tuple[int, bytes]:
        edge = uuid.uuid4().hex
        head = f'--{edge}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{self.token}\r\n'
        head += f'--{edge}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        kind = f"multipart/form-data; boundary={edge}"
        answer = self._answer("POST", path, body, {"Cookie": self.cookie, "Content-Type": kind})
        self.location = answer.getheader("Location") or ""
        return answer.status, answer.read()

    def _answer(
        self, method: str, path: str, body: str | bytes | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        try:
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()
        except http.client.RemoteDisconnected:  # it had been silent for too long; the next one is new
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def log_in(self, email: str) -> "Client":
        self.ask("GET", "/connexion")
        status, _ = self.ask("POST", "/connexion", {"email": email, "password": PASSWORD})
        assert status == 303, status
        return self


class Server:
    """A web server of ours, with its worker if it has one."""

    def __init__(self, kind: str, folder: Path):
        command = [sys.executable, "-m", "bench.serve", kind, str(folder)]
        as_served = os.environ | {"PYTHONOPTIMIZE": "2"}  # as the README says
        self.process = subprocess.Popen(command, env=as_served, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline()) if self.process.stdout else 0

    @property
    def megabytes(self) -> float:
        """Memory of both processes now, counting once what they share."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return sum(_megabytes(pid, "smaps_rollup", "Pss") for pid in (self.process.pid, *children))

    @property
    def processor_ms(self) -> float:
        """What its threads have worked until now, whatever else the machine does."""
        threads = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e6

    @property
    def peak_mb(self) -> float:
        return _megabytes(self.process.pid, "status", "VmHWM")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)


def _megabytes(pid: int | str, file: str, name: str) -> float:
    text = Path(f"/proc/{pid}/{file}").read_text()
    return int(re.search(rf"^{name}:\s+(\d+)", text, re.MULTILINE)[1]) / 1024  # type: ignore[index]
