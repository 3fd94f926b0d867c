"""Ask for a dossier: the worker makes it, and it is forgotten some days later."""

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa

from harmattan.access.models import Account, User
from harmattan.billing.models import Document
from harmattan.core import audit, clock, database, jobs, numbering
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.dossiers.models import KEPT_FOR, Dossier, DossierAsker, DossierFile
from harmattan.dossiers.rules import MOST_DOCUMENTS, Contents

JOB = "dossiers.make"


class NothingChosen(Refusal):
    """No document was ticked, or none was issued that month."""

    title = "Il n’y a aucun document à réunir"


class TooManyDocuments(Refusal):
    title = "Ce dossier serait trop long"


def of_month(account: Account, first: dt.date, last: dt.date, by: User) -> Dossier:
    """The statement of a month and all its duplicates; raises `TooManyDocuments`."""
    return _ask(account, Contents.MONTH, first, last, by)


def of_statement(account: Account, first: dt.date, last: dt.date, by: User) -> Dossier:
    """A statement too long to be set while somebody waits."""
    return _ask(account, Contents.STATEMENT, first, last, by)


def of_documents(account: Account, documents: Collection[Document], by: User) -> Dossier:
    """These documents of the account; raises `NothingChosen` or `TooManyDocuments`."""
    if not documents:
        raise NothingChosen("Cochez au moins un document dans la liste.")
    days = [document.issued_on for document in documents]
    numbers = sorted(document.number for document in documents)
    return _ask(account, Contents.CHOSEN, min(days), max(days), by, numbers)


def documents_of(dossier: Dossier) -> sa.Select[Document]:
    """Its documents, in the order in which they were issued."""
    theirs = sa.select(Document).where(
        Document.account_id == dossier.account_id, Document.issued_on.between(dossier.first, dossier.last)
    )
    if dossier.contents is Contents.CHOSEN:
        theirs = theirs.where(Document.number.in_(dossier.numbers))
    return theirs.order_by(Document.issued_on, Document.id)


def forget_old() -> None:
    """Drop dossiers that have had their days: they can be asked for again."""
    old = sa.select(Dossier.id).where(Dossier.asked_at < clock.now() - KEPT_FOR)
    for its in (DossierFile, DossierAsker):
        db.session.execute(sa.delete(its).where(its.dossier_id.in_(old)))
    db.session.execute(sa.delete(Dossier).where(Dossier.id.in_(old)))


def _ask(
    account: Account,
    contents: Contents,
    first: dt.date,
    last: dt.date,
    by: User,
    numbers: Collection[str] = (),
) -> Dossier:
    """The dossier; the one under way, where the same was asked for a moment ago: each asker is told."""
    _one_at_a_time(account)
    wanted = {"contents": contents, "first": first, "last": last, "numbers": list(numbers)}
    asked = Dossier(account_id=account.id, document_count=0, asked_by=by.name, **wanted)
    if under_way := _under_way(asked):
        _note(under_way, by)
        return under_way
    asked.document_count = _count(asked)
    if asked.document_count > MOST_DOCUMENTS:
        raise TooManyDocuments(f"Choisissez {MOST_DOCUMENTS} documents au plus.")
    asked.reference = numbering.next_reference("DOS", clock.today())
    db.session.add(asked)
    db.session.flush()
    _note(asked, by)
    jobs.enqueue(JOB, {"reference": asked.reference})
    audit.record("dossiers.ask", asked.reference, actor=by.name, account_id=account.id)
    return asked


def _one_at_a_time(account: Account) -> None:
    """Of an account's people who ask at the same moment, the second sees what the first asked for."""
    its = sa.select(Account.id).where(Account.id == account.id)
    db.session.execute(its.with_for_update(key_share=True))


def _note(dossier: Dossier, by: User) -> None:
    """Once for whoever asks twice."""
    asker = {"dossier_id": dossier.id, "user_id": by.id, "asked_at": clock.now()}
    db.session.execute(database.insert(DossierAsker).values(asker).on_conflict_do_nothing())


def _under_way(asked: Dossier) -> Dossier | None:
    """The same, being made: held, so that it is not finished and told before this asker is noted."""
    its = (Dossier.account_id == asked.account_id, Dossier.contents == asked.contents)
    same = sa.select(Dossier).where(*its, Dossier.finished_at.is_(None)).with_for_update()
    found = db.session.scalars(same.where(Dossier.first == asked.first, Dossier.last == asked.last))
    return next((each for each in found if each.numbers == asked.numbers), None)


def _count(dossier: Dossier) -> int:
    if dossier.contents is Contents.STATEMENT:
        return 0
    counted = documents_of(dossier).order_by(None).with_only_columns(sa.func.count())
    return db.session.scalar(counted) or 0
