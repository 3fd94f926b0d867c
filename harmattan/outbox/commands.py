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
LOOK_EVERY = dt.timedelta(minutes=1)
"""How often the mailbox is asked for mail."""


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
    next_time = dict.fromkeys((tidy, look), clock.now())
    while not stopping:
        for duty, every in ((tidy, TIDY_EVERY), (look, LOOK_EVERY)):
            if clock.now() >= next_time[duty]:
                duty()
                next_time[duty] = clock.now() + every
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


def look() -> None:
    """Look for what comes from outside."""
    registry.ask_all("worker.look")
    db.session.remove()


def tidy() -> None:
    """Ask for the day's work; drop drafts, counters, keys, sessions and jobs that nobody needs any more."""
    jobs.start_day()
    registry.ask_all("worker.sweep")
    db.session.commit()
