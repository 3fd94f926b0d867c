"""Work is done once, by whichever worker is there; a bad piece of work stops nobody."""

import datetime as dt
import logging

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.core import clock, jobs
from harmattan.core.extensions import db
from harmattan.core.jobs import Job, WorkState
from tests.cast import MONDAY
from tests.core.test_database import in_threads


def states() -> dict[int, str]:
    """By the order in which they were asked for: what was asked is forgotten once it is done."""
    jobs_in_order = db.session.scalars(sa.select(Job).order_by(Job.id))
    return {place: job.state for place, job in enumerate(jobs_in_order, 1)}


def later(**delay: float) -> None:
    clock.start_at(clock.now() + dt.timedelta(**delay))


def enqueue(*numbers: int, kind: str = "count") -> None:
    for n in numbers:
        jobs.enqueue(kind, {"n": n})
    db.session.commit()


def test_several_workers_take_each_job_once(any_app: Flask) -> None:
    enqueue(*range(40))
    taken: list[int] = []

    def work() -> None:
        while ids := jobs.claim(Job, limit=3):
            taken.extend(ids)

    in_threads(any_app, work)
    assert len(taken) == 40
    assert len(set(taken)) == 40


def test_a_job_is_done_with_its_payload(any_app: Flask) -> None:
    done: list[int] = []
    jobs.handle(any_app, "count", lambda payload: done.append(payload["n"]))
    enqueue(1, 2)
    assert jobs.run_due() == 2
    assert done == [1, 2]
    assert states() == {1: WorkState.DONE, 2: WorkState.DONE}
    assert jobs.run_due() == 0


def test_a_job_is_not_done_before_its_time(app: Flask) -> None:
    jobs.handle(app, "count", lambda _payload: None)
    jobs.enqueue("count", {"n": 1}, run_at=clock.now() + dt.timedelta(hours=1))
    db.session.commit()
    assert jobs.run_due() == 0
    later(hours=1)
    assert jobs.run_due() == 1


def test_the_job_of_a_worker_that_died_is_taken_again_after_its_lease(any_app: Flask) -> None:
    enqueue(1)
    first = jobs.claim(Job)
    later(seconds=60)
    assert not jobs.claim(Job)
    later(seconds=61)
    assert jobs.claim(Job) == first


def test_a_failed_job_is_tried_again_later_and_the_others_go_on(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    def fail_on_one(payload: dict[str, int]) -> None:
        db.session.execute(sa.update(Job).values(kind="undone"))
        if payload["n"] == 1:
            raise ZeroDivisionError

    logging.getLogger("harmattan").propagate = True
    jobs.handle(app, "count", fail_on_one)
    enqueue(1, 2)
    jobs.run_due()
    assert states() == {1: WorkState.WAITING, 2: WorkState.DONE}
    failed = db.session.scalars(sa.select(Job).where(Job.state == WorkState.WAITING)).one()
    assert failed.error == "ZeroDivisionError()"
    assert failed.run_at == MONDAY + jobs.RETRY_AFTER[0] or failed.run_at > clock.now()


@pytest.mark.usefixtures("app")
def test_a_job_is_given_up_after_its_last_try() -> None:
    job = jobs.enqueue("count", {"n": 1})
    db.session.commit()
    waits = []
    while job.state is not WorkState.FAILED:
        assert jobs.claim(Job)
        db.session.refresh(job)
        before = clock.now()
        jobs.fail(job, "no")
        db.session.commit()
        if job.state is WorkState.WAITING:
            waits.append(round((job.run_at - before).total_seconds() / 60))
            later(seconds=(job.run_at - before).total_seconds() + 1)
    assert waits == [1, 5, 30, 120, 360, 1440]


def test_a_job_that_nobody_handles_fails_for_good(app: Flask) -> None:
    enqueue(1, kind="unheard of")
    jobs.run_due()
    assert states() == {1: WorkState.FAILED}


def test_long_work_keeps_its_lease_by_renewing_it(any_app: Flask) -> None:
    claimed_meanwhile: list[object] = []

    def long_work(_payload: dict[str, object]) -> None:
        for _ in range(3):
            later(seconds=90)
            jobs.renew()
            db.session.commit()
        claimed_meanwhile.extend(jobs.claim(Job))

    jobs.handle(any_app, "count", long_work)
    enqueue(1)
    assert jobs.run_due() == 1
    assert claimed_meanwhile == []
    assert states() == {1: WorkState.DONE}


def test_the_work_of_a_day_is_done_once_however_many_workers_there_are(any_app: Flask) -> None:
    done: list[str] = []
    jobs.every_day(any_app, "trial.digest", lambda: done.append(f"{clock.today():%d}"))
    clock.start_at(MONDAY.replace(hour=5, minute=59))

    def work() -> None:
        jobs.start_day()
        db.session.commit()
        jobs.run_due()

    in_threads(any_app, work)
    assert done == []
    later(minutes=1)
    in_threads(any_app, work)
    later(hours=10)
    in_threads(any_app, work)
    assert done == ["23"]
    later(days=1)
    in_threads(any_app, work)
    assert done == ["23", "24"]
