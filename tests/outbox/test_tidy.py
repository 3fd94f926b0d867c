"""What has had its day is swept out by the worker, and nothing else."""

import datetime as dt

import sqlalchemy as sa
from flask import Flask

from harmattan.access.models import LoginSession
from harmattan.core import clock, jobs, once, throttle
from harmattan.core.drafts import Draft
from harmattan.core.extensions import db
from harmattan.core.jobs import Job
from harmattan.core.once import OneTimeKey
from harmattan.core.throttle import ThrottleCount
from harmattan.outbox import commands
from tests import cast
from tests.browser import Browser


def leave_something_behind(app: Flask, word: str) -> None:
    """A draft, a counter, a key, a session and a job that is done."""
    browser = Browser(app.test_client())
    browser.open("/connexion").url = "/panier"
    browser.post("/panier", comment=word)
    browser.log_in("anne@grandlarge.example")
    throttle.count(word, 1, dt.timedelta(hours=1))
    once.remember(word, "/")
    jobs.finish(jobs.enqueue("trial", {}))
    db.session.flush()
    db.session.execute(sa.update(Job).values(created_at=clock.now()).where(Job.kind == "trial"))
    db.session.commit()


def left() -> list[int]:
    tables = (Draft, ThrottleCount, OneTimeKey, LoginSession)
    trials = sa.select(sa.func.count()).select_from(Job).where(Job.kind == "trial")  # not the day's work
    counts = [*(sa.select(sa.func.count()).select_from(table) for table in tables), trials]
    return [db.session.scalar(count) or 0 for count in counts]


def test_the_worker_sweeps_what_nobody_needs_any_more(app: Flask) -> None:
    cast.everybody()
    leave_something_behind(app, "alt")
    before = left()
    assert all(before)
    commands.tidy()
    assert left() == before
    clock.start_at(clock.now() + dt.timedelta(days=31))
    commands.tidy()
    assert left() == [0, 0, 0, 0, 0]


def test_work_that_failed_stays_until_somebody_looks(app: Flask) -> None:
    jobs.fail(jobs.enqueue("trial", {}), "no", final=True)
    db.session.commit()
    clock.start_at(clock.now() + dt.timedelta(days=31))
    commands.tidy()
    assert left()[-1] == 1
