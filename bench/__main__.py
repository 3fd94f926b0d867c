"""`python -m bench [--quick] [--data FOLDER] [--only MEASURE…]`: the speed table, as ratios to a bare page.

All measures with their limits, or the ones named; a folder that is named keeps the data for the next run.
"""

import argparse
import gzip
import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from urllib.parse import quote

from bench import bare, data, trade, trade_data
from bench.client import Client, Server
from bench.table import Row, Work, compared, middle, show

RESULTS = Path(__file__).parent / "results.json"
FEW_ORDERS = 100
"""Enough to fill a page of the list: the same page is compared, over another history."""
LARGE_ORDERS = 15
TITLES_SOLD = 4_000
"""How many titles the invoices of an account are about."""
WARM_UP = 3
"""Rounds before the first that counts."""
MEASURES = (
    *("pages", "order_list", "cart", "large_cart", "large_order", "memory"),
    *("large_list", "imports", "weight"),
    *trade.MEASURES,
)
"""Parts of the table, in the order in which they are measured: memory once the web process has worked."""


class Bench:
    def __init__(self, folder: Path, kept: Path, titles: int, orders: int, rounds: int):
        self.rounds, self.titles, self.order_count = rounds, titles, orders
        self.big, self.small, self.bare_folder = folder / "big", folder / "small", folder / "bare"
        self.imported = self._fill(self.big, kept / "big", titles, orders)
        self._fill(self.small, kept / "small", titles // 10, FEW_ORDERS)
        self.bare_folder.mkdir()
        bare.fill(self.bare_folder)
        self.isbns = data.isbns(self.big, 600)
        trade_data.documents(self.big, data.isbns(self.big, TITLES_SOLD), orders, orders // 5)
        trade_data.documents(self.small, self.isbns, FEW_ORDERS, FEW_ORDERS)
        self.queries = data.queries(self.big, 200)
        self.servers = [
            Server(kind, where)
            for kind, where in (("portal", self.big), ("portal", self.small), ("bare", self.bare_folder))
        ]
        self.anne = Client(self.servers[0].port).log_in(data.ANNE)
        self.paul = Client(self.servers[0].port).log_in(data.PAUL)
        self.anne_small = Client(self.servers[1].port).log_in(data.ANNE)
        self.sales = Client(self.servers[0].port).log_in(trade.SALES)
        self.plain = Client(self.servers[2].port)
        self.plain.ask("GET", "/log-in")

    def _fill(self, folder: Path, kept: Path, titles: int, orders: int) -> list[float]:
        """Copy the data that is kept, or make it; the figures of its import."""
        figures = kept / "import.json"
        if not figures.exists():
            kept.mkdir(parents=True)
            figures.write_text(json.dumps(self._make(kept, titles, orders)))
        shutil.copytree(kept, folder)
        (folder / "config.py").write_text("from harmattan.demo.house import LEGAL_FACTS as HOUSE\n")
        data.migrate(folder)
        return list(json.loads(figures.read_text()))

    def _make(self, folder: Path, titles: int, orders: int) -> list[float]:
        """[seconds, seconds of processor, peak in MB] of the import of so many titles, and the orders."""
        data.prepare(folder)
        message = folder / "message.xml"
        data.write_onix(folder, message, titles)
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "catalogue", "import", str(message)]
        environment = os.environ | {"HARMATTAN_INSTANCE": str(folder)}
        start = time.perf_counter()
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        taken = time.perf_counter() - start
        assert process.returncode == 0, "the import failed"
        message.unlink()
        data.stock(folder)
        data.orders(folder, orders)
        return [taken, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024]

    def stop(self) -> None:
        for server in self.servers:
            server.stop()

    def taken(self, work: Work, number: int = 0) -> tuple[float, float]:
        """(milliseconds, those of the servers' processors) of one piece of work."""
        start, worked = time.perf_counter(), sum(server.processor_ms for server in self.servers)
        work(number)
        end = time.perf_counter()
        return (end - start) * 1000, sum(server.processor_ms for server in self.servers) - worked

    def medians(self, *works: Work, rounds: int = 0) -> list[tuple[float, float]]:
        """The same of each piece of work, done in turn so that all meet the same machine."""
        times: list[list[tuple[float, float]]] = [[] for _ in works]
        for number in range((rounds or self.rounds) + WARM_UP):
            for taken, work in zip(times, works, strict=True):
                taken.append(self.taken(work, number))
        return [middle(taken[WARM_UP:]) for taken in times]

    # what is asked

    def read_bare(self, number: int) -> None:
        self.plain.ask("GET", f"/?isbn={number}")

    def write_bare(self, number: int) -> None:
        self.plain.ask("POST", f"/?isbn={number % 20}")

    def read(self, client: Client, address: Callable[[int], str]) -> Work:
        def ask(number: int) -> None:
            status, _ = client.ask("GET", address(number))
            assert status == 200, (status, address(number))

        return ask

    def change(self, client: Client, isbn: str) -> Work:
        def ask(number: int) -> None:
            status, body = client.ask(
                "POST",
                f"/panier/lignes/{isbn}",
                {f"q-{isbn}": str(1 + number % 9), f"w-{isbn}": str(1 + (number - 1) % 9)},
                htmx=True,
            )
            assert status == 200, (status, body[:300])
            assert f'id="line-{isbn}"'.encode() in body, body[:300]
            self.answer_bytes = len(body)

        return ask

    def ratio(self, name: str, limit: float, work: Work, yardstick: Work) -> Row:
        return compared(name, limit, *self.medians(work, yardstick))

    # the table

    def pages(self) -> Iterator[Row]:
        search = self.read(self.anne, lambda n: "/catalogue?q=" + quote(self.queries[n % len(self.queries)]))
        yield self.ratio("search page / bare read", 10, search, self.read_bare)
        small = self.read(
            self.anne_small, lambda n: "/catalogue?q=" + quote(self.queries[n % len(self.queries)])
        )
        yield self.ratio(f"search, {self.titles} titles / {self.titles // 10}", 1.2, search, small)
        title = self.read(self.anne, lambda n: f"/catalogue/{self.isbns[n % len(self.isbns)]}")
        yield self.ratio("title page / bare read", 5, title, self.read_bare)

    def order_list(self) -> Iterator[Row]:
        many = self.read(self.anne, lambda _n: "/commandes")
        few = self.read(self.anne_small, lambda _n: "/commandes")
        yield self.ratio(f"order list, {self.order_count} orders / {FEW_ORDERS}", 1.2, many, few)

    def cart(self) -> Iterator[Row]:
        data.cart(self.big, data.ANNE, self.isbns[:20])
        shown = self.read(self.anne, lambda _n: "/panier")
        yield self.ratio("cart page, 20 lines / bare read", 6, shown, self.read_bare)
        self.anne.ask("GET", "/panier")
        yield self.ratio(
            "change a quantity / bare write", 5, self.change(self.anne, self.isbns[0]), self.write_bare
        )

    def large_cart(self) -> Iterator[Row]:
        data.cart(self.big, data.ANNE, self.isbns[:500])
        data.cart(self.big, data.PAUL, self.isbns[:1])
        for client in (self.anne, self.paul):
            client.ask("GET", "/panier")
        one = self.change(self.paul, self.isbns[0])
        yield self.ratio("change in 500 lines / in 1 line", 1.3, self.change(self.anne, self.isbns[0]), one)
        yield "its answer", self.answer_bytes / 1000, 2, "kB"

    def large_order(self) -> Iterator[Row]:
        times, bases = [], []
        titles = data.isbns(self.big, 500 * (LARGE_ORDERS + 1))
        for number in range(LARGE_ORDERS + 1):
            data.cart(self.big, data.ANNE, titles[500 * number : 500 * (number + 1)])
            self.anne.ask("GET", "/panier")
            bases += self.medians(self.write_bare, rounds=20)
            times.append(self.order_taken())
        order, base = middle(times[1:]), middle(bases)  # the first one warms up
        yield compared("order of 500 lines in 3 requests / bare write", 40, order, base)

    def order_taken(self) -> tuple[float, float]:
        """`taken` of the check page, the order and its page; what a browser does in between is not ours."""
        checked = self.taken(self.read(self.anne, lambda _: "/commandes/verifier"))
        fields = self.order_fields()
        placed = self.taken(partial(self._place, fields))
        return checked[0] + placed[0], checked[1] + placed[1]

    def _place(self, fields: dict[str, str], _number: int) -> None:
        """The order and its page."""
        self.send_order(fields)
        status, _ = self.anne.ask("GET", self.anne.location)
        assert status == 200, status

    def order_fields(self) -> dict[str, str]:
        """What the check page sends."""
        status, page = self.anne.ask("GET", "/commandes/verifier")
        assert status == 200, status
        form = page[page.index(b'action="/commandes"') :]
        return {
            name.decode(): html.unescape(value.decode())
            for name, value in re.findall(rb'name="([^"]+)" value="([^"]*)"', form)
        }

    def send_order(self, fields: dict[str, str]) -> None:
        """Place the order."""
        status, body = self.anne.ask("POST", "/commandes", fields)
        assert status == 303, (status, body[-2000:])

    def large_list(self) -> Iterator[Row]:
        data.cart(self.big, data.PAUL, self.isbns[:1])
        self.paul.ask("GET", "/panier/liste")
        before = self.servers[0].peak_mb
        lines = "".join(f"{self.isbns[n % len(self.isbns)]};{1 + n % 9}\r\n" for n in range(5000)).encode()
        start = time.perf_counter()
        status, body = self.paul.send_file("/panier/liste", "fichier", "liste.csv", lines)
        assert status == 303, (status, body[-1500:])
        status, _ = self.paul.ask("GET", self.paul.location)
        assert status == 200, status
        yield "5,000-line list: review ready", time.perf_counter() - start, 1.5, "s"
        yield "5,000-line list: memory added", self.servers[0].peak_mb - before, 100, "MB"

    def imports(self) -> Iterator[Row]:
        seconds, processor, peak = self.imported
        yield "ONIX import, seconds for 3,000 records", 3000 * seconds / self.titles, 1, "s"
        yield "ONIX import, processor seconds for 3,000 records", 3000 * processor / self.titles, 1, "s"
        yield f"ONIX import, memory at {self.titles} records", peak, 200, "MB"

    def weight(self) -> Iterator[Row]:
        _, page = self.anne.ask("GET", "/")
        files = re.findall(rb'(?:href|src)="(/static/[^"]+\.(?:css|js))"', page)
        contents = {name: self.anne.ask("GET", name.decode())[1] for name in files}
        total = sum(len(gzip.compress(content)) for content in (page, *contents.values()))
        yield "first load, gzip", total / 1000, 30, "kB"
        yield "first load, requests", 1 + len(contents), 3, ""
        yield (
            "stylesheet",
            sum(len(text) for name, text in contents.items() if name.endswith(b"css")) / 1000,
            14,
            "kB",
        )

    def memory(self) -> Iterator[Row]:
        yield "web and worker after load, what they share counted once", self.servers[0].megabytes, 160, "MB"

    def rows(self, measures: Sequence[str]) -> Iterator[Row]:
        for measure in measures:
            try:
                yield from (
                    trade.MEASURES[measure](self) if measure in trade.MEASURES else getattr(self, measure)()
                )
            except Exception:
                traceback.print_exc()
                yield f"{measure}: could not be measured", float("nan"), 0, ""


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    options.add_argument("--quick", action="store_true", help="a tenth of the data, fewer rounds")
    options.add_argument("--data", type=Path, help="where the data is kept for the next time")
    options.add_argument("--only", nargs="+", choices=MEASURES, default=MEASURES, help="these measures")
    asked = options.parse_args()
    os.environ["HARMATTAN_THROTTLE"] = "1000000"
    with tempfile.TemporaryDirectory(prefix="harmattan-bench-") as name:
        folder = Path(name)
        size = (10_000, 1_000, 60) if asked.quick else (100_000, 10_000, 200)
        bench = Bench(folder, asked.data or folder / "kept", *size)
        try:
            kept = show(bench.rows([name for name in MEASURES if name in asked.only]))
        finally:
            bench.stop()
    if asked.only == MEASURES:
        RESULTS.write_text(json.dumps(kept, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
