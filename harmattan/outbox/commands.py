"""`flask worker`: sends mail, does the work that requests and days bring, sweeps out what has had its day."""

import datetime as dt
import logging
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

import click
from flask import Flask

from harmattan.core import clock, jobs, registry
from harmattan.core.extensions import db
from harmattan.outbox import service

log = logging.getLogger(__name__)

PAUSE_SECONDS = 1.0
TIDY_EVERY = dt.timedelta(hours=1)
LOOK_EVERY = dt.timedelta(minutes=1)
"""How often the mailbox is asked for mail."""
AGAIN_AFTER = dt.timedelta(minutes=1)
"""How soon one of these two is tried again where it failed."""


def init_app(app: Flask) -> None:
    """Add the command."""
    app.cli.command("worker")(worker)


@click.option("--once", is_flag=True, help="Do what is due, then stop.")
def worker(once: bool) -> None:
    """Send mail and run jobs until told to stop (SIGTERM finishes the work in hand).

    What fails is tried again: a database that is locked, full or away for a while stops neither the worker
    nor the portal that ends with it (F9, F10, F12).
    """
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
                done = _attempt(duty)
                next_time[duty] = clock.now() + (AGAIN_AFTER if done is None else every)
        worked = _attempt(work)
        if once and not worked:
            sys.exit(0 if worked == 0 else 1)
        if not worked:
            time.sleep(PAUSE_SECONDS)


def _attempt(duty: Callable[[], int | None]) -> int | None:
    """How much was done; None where it failed, which is logged."""
    try:
        return duty() or 0
    except Exception:
        log.exception("the worker could not %s", duty.__name__)
        db.session.remove()
        return None


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
