"""The web server and the worker live and end together (`flask serve`); what kills them loses no order."""

import contextlib
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.core.extensions import db
from harmattan.orders.models import Order, OrderLine
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.browser import Browser
from tests.real_parts import migrate
from tests.wire import PATIENCE_SECONDS, WireClient, answers, free_port, served, workers_of

T1 = "9782343000015"
Service = tuple[subprocess.Popen[bytes], int]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """The command as it is run for real, and its worker's process."""
    migrate(f"sqlite:///{tmp_path}/harmattan.db", tmp_path)
    with served(tmp_path, free_port()) as server:
        [worker] = workers_of(server)
        yield server, worker


def is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_one_signal_ends_both(service: Service) -> None:
    server, worker = service
    server.terminate()
    assert server.wait(timeout=60) == 0
    assert not is_alive(worker)


def test_without_its_worker_the_server_stops_and_says_that_it_failed(service: Service) -> None:
    server, worker = service
    os.kill(worker, signal.SIGKILL)
    assert server.wait(timeout=60) == 1


def test_a_server_that_is_killed_leaves_no_worker_behind(service: Service) -> None:
    server, worker = service
    server.kill()
    for _ in range(PATIENCE_SECONDS * 10):
        if not is_alive(worker):
            return
        time.sleep(0.1)
    pytest.fail("the worker goes on alone")


def test_lines_that_never_end_keep_nobody_waiting(service: Service) -> None:
    """F24: many more slow lines than there are threads."""
    server, _ = service
    port = int(server.args[-1])  # type: ignore[index]
    with contextlib.ExitStack() as slow:
        for _ in range(300):
            line = slow.enter_context(socket.create_connection(("127.0.0.1", port)))
            line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        answers(port, server)


def test_a_log_that_takes_no_more_stops_nothing(app: Flask, people: object, tmp_path: Path) -> None:
    """F30: what is refused is logged, to a disk that is full."""
    db.session.commit()
    port = free_port()
    with Path("/dev/full").open("wb") as full, served(tmp_path, port, stderr=full) as server:
        browser = Browser(WireClient(port)).log_in("anne@grandlarge.example")  # type: ignore[arg-type]
        assert browser.open("/equipe/commandes").status == 403
        assert browser.open("/").status == 200
        assert server.poll() is None


# orders while the server is killed


class Shopper(threading.Thread):
    """Orders again and again until told to stop; each order carries a reference of its own."""

    def __init__(self, port: int, email: str):
        super().__init__(daemon=True)
        self.email, self.port = email, port
        self.is_open = True
        self.acknowledged: dict[str, str] = {}
        """The reference of ours that each reference of the shop's was answered with."""
        self.fault: BaseException | None = None

    def run(self) -> None:
        try:
            browser = Browser(WireClient(self.port)).log_in(self.email)  # type: ignore[arg-type]
            while self.is_open:
                self._order(browser, f"{self.email[:4]}-{len(self.acknowledged)}")
        except BaseException as fault:
            self.fault = fault

    def _order(self, browser: Browser, own_reference: str) -> None:
        browser.open("/").submit("/panier/lignes", isbn=T1, quantity="1")
        browser.open("/panier").submit("/panier", own_reference=own_reference)
        browser.open("/commandes/verifier").submit("/commandes")
        assert browser.url.startswith("/commandes/CMD-"), browser.text
        self.acknowledged[own_reference] = browser.url.rpartition("/")[2]


def test_no_order_is_lost_or_doubled_when_the_server_is_killed(
    app: Flask, people: object, tmp_path: Path
) -> None:
    """F1, F29: kill -9 in the middle of orders, and an orderly restart; shops ask again, as people do."""
    cast.titles().t1.stock = 10_000
    cast.tariffs()
    db.session.commit()
    db.session.remove()
    port = free_port()
    cheap = {"HARMATTAN_DEMO": "1", "HARMATTAN_CLOCK": "2026-11-23T10:00", "HARMATTAN_THROTTLE": "1000"}
    shoppers = [Shopper(port, email) for email in ("karim@grandlarge.example", "paul@quais.example")]
    for ending in (signal.SIGKILL, signal.SIGTERM, signal.SIGKILL, None):
        with served(tmp_path, port, cheap) as server:
            for shopper in shoppers:
                if shopper.ident is None:
                    shopper.start()
            wait_for_more_orders(shoppers)
            if ending is None:
                for shopper in shoppers:
                    shopper.is_open = False
                    shopper.join(PATIENCE_SECONDS)
            else:
                server.send_signal(ending)
                server.wait(timeout=60)
    assert [shopper.fault for shopper in shoppers] == [None, None]
    acknowledged = shoppers[0].acknowledged | shoppers[1].acknowledged
    kept = db.session.execute(sa.select(Order.own_reference, Order.reference)).all()
    assert sorted(map(tuple, kept)) == sorted(acknowledged.items())
    told = db.session.scalars(sa.select(OutboxMessage.subject_reference).filter_by(kind="order_recorded"))
    assert sorted(told) == sorted(acknowledged.values())
    with_lines = db.session.scalar(sa.select(sa.func.count(OrderLine.order_id.distinct())))
    assert with_lines == len(acknowledged)


def wait_for_more_orders(shoppers: list[Shopper], more: int = 3) -> None:
    """Each of them has so many orders more."""
    wanted = [len(shopper.acknowledged) + more for shopper in shoppers]
    for _ in range(PATIENCE_SECONDS * 20):
        if all(len(each.acknowledged) >= goal for each, goal in zip(shoppers, wanted, strict=True)):
            return
        assert [each.fault for each in shoppers] == [None, None]
        time.sleep(0.05)
    pytest.fail("no orders")
