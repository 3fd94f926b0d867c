"""What booksellers and services do all day beside the catalogue: documents, statements, returns, orders."""

import datetime as dt
import html
import re
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bench import data, trade_data
from bench.table import Row, compared, middle
from harmattan import create_app
from harmattan.access.models import Account
from harmattan.billing import drafts, statement_paper, statements
from harmattan.core import clock, database
from harmattan.core.extensions import db
from harmattan.core.places import Territory

if TYPE_CHECKING:
    from bench.__main__ import Bench

SALES, TO_CHECK, LARGE_QUEUE = "marie@equipe.example", 20, 1_000
SCANNED = 500
PAPERS = 5
THIS_YEAR = f"du={clock.today() - dt.timedelta(days=364)}&au={clock.today()}"


def document_list(bench: "Bench") -> Iterator[Row]:
    many, few = (bench.read(client, lambda _n: "/documents") for client in (bench.anne, bench.anne_small))
    yield bench.ratio(f"documents list of {bench.order_count} / bare read", 5, many, bench.read_bare)
    yield bench.ratio(f"documents list, {bench.order_count} documents / 100", 1.2, many, few)


def statement(bench: "Bench") -> Iterator[Row]:
    year = bench.read(bench.paul, lambda _n: f"/releves?{THIS_YEAR}")
    lines = bench.order_count // 5
    yield bench.ratio(f"statement of {lines} lines / bare read", 15, year, bench.read_bare)
    with _reading(bench):
        account = db.session.scalars(sa.select(Account).where(Account.number == "104733")).one()
        told = statements.statement(account.id, clock.today() - dt.timedelta(days=364), clock.today())
        taken = [_processor(lambda: statement_paper.pdf(account, told)) for _ in range(PAPERS)]
    yield f"statement of {told.line_count} lines: its PDF, processor", sorted(taken)[PAPERS // 2], 1.5, "s"


def returns(bench: "Bench") -> Iterator[Row]:
    trade_data.return_of(bench.big, bench.isbns[:SCANNED])
    verdicts = bench.read(bench.anne, lambda _n: "/retours/nouveau")
    name = f"verdicts on {SCANNED} ISBNs, {bench.order_count} lines invoiced / bare read"
    yield bench.ratio(name, 20, verdicts, bench.read_bare)


def tracking(bench: "Bench") -> Iterator[Row]:
    references = trade_data.to_check(bench.big, LARGE_QUEUE)
    page = bench.read(bench.anne, lambda n: f"/commandes/{references[n % len(references)]}")
    yield bench.ratio("tracking page / bare read", 6, page, bench.read_bare)
    queue = bench.read(bench.sales, lambda _n: "/equipe/commandes")
    yield bench.ratio(f"sales' queue of {LARGE_QUEUE} orders / bare read", 6, queue, bench.read_bare)


def small_orders(bench: "Bench") -> Iterator[Row]:
    for lines, limit in ((1, 8), (50, 12)):
        times, bases = [], []
        for _ in range(TO_CHECK):
            data.cart(bench.big, data.ANNE, bench.isbns[:lines])
            bench.anne.ask("GET", "/panier")
            bases += bench.medians(bench.write_bare, rounds=5)
            times.append(bench.taken(partial(_order, bench, bench.order_fields())))
        yield compared(f"order of {lines} lines / bare write", limit, middle(times[1:]), middle(bases))


def validation(bench: "Bench") -> Iterator[Row]:
    times, bases, papers = [], [], []
    with _reading(bench):
        for reference in trade_data.to_check(bench.big, TO_CHECK):
            bases += bench.medians(bench.write_bare, rounds=5)
            _, page = bench.sales.ask("GET", f"/equipe/commandes/{reference}")
            seen = re.search(rb'name="vu" value="([^"]*)"', page)
            assert seen, page[-2000:]
            fields = {"vu": html.unescape(seen[1].decode()), "port": "5,90"}
            times.append(bench.taken(partial(_validate, bench, reference, fields)))
            papers.append(_invoice(bench))
    (taken, processor), (invoice, its_processor) = middle(times[1:]), middle(papers[1:])
    name = f"validation less its invoice ({invoice:.0f} ms) / bare write"
    yield compared(name, 10, (taken - invoice, processor), middle(bases))
    yield "invoice of one page with its XML, processor", its_processor, 150, "ms"


@contextmanager
def _reading(bench: "Bench") -> Iterator[None]:
    """The big instance in this process, without the lock that its service writes under."""
    with create_app(instance_path=str(bench.big)).app_context():
        database.reading()
        yield
        database.writing()


def _order(bench: "Bench", fields: dict[str, str], _number: int) -> None:
    bench.send_order(fields)


def _validate(bench: "Bench", reference: str, fields: dict[str, str], _number: int) -> None:
    status, body = bench.sales.ask("POST", f"/equipe/commandes/{reference}/validation", fields)
    assert status == 303, (status, body[-2000:])


def _invoice(bench: "Bench") -> tuple[float, float]:
    """(milliseconds, those of the processor) of an invoice of three lines, its papers set."""
    account = db.session.scalars(sa.select(Account).where(Account.number == "104512")).one()
    facts = {"price_cents": 2_500, "vat_bp": 550, "discount_bp": 3_600}
    lines = [drafts.Line.sold(f"Le livre {isbn}", isbn, quantity=2, **facts) for isbn in bench.isbns[:3]]
    delivery = drafts.Delivery(Territory.MAINLAND, account.place)
    start = time.perf_counter()
    taken = _processor(lambda: drafts.invoice(account, lines, delivery=delivery, term=account.payment_term))
    return (time.perf_counter() - start) * 1000, taken * 1000


def _processor(work: Callable[[], object]) -> float:
    """Seconds of processor, those of the typesetter's process with them."""
    before = _used()
    work()
    return _used() - before


def _used() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


MEASURES: dict[str, Callable[["Bench"], Iterator[Row]]] = {
    "document_list": document_list,
    "statement": statement,
    "returns": returns,
    "tracking": tracking,
    "small_orders": small_orders,
    "validation": validation,
}
