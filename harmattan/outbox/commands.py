"""`flask worker`: sends mail, does the work that requests and days bring, sweeps out what has had its day."""

import datetime as dt
import signal
import time
from types import FrameType

import click
from flask import Flask

from harmattan.core import clock, jobs, registry
from harmattan.core.extensions import db
from harmattan.outbox import service

PAUSE_SECONDS = 1.0
TIDY_EVERY = dt.timedelta(hours=1)


def init_app(app: Flask) -> None:
    """Add the command."""
    app.cli.command("worker")(worker)


@click.option("--once", is_flag=True, help="Do what is due, then stop.")
def worker(once: bool) -> None:
    """Send mail and run jobs until told to stop (SIGTERM finishes the work in hand)."""
    stopping = False

    def _stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    next_time = clock.now()
    while not stopping:
        if clock.now() >= next_time:
            tidy()
            next_time = clock.now() + TIDY_EVERY
        worked = work()
        if once and not worked:
            return
        if not worked:
            time.sleep(PAUSE_SECONDS)


def work() -> int:
    """One round: every kind of work that is due. Returns how much there was."""
    worked = service.send_due() + jobs.run_due()
    db.session.remove()
    return worked


def tidy() -> None:
    """Ask for the day's work; drop drafts, counters, keys, sessions and jobs that nobody needs any more."""
    jobs.start_day()
    registry.ask_all("worker.sweep")
    db.session.commit()
