"""Ask for imports: of a file that was sent, of a dry run that reads well."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from harmattan.access.models import User
from harmattan.core import audit, clock, jobs, numbering
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.imports import rules
from harmattan.imports.files import StoredFile
from harmattan.imports.models import CatalogueImport, ImportRemark
from harmattan.imports.onix import Header
from harmattan.imports.rules import Action, RunState

JOB = "imports.run"
COMMAND_LINE = "ligne de commande"
RUNS_SHOWN, REMARKS_A_PAGE = 50, 50


class OlderMessage(Refusal):
    """A later message of this sender has been applied already (domain.md §2.2)."""

    title = "Ce message est plus ancien que le dernier importé"


class NotADryRun(Refusal):
    """Only a dry run that came to its end can be applied."""

    title = "Cet import ne peut pas être appliqué"


def receive(
    file: StoredFile, header: Header, *, by: User | None, dry_run: bool, forced: bool = False
) -> CatalogueImport:
    """Record a run for a file whose beginning was read; raises `OlderMessage` unless forced."""
    run = CatalogueImport(
        reference=numbering.next_reference("IMP", clock.today()),
        dry_run=dry_run,
        forced=forced,
        file_name=file.name,
        path=str(file.path),
        size=file.size,
        sha256=file.sha256,
        sender=header.sender,
        message_number=header.message_number,
        sent_at=header.sent_at,
        requested_by=by,
        requested_by_name=by.name if by else COMMAND_LINE,
    )
    refuse_older(run)
    db.session.add(run)
    db.session.flush()
    audit.record("imports.receive", run.reference, actor=run.requested_by_name, file=run.file_name)
    return run


def enqueue(run: CatalogueImport) -> None:
    """Let the worker carry it out."""
    jobs.enqueue(JOB, {"reference": run.reference})


def apply(dry: CatalogueImport, by: User) -> CatalogueImport:
    """Carry out for good what a dry run showed; a second time is the first one's run."""
    db.session.refresh(dry, with_for_update=True)
    if dry.applied_as:
        return db.session.scalars(sa.select(CatalogueImport).filter_by(reference=dry.applied_as)).one()
    if not can_be_applied(dry):
        raise NotADryRun("Seul un essai terminé s’applique. Envoyez le fichier de nouveau.")
    header = Header(dry.sender, dry.message_number, dry.sent_at)
    file = StoredFile(dry.file_name, dry.file, dry.size, dry.sha256)
    run = receive(file, header, by=by, dry_run=False, forced=dry.forced)
    dry.applied_as, dry.path = run.reference, ""
    enqueue(run)
    return run


def can_be_applied(run: CatalogueImport) -> bool:
    """Whether it is a dry run at its end, whose file still waits."""
    return run.dry_run and run.state is RunState.DONE and bool(run.path)


def act(run: CatalogueImport, action: Action) -> None:
    """Change the state of a run; nobody else writes it."""
    run.state = rules.TRANSITIONS[run.state][action]


def refuse_older(run: CatalogueImport) -> None:
    """Raise `OlderMessage` where a later message of the same sender was applied."""
    last = db.session.scalar(
        sa.select(CatalogueImport)
        .where(
            CatalogueImport.sender == run.sender,
            CatalogueImport.state == RunState.DONE,
            CatalogueImport.dry_run.is_(False),
        )
        .order_by(CatalogueImport.id.desc())
        .limit(1)
    )
    if run.forced or not run.sender or last is None:
        return
    if rules.is_older(run.message_number, run.sent_at, last.message_number, last.sent_at):
        raise OlderMessage(
            f"Un message plus récent de « {run.sender} » a été importé ({last.reference}, {last.file_name})."
            " Pour l’importer quand même, cochez « Importer même si le message est ancien »."
        )


def latest() -> Sequence[CatalogueImport]:
    """The last runs, newest first."""
    return db.session.scalars(
        sa.select(CatalogueImport).order_by(CatalogueImport.id.desc()).limit(RUNS_SHOWN)
    ).all()


def remarks(run: CatalogueImport, page: int = 1) -> Sequence[ImportRemark]:
    """One page of what the run had to say, in the order of the file, and one remark more if there is any."""
    return db.session.scalars(
        _remarks(run).offset((page - 1) * REMARKS_A_PAGE).limit(REMARKS_A_PAGE + 1)
    ).all()


def all_remarks(run: CatalogueImport) -> Sequence[ImportRemark]:
    """All of it, for the file to keep."""
    return db.session.scalars(_remarks(run)).all()


def _remarks(run: CatalogueImport) -> sa.Select[ImportRemark]:
    return (
        sa.select(ImportRemark)
        .where(ImportRemark.import_id == run.id)
        .order_by(ImportRemark.position, ImportRemark.id)
    )


def abandoned(now: dt.datetime) -> Sequence[CatalogueImport]:
    """Dry runs that nobody applied in time: their files need not wait any longer."""
    return db.session.scalars(
        sa.select(CatalogueImport).where(
            CatalogueImport.dry_run.is_(True),
            CatalogueImport.path != "",
            CatalogueImport.created_at < now - rules.FILES_KEPT_FOR,
        )
    ).all()
