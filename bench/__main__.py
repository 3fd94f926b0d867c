"""`python -m bench [--quick] [--data FOLDER] [--only MEASURE…]`: the speed table, as ratios to a bare page.

All measures with their limits, or the ones named; a folder that is named keeps the data for the next run.
"""

import argparse
import gzip
import html
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from urllib.parse import quote

from bench import bare, data
from bench.client import Client, Server, medians

RESULTS = Path(__file__).parent / "results.json"
FEW_ORDERS = 100
"""Enough to fill a page of the list: the same page is compared, over another history."""
LARGE_ORDERS = 15
Row = tuple[str, float, float, str]
"""(measure, value, limit, unit)"""
MEASURES = (
    *("pages", "order_list", "cart", "large_cart", "large_order", "memory"),
    *("large_list", "imports", "weight"),
)
"""Parts of the table, in the order in which they are measured: memory once the web process has worked."""


class Bench:
    def __init__(self, folder: Path, titles: int, orders: int, rounds: int):
        self.rounds, self.titles, self.order_count = rounds, titles, orders
        self.big, self.small, self.bare_folder = folder / "big", folder / "small", folder / "bare"
        self.imported = self._filled(self.big, titles, orders)
        self._filled(self.small, titles // 10, FEW_ORDERS)
        if not self.bare_folder.exists():
            self.bare_folder.mkdir()
            bare.fill(self.bare_folder)
        self.isbns = data.isbns(self.big, 600)
        self.queries = data.queries(self.big, 200)
        self.servers = [
            Server("-m", "bench.serve", kind, str(where))
            for kind, where in (("portal", self.big), ("portal", self.small), ("bare", self.bare_folder))
        ]
        self.worker = Server("-m", "flask", "--app", "wsgi", "worker", port=False, instance=self.big)
        self.anne = Client(self.servers[0].port).log_in(data.ANNE)
        self.paul = Client(self.servers[0].port).log_in(data.PAUL)
        self.anne_small = Client(self.servers[1].port).log_in(data.ANNE)
        self.plain = Client(self.servers[2].port)
        self.plain.ask("GET", "/log-in")

    def _filled(self, folder: Path, titles: int, orders: int) -> list[float]:
        """[seconds, seconds of processor, peak in MB] of the import, which is kept with its data."""
        figures = folder / "import.json"
        if not figures.exists():
            folder.mkdir()
            figures.write_text(json.dumps(self._fill(folder, titles, orders)))
        return list(json.loads(figures.read_text()))

    def _fill(self, folder: Path, titles: int, orders: int) -> list[float]:
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
        data.stock(folder)
        data.orders(folder, orders)
        return [taken, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024]

    def stop(self) -> None:
        for server in (*self.servers, self.worker):
            server.stop()

    # what is asked

    def read_bare(self, number: int) -> None:
        self.plain.ask("GET", f"/?isbn={number}")

    def write_bare(self, number: int) -> None:
        self.plain.ask("POST", f"/?isbn={number % 20}")

    def read(self, client: Client, address: Callable[[int], str]) -> Callable[[int], None]:
        def ask(number: int) -> None:
            status, _ = client.ask("GET", address(number))
            assert status == 200, (status, address(number))

        return ask

    def change(self, client: Client, isbn: str) -> Callable[[int], None]:
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

    def ratio(
        self, name: str, limit: float, work: Callable[[int], None], yardstick: Callable[[int], None]
    ) -> Row:
        base, taken = medians(yardstick, work, rounds=self.rounds)
        return f"{name} ({taken:.1f} ms over {base:.2f})", taken / base, limit, "×"

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
        data.cart(self.big, data.ANNE, self.isbns[:500])
        self._order()  # the first one warms up
        times, bases = [], []
        for _ in range(LARGE_ORDERS):
            data.cart(self.big, data.ANNE, self.isbns[:500])
            self.anne.ask("GET", "/panier")
            bases += medians(self.write_bare, rounds=20)
            times.append(self._order())
        base, taken = median(bases), median(times)
        name = f"order of 500 lines in 3 requests / bare write ({taken:.0f} ms over {base:.2f})"
        yield name, taken / base, 40, "×"

    def _order(self) -> float:
        """Milliseconds of the check page, the order and its page."""
        start = time.perf_counter()
        status, page = self.anne.ask("GET", "/commandes/verifier")
        assert status == 200, status
        form = page[page.index(b'action="/commandes"') :]
        fields = {
            name.decode(): html.unescape(value.decode())
            for name, value in re.findall(rb'name="([^"]+)" value="([^"]*)"', form)
        }
        status, body = self.anne.ask("POST", "/commandes", fields)
        assert status == 303, (status, body[-2000:])
        status, _ = self.anne.ask("GET", self.anne.location)
        assert status == 200, status
        return (time.perf_counter() - start) * 1000

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
        for kind in ("Pss", "Rss"):
            both = self.servers[0].megabytes(kind) + self.worker.megabytes(kind)
            yield f"web and worker after load, {kind.upper()}", both, 160, "MB"

    def rows(self, measures: Sequence[str]) -> Iterator[Row]:
        for measure in measures:
            try:
                yield from getattr(self, measure)()
            except Exception:
                traceback.print_exc()
                yield f"{measure}: could not be measured", float("nan"), 0, ""


def show(rows: Iterator[Row]) -> list[Row]:
    kept = []
    print(f"{'measure':70} {'value':>9} {'limit':>7}")
    for name, value, limit, unit in rows:
        print(f"{name:70} {value:9.2f} {limit:7g} {unit:2} {'ok' if value <= limit else 'OVER'}", flush=True)
        kept.append((name, value, limit, unit))
    return kept


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    options.add_argument("--quick", action="store_true", help="a tenth of the data, fewer rounds")
    options.add_argument("--data", type=Path, help="where the data is kept, or found from the last time")
    options.add_argument("--only", nargs="+", choices=MEASURES, default=MEASURES, help="these measures")
    asked = options.parse_args()
    os.environ["HARMATTAN_THROTTLE"] = "1000000"
    with tempfile.TemporaryDirectory(prefix="harmattan-bench-") as passing:
        size = (10_000, 1_000, 60) if asked.quick else (100_000, 10_000, 200)
        bench = Bench(asked.data or Path(passing), *size)
        try:
            kept = show(bench.rows([name for name in MEASURES if name in asked.only]))
        finally:
            bench.stop()
    if asked.only == MEASURES:
        RESULTS.write_text(json.dumps(kept, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
