"""Answers that a service gives often: each text kept, signed, from a day on (R105)."""

import datetime as dt
from collections.abc import Sequence
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from harmattan.access.models import User
from harmattan.conversations.models import CannedAnswer, CannedVersion
from harmattan.core import audit, clock, database
from harmattan.core.effective import Span
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.core.typography import date_long


class Rewritten(Refusal):
    """Somebody else has written the same answer in the meantime."""

    title: ClassVar[str] = "Cette réponse type a changé entre-temps"


class AlreadyGiven(Refusal):
    """A text whose day has come is replaced, not withdrawn."""

    title: ClassVar[str] = "Ce texte est déjà en vigueur"


def of_service(service: Service) -> Sequence[CannedAnswer]:
    """A service's canned answers, those to come among them, by their titles."""
    answers = db.session.scalars(sa.select(CannedAnswer).where(CannedAnswer.service == service))
    return sorted(answers, key=lambda answer: answer.title.casefold())


def in_force(service: Service) -> Sequence[CannedVersion]:
    """The texts that a service gives today, by their titles: one statement."""
    later = aliased(CannedVersion)
    its_order, later_order = (sa.tuple_(each.valid_from, each.number) for each in (CannedVersion, later))
    replaced = sa.exists().where(
        later.answer_id == CannedVersion.answer_id, *_has_begun(later), later_order > its_order
    )
    texts = sa.select(CannedVersion).join(CannedAnswer).where(CannedAnswer.service == service)
    return db.session.scalars(
        texts.where(*_has_begun(CannedVersion), ~replaced).order_by(CannedVersion.title)
    ).all()


def _has_begun(version: type[CannedVersion]) -> tuple[sa.ColumnElement[bool], ...]:
    return version.valid_from <= clock.today(), version.withdrawn_at.is_(None)


def one_of(service: Service, key: str) -> CannedAnswer | None:
    """One of them; another service's does not exist."""
    return db.session.scalar(
        sa.select(CannedAnswer).where(CannedAnswer.service == service, CannedAnswer.key == key)
    )


def history(answer: CannedAnswer) -> list[tuple[CannedVersion, Span]]:
    """What it said, says and will say, the latest text first, and how long each of them holds."""
    spans: dict[int, Span] = {}
    replaced: dt.date | None = None
    for version in sorted(answer.kept, key=CannedVersion.order, reverse=True):
        spans[version.number] = Span(version.valid_from, replaced)
        replaced = version.valid_from
    return [
        (each, spans.get(each.number, Span(each.valid_from)))
        for each in sorted(answer.versions, key=lambda version: -version.number)
    ]


def add(service: Service, title: str, body: str, by: User, valid_from: dt.date) -> CannedVersion:
    """A canned answer with its first text, given from that day on."""
    answer = CannedAnswer(service=service)
    db.session.add(answer)
    db.session.flush()
    return write(answer, title, body, by, valid_from, after=0)


def write(
    answer: CannedAnswer, title: str, body: str, by: User, valid_from: dt.date, after: int
) -> CannedVersion:
    """From that day on it says this; what it said before is kept (R105).

    `after` is the number of the latest text that was shown. Raises `Rewritten` where there is another.
    """
    version = db.session.scalar(
        database.insert(CannedVersion)
        .values(
            answer_id=answer.id,
            number=after + 1,
            title=title,
            body=body,
            valid_from=valid_from,
            written_by=by.name,
            written_at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(CannedVersion)
    )
    if version is None:
        raise Rewritten("Relisez les textes ci-dessous : votre saisie est gardée, rien n’a été enregistré.")
    db.session.expire(answer, ["versions"])
    audit.record(
        "conversations.write_canned", title, actor=by.name, text=body, valid_from=valid_from.isoformat()
    )
    return version


def withdraw(version: CannedVersion, by: User) -> None:
    """A text that was to come never does. Raises `AlreadyGiven` from its day on."""
    if version.valid_from <= clock.today():
        raise AlreadyGiven(
            f"Il vaut depuis le {date_long(version.valid_from)} : reprenez un texte d’avant, ou écrivez-en un"
            " autre."
        )
    if version.withdrawn_at is None:
        version.withdrawn_by, version.withdrawn_at = by.name, clock.now()
        audit.record("conversations.withdraw_canned", version.title, actor=by.name, text=version.body)


def remove(answer: CannedAnswer, by: User) -> None:
    """Answers given with it stay as they are, and the journal keeps its last text."""
    audit.record("conversations.remove_canned", answer.title, actor=by.name, text=answer.body)
    db.session.execute(sa.delete(CannedVersion).where(CannedVersion.answer_id == answer.id))
    db.session.delete(answer)
