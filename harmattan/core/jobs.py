"""Work outside the request: rows that a worker claims under a lease (domain of `flask worker`).

One statement claims on both databases; a worker that dies loses its lease and the row is claimed again.
"""

import datetime as dt
import enum
import logging
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.orm import Mapped, mapped_column

from harmattan.core import clock, database
from harmattan.core.extensions import Base, db

log = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=2)
RETRY_AFTER = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 1440))
"""How long to wait before each further try."""

KEPT_FOR = dt.timedelta(days=30)
DAY_BEGINS = dt.time(6)
"""From when on, Paris time, the work of each day is done."""


class WorkState(enum.StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Claimable:
    """What a table needs so that workers can share its rows."""

    state: Mapped[WorkState] = mapped_column(default=WorkState.WAITING)
    run_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    leased_until: Mapped[dt.datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(sa.Text)


class Job(Claimable, Base):
    """One piece of work of a kind that some area handles."""

    __tablename__ = "jobs"
    __table_args__ = (sa.Index("ix_jobs_state_run_at", "state", "run_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(60))
    key: Mapped[str | None] = mapped_column(sa.String(80), unique=True)
    """Of work that is asked for once, however many ask."""
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[dt.datetime] = mapped_column(default=clock.now)


def try_again(job_id: int) -> bool:
    """Put a failed job back into the queue, as new; False where it has not failed."""
    failed = (Job.id == job_id, Job.state == WorkState.FAILED)
    fresh = {"state": WorkState.WAITING, "run_at": clock.now(), "tries": 0, "error": None}
    return bool(database.changed_rows(sa.update(Job).where(*failed).values(fresh)))


_job_under_way: ContextVar[int | None] = ContextVar("job_under_way", default=None)

Handler = Callable[[dict[str, Any]], None]
Row = TypeVar("Row", bound=Claimable)


def init_app(app: Flask) -> None:
    """Start with no handler."""
    app.extensions["job_handlers"] = {}
    app.extensions["daily_jobs"] = []


def handle(app: Flask, kind: str, handler: Handler) -> None:
    """Let this function do the jobs of a kind. It may commit, and must bear being run again."""
    app.extensions["job_handlers"][kind] = handler


def every_day(app: Flask, kind: str, work: Callable[[], None]) -> None:
    """Let this be done once each day, by whichever worker comes first; the same terms as `handle`."""
    handle(app, kind, lambda _payload: work())
    app.extensions["daily_jobs"].append(kind)


def enqueue(kind: str, payload: dict[str, Any], run_at: dt.datetime | None = None) -> Job:
    """Ask for work in the transaction of the fact that needs it."""
    job = Job(kind=kind, payload=payload, run_at=run_at or clock.now())
    db.session.add(job)
    return job


def start_day() -> None:
    """Ask for the work of this day, unless that was done; the worker asks now and then."""
    wall = clock.in_paris(clock.now())
    if wall.time() < DAY_BEGINS:
        return
    for kind in current_app.extensions["daily_jobs"]:
        job = {"kind": kind, "key": f"{kind} {wall.date()}", "payload": {}, "run_at": clock.now()}
        db.session.execute(database.insert(Job).values(job).on_conflict_do_nothing(index_elements=["key"]))


def claim(table: type[Row], limit: int = 20, only: sa.ColumnElement[bool] | None = None) -> Sequence[Any]:
    """Take due rows, and those whose worker died, for this worker alone; commits. Returns their ids."""
    now = clock.now()
    id_column: Any = table.__table__.c.id  # type: ignore[attr-defined]
    due = sa.or_(
        sa.and_(table.state == WorkState.WAITING, table.run_at <= now),
        sa.and_(table.state == WorkState.RUNNING, table.leased_until < now),
    )
    wanted = due if only is None else due & only
    chosen = (
        sa.select(id_column).where(wanted).order_by(table.run_at, id_column).limit(limit)
    ).with_for_update(skip_locked=True)
    taken = (
        sa.update(table)
        .where(id_column.in_(chosen))
        .values(state=WorkState.RUNNING, leased_until=now + LEASE, tries=table.tries + 1)
        .returning(id_column)
    )
    ids = db.session.scalars(taken, execution_options={"synchronize_session": False}).all()
    db.session.commit()
    return ids


def finish(row: Claimable) -> None:
    """The work is done."""
    row.state, row.leased_until, row.error = WorkState.DONE, None, None


def fail(row: Claimable, reason: str, final: bool = False, at_least: dt.timedelta = dt.timedelta()) -> None:
    """The work failed: try again later, `at_least` so much, or give up where it is final or was tried
    often enough."""
    row.error, row.leased_until = reason[:2000], None
    if final or row.tries > len(RETRY_AFTER):
        row.state = WorkState.FAILED
    else:
        row.state = WorkState.WAITING
        row.run_at = clock.now() + max(RETRY_AFTER[row.tries - 1], at_least)


def renew() -> None:
    """Keep the job under way for another lease, from the next commit on; long work asks now and then."""
    job_id = _job_under_way.get()
    if job_id is not None:
        db.session.execute(
            sa.update(Job).where(Job.id == job_id).values(leased_until=clock.now() + LEASE),
            execution_options={"synchronize_session": False},
        )


def run_due(limit: int = 20) -> int:
    """Do the jobs that are due; returns how many were done.

    Claimed one at a time: behind a long one, the leases of others would run out.
    """
    done = 0
    while done < limit and (ids := claim(Job, limit=1)):
        _run(ids[0])
        done += 1
    return done


def _run(job_id: int) -> None:
    job = db.session.get_one(Job, job_id, populate_existing=True)
    handler: Handler | None = current_app.extensions["job_handlers"].get(job.kind)
    try:
        if handler is None:
            raise LookupError(f"no handler for jobs of kind {job.kind}")
        _job_under_way.set(job_id)
        handler(job.payload)
        done = db.session.get_one(Job, job_id)
        done.payload = {}  # it may hold a secret, and nobody needs it any more
        finish(done)
    except Exception as fault:  # one bad job must not stop the worker
        log.exception("job %s of kind %s failed", job_id, job.kind)
        db.session.rollback()
        fail(db.session.get_one(Job, job_id), repr(fault), final=isinstance(fault, LookupError))
    finally:
        _job_under_way.set(None)
    db.session.commit()


def forget_old() -> None:
    """Drop jobs done long ago; failed ones stay until somebody has looked at them."""
    done_long_ago = (Job.state == WorkState.DONE, Job.created_at < clock.now() - KEPT_FOR)
    db.session.execute(sa.delete(Job).where(*done_long_ago))
