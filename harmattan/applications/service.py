"""Apply for an account; study, open, refuse; answer, withdraw (R22–R29, J3).

`_act` is the only writer of `Application.state`. The applicant has no log-in: a private link opens the
application, and only the hash of its word is kept.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import sqlalchemy as sa

from harmattan.access.models import User
from harmattan.applications import rules
from harmattan.applications.models import Application, ApplicationEvent, ApplicationLink, Piece
from harmattan.applications.rules import TRANSITIONS, Action, ApplicationState
from harmattan.conversations.attachments import NewFile
from harmattan.core import audit, clock, database, links, numbering, throttle, tokens
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.core.settings import house
from harmattan.core.typography import moment
from harmattan.outbox import service as outbox


class NotInThisState(Refusal):
    """The application has been opened, refused or withdrawn, or somebody acted since the page was shown."""

    title: ClassVar[str] = "Cette demande a changé"


class NoSuchApplication(Exception):
    """The link leads to no application."""


def count_try(network: str) -> None:
    """Count an application against the limit; raises `throttle.TooMany`. To be called before any writing."""
    throttle.count(f"application:{network}", rules.TRIES_A_NETWORK, rules.TRY_WINDOW)


def submit(details: dict[str, str], words: str, files: Sequence[NewFile]) -> str:
    """Take an application, whoever applies (R22–R25); returns the word of its private link.

    `details`: the columns of `Application` that the form fills in. Doubles show to sales alone.
    """
    promised = rules.answer_by(clock.now(), house())
    application = Application(
        reference=numbering.next_reference("OUV", clock.today()),
        state=ApplicationState.SUBMITTED,
        submitted_at=clock.now(),
        updated_at=clock.now(),
        answer_by=promised,
        first_answer_by=promised,
        **details,
    )
    db.session.add(application)
    db.session.flush()
    _note(application, Action.SUBMIT, application.contact, words, files)
    token = _new_link(application)
    _tell(application, "application_received", token)
    return token


def find(token: str) -> Application:
    """The application of a private link; raises `NoSuchApplication`."""
    found = db.session.scalar(
        sa.select(Application)
        .join(ApplicationLink, ApplicationLink.application_id == Application.id)
        .where(ApplicationLink.token_hash == tokens.hash_of(token))
    )
    if found is None:
        raise NoSuchApplication
    return found


def answer(application: Application, text: str, files: Sequence[NewFile]) -> None:
    """The applicant says more or sends pieces; what was asked for starts a new promise (R27)."""
    facts: dict[str, Any] = {}
    if application.state is ApplicationState.DETAILS_REQUESTED:
        facts["answer_by"] = rules.answer_by(clock.now(), house())
    _act(application, Action.ANSWER, application.contact, **facts)
    _note(application, Action.ANSWER, application.contact, text, files)


def withdraw(application: Application) -> None:
    """The applicant gives up; nobody has to act any more."""
    _act(application, Action.WITHDRAW, application.contact)
    _note(application, Action.WITHDRAW, application.contact)


def ask_details(application: Application, question: str, by: User, seen: int) -> None:
    """Ask for what lacks; the applicant answers by the link of the mail (R27)."""
    act(application, Action.ASK_DETAILS, by, seen, question)
    _tell(application, "application_details_asked", _new_link(application), question=question, by=by)


def refuse(application: Application, reason: str, words: str, by: User, seen: int) -> None:
    """Decline: the reason stays among staff, the applicant reads the words and may apply again (R28)."""
    act(application, Action.REFUSE, by, seen, words, refusal_reason=reason)
    _tell(application, "application_refused", _new_link(application), words=words)


def act(application: Application, action: Action, by: User, seen: int, text: str = "", **facts: Any) -> None:
    """An act of sales on the application as they saw it."""
    first = application.first_answered_at or clock.now()
    _act(application, action, by.name, seen, first_answered_at=first, **facts)
    _note(application, action, by.name, text)


def forget_old() -> None:
    """Drop what was refused or withdrawn a year ago, with its pieces."""
    over = sa.select(Application.id).where(
        Application.state.in_((ApplicationState.REFUSED, ApplicationState.WITHDRAWN)),
        Application.updated_at < clock.now() - rules.KEPT_FOR,
    )
    events = sa.select(ApplicationEvent.id).where(ApplicationEvent.application_id.in_(over))
    for rows in (
        sa.delete(Piece).where(Piece.event_id.in_(events)),
        sa.delete(ApplicationEvent).where(ApplicationEvent.application_id.in_(over)),
        sa.delete(ApplicationLink).where(ApplicationLink.application_id.in_(over)),
        sa.delete(Application).where(Application.id.in_(over)),
    ):
        database.changed_rows(rows)


def _act(application: Application, action: Action, actor: str, seen: int | None = None, **facts: Any) -> None:
    """Move the application by its table: of two acts at once the database lets one win."""
    target = TRANSITIONS[application.state].get(action)
    if target is None:
        raise _changed(application)
    unchanged = Application.version == seen if seen else Application.state == application.state
    changed = database.changed_rows(
        sa.update(Application)
        .where(Application.id == application.id, unchanged)
        .values(state=target, version=Application.version + 1, updated_at=clock.now(), **facts)
    )
    db.session.refresh(application)
    if not changed:
        raise _changed(application)


def _changed(application: Application) -> NotInThisState:
    last = application.events[-1]
    return NotInThisState(
        f"Dernier mouvement : {last.action.step.lower()} par {last.actor}, le {moment(last.at)}. "
        "Rien n’a été envoyé : relisez la demande."
    )


def _note(
    application: Application, action: Action, actor: str, text: str = "", files: Sequence[NewFile] = ()
) -> None:
    event = ApplicationEvent(
        application_id=application.id,
        at=clock.now(),
        actor=actor,
        action=action,
        state=application.state,
        text=text,
        pieces=[Piece.of(file) for file in files],
    )
    db.session.add(event)
    audit.record(
        f"applications.{action}", application.reference, actor=actor, account_id=application.account_id
    )


def _new_link(application: Application) -> str:
    token = tokens.new()
    db.session.add(ApplicationLink(token_hash=tokens.hash_of(token), application_id=application.id))
    return token


def _tell(application: Application, kind: str, token: str, **context: Any) -> None:
    outbox.queue(
        kind,
        application.email,
        service=Service.SALES,
        reference=application.reference,
        is_secret=True,
        application=application,
        address=links.absolute("applications.show", token=token),
        **context,
    )
