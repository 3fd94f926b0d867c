"""Carry a run out: check the whole file, then write it batch by batch, each in a transaction of its own.

A run that is cut short is started again and goes on after the last batch it committed; a file imported
twice changes nothing the second time.
"""

import itertools
import logging
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import sqlalchemy as sa

from harmattan.catalogue import schedule
from harmattan.catalogue import service as catalogue
from harmattan.core import audit, clock, database, jobs, links
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.imports import files, onix, plan, record, rules, service, store
from harmattan.imports.models import CatalogueImport
from harmattan.imports.record import Record, Rejection
from harmattan.imports.rules import Action
from harmattan.outbox import service as outbox

log = logging.getLogger(__name__)

Batch = list[Record | Rejection]
Progress = Callable[[CatalogueImport], None]


def job(payload: dict[str, Any]) -> None:
    """What the worker does with a job of kind `imports.run`."""
    run = db.session.scalars(sa.select(CatalogueImport).filter_by(reference=payload["reference"])).one()
    carry_out(run)


def carry_out(run: CatalogueImport, progress: Progress = lambda _run: None) -> None:
    """Do the run to its end, or refuse its file; commits after each batch."""
    if run.state.is_final:
        return
    service.act(run, Action.START)
    run.started_at = run.started_at or clock.now()
    db.session.commit()
    try:
        service.refuse_older(run)
        with run.file.open("rb") as stream:
            _check(run, stream)
            _import(run, stream, progress)
    except (onix.UnreadableFile, service.OlderMessage, OSError) as fault:
        _refuse(run, fault)
    else:
        _finish(run)


def _check(run: CatalogueImport, stream: BinaryIO) -> None:
    """Read the file to its end before anything is written: a broken one changes nothing."""
    db.session.commit()
    total = onix.count_records(stream)
    if not total:
        raise onix.UnreadableFile("Le message ne contient aucune notice : rien n’a été changé")
    database.writing()
    run.total = total
    jobs.renew()
    db.session.commit()


def _import(run: CatalogueImport, stream: BinaryIO, progress: Progress) -> None:
    for batch in _batches(run, stream):
        _write(run, batch)
        progress(run)


def _batches(run: CatalogueImport, stream: BinaryIO) -> Iterator[Batch]:
    """What is left to do, read and understood outside any transaction."""
    header, today = onix.read_header(stream), clock.today()
    numbered = enumerate(itertools.islice(onix.records(stream), run.read, None), run.read + 1)
    read = (record.read(node, position, header, today) for position, node in numbered)
    while batch := list(itertools.islice(read, rules.BATCH)):
        yield batch


def _write(run: CatalogueImport, batch: Batch) -> None:
    now = clock.now()
    schedule.only_writer(db.session())
    known, holders = store.known(batch)
    planned = plan.decide(batch, known, holders, now)
    if not run.dry_run:
        store.write(planned, now)
    store.report(run, planned, len(batch))
    jobs.renew()
    db.session.commit()


def _refuse(run: CatalogueImport, fault: Exception) -> None:
    db.session.rollback()
    service.act(run, Action.REFUSE)
    run.message = (
        "Le fichier n’est plus à sa place : envoyez-le de nouveau"
        if isinstance(fault, OSError)
        else str(fault)
    )
    log.info("import %s refused: %s", run.reference, fault)
    _end(run)


def _finish(run: CatalogueImport) -> None:
    service.act(run, Action.FINISH)
    if not run.dry_run:
        schedule.begin_today()  # a day may have begun since the file was read
        catalogue.rebuild_vocabulary()
    _end(run)


def _end(run: CatalogueImport) -> None:
    """The last commit: the time, the mail to whoever asked, and the file is no longer needed."""
    run.finished_at = clock.now()
    path, keep = run.file, service.can_be_applied(run)
    if not keep:
        run.path = ""
    audit.record("imports.end", run.reference, actor=run.requested_by_name, state=run.state.value)
    if run.requested_by:
        outbox.queue(
            "import_ended",
            run.requested_by.email,
            service=Service.SETTINGS,
            reference=run.reference,
            run=run,
            page=links.absolute("staff.imports.show", reference=run.reference),
        )
    db.session.commit()
    if not keep:
        files.discard(path)


def forget_abandoned_files() -> None:
    """Remove the files of dry runs that nobody applied in time."""
    for run in service.abandoned(clock.now()):
        files.discard(run.file)
        run.path = ""
