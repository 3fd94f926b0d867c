"""The worker's part: make the files of a dossier, outside any writing transaction (ADR 7)."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from harmattan.access.models import User
from harmattan.access.rules import Permission
from harmattan.billing import document_table, statement_paper, statement_table, statements
from harmattan.billing.models import Document, DocumentFile, Form
from harmattan.core import clock, database
from harmattan.core.documents import DocumentNotMade
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.dossiers import rules, service
from harmattan.dossiers.models import Dossier, DossierAsker, DossierFile
from harmattan.dossiers.rules import Contents
from harmattan.outbox import service as outbox

DOCUMENTS_AT_ONCE = 20


def make(payload: dict[str, Any]) -> None:
    """Make the files of a dossier and keep them; run again, they are made again."""
    db.session.commit()
    database.reading()
    try:
        dossier = _waiting(payload["reference"])
        files, failure = _made(dossier) if dossier else ([], "")
    finally:
        database.writing()
    if dossier:
        _keep(dossier, files, failure)
        _tell(dossier)


def _waiting(reference: str) -> Dossier | None:
    """The dossier, unless it was made before, or is forgotten meanwhile."""
    waiting = sa.select(Dossier).where(Dossier.reference == reference, Dossier.finished_at.is_(None))
    return db.session.scalar(waiting)


def _made(dossier: Dossier) -> tuple[list[DossierFile], str]:
    """Its files, or why there are none."""
    try:
        return list(_files(dossier)), ""
    except DocumentNotMade as refusal:
        return [], refusal.message


def _keep(dossier: Dossier, files: list[DossierFile], failure: str) -> None:
    for position, file in enumerate(files):
        file.dossier_id, file.position, file.octets = dossier.id, position, len(file.content)
    db.session.add_all(files)
    dossier.failure = failure
    dossier.done_count, dossier.finished_at = dossier.document_count, clock.now()


def _tell(dossier: Dossier) -> None:
    """Write to each who asked and may still read documents; our services keep the page's address."""
    db.session.flush()  # holds the dossier: nobody is noted any more
    askers = sa.select(DossierAsker).where(DossierAsker.dossier_id == dossier.id)
    for asker in db.session.scalars(askers.order_by(DossierAsker.asked_at, DossierAsker.user_id)):
        if _may_read(asker.user, dossier):
            outbox.queue(
                "dossier_ready",
                asker.user.email,
                service=Service.ACCOUNTING,
                account_id=dossier.account_id,
                reference=dossier.reference,
                dossier=dossier,
                asked_at=asker.asked_at,
            )


def _may_read(user: User, dossier: Dossier) -> bool:
    may_read = user.has_access and user.may(Permission.READ_DOCUMENTS)
    return may_read and user.account_id == dossier.account_id


def _files(dossier: Dossier) -> Iterator[DossierFile]:
    stem = f"{dossier.first:%Y-%m}" if dossier.contents is Contents.MONTH else dossier.reference
    papers = [] if dossier.contents is Contents.CHOSEN else list(_statement(dossier, stem))
    if dossier.contents is Contents.STATEMENT:
        yield from papers
        return
    yield from _gathered(dossier, stem, papers)


def _statement(dossier: Dossier, stem: str) -> Iterator[DossierFile]:
    told = statements.statement(dossier.account_id, dossier.first, dossier.last)
    paper = statement_paper.pdf(dossier.account, told)
    table = statement_table.content(told)
    yield DossierFile(name=f"{stem}_releve.pdf", label="Relevé de compte", content=paper)
    yield DossierFile(name=f"{stem}_releve.csv", label="Relevé de compte, pour un tableur", content=table)


def _gathered(dossier: Dossier, stem: str, papers: list[DossierFile]) -> Iterator[DossierFile]:
    """The statement, the list of the documents, all of them in one PDF, and each of them in the archive."""
    from harmattan.dossiers.binding import Archive, Binder  # noqa: PLC0415 -- pikepdf, for who binds

    documents = db.session.scalars(service.documents_of(dossier)).all()
    table = document_table.content(documents)
    papers.append(
        DossierFile(name=f"{stem}_documents.csv", label="Factures et avoirs, pour un tableur", content=table)
    )
    binder, archive = Binder(dossier.title), Archive()
    for paper in papers:
        archive.add(paper.name, paper.content, dossier.last)
    for paper in papers:
        if paper.name.endswith(".pdf"):
            binder.add(paper.label, paper.content)
    for document, content in _duplicates(dossier, documents):
        binder.add(document.title, content)
        archive.add(rules.duplicate_name(document.issued_on, document.number), content, document.issued_on)
    yield DossierFile(name=f"{stem}_dossier.pdf", label="Tout en un seul PDF", content=binder.content())
    yield DossierFile(
        name=f"{stem}_dossier.zip", label="Tout, fichier par fichier", content=archive.content()
    )
    yield from papers


def _duplicates(dossier: Dossier, documents: Sequence[Document]) -> Iterator[tuple[Document, bytes]]:
    """Each document with the very bytes that were issued; some at a time, told as they are done."""
    for done in range(0, len(documents), DOCUMENTS_AT_ONCE):
        some = documents[done : done + DOCUMENTS_AT_ONCE]
        contents = _contents([document.id for document in some])
        yield from ((document, contents[document.id]) for document in some)
        with database.aside() as session:
            told = sa.update(Dossier).where(Dossier.id == dossier.id)
            session.execute(told.values(done_count=done + len(some)))


def _contents(ids: list[int]) -> dict[int, bytes]:
    their = sa.select(DocumentFile.document_id, DocumentFile.content)
    rows = db.session.execute(their.where(DocumentFile.document_id.in_(ids), DocumentFile.form == Form.PDF))
    return dict(rows.all())
