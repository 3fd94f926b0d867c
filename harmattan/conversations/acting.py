"""The one way in which a thread moves: by its table, at the version that was seen, with its event.

An act made on a page that is no longer the present one changes nothing: `Overtaken`.
"""

from typing import Any, ClassVar

import sqlalchemy as sa

from harmattan.conversations import rules
from harmattan.conversations.models import Thread, ThreadEvent
from harmattan.conversations.rules import Action
from harmattan.core import audit, clock, database
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db


class Overtaken(Refusal):
    """Somebody wrote or acted since the page was shown: nothing is sent over their head."""

    title: ClassVar[str] = "Ce message a changé entre-temps"


class NotInThisState(Refusal):
    """The thread's state does not allow this act."""

    title: ClassVar[str] = "Ce message est clos"


def act(thread: Thread, action: Action, text: str, actor: str, seen: int | None = None, **facts: Any) -> None:
    """Move the thread by its table, if its version is still the one that was seen.

    Without `seen` the thread must have been locked. `text` is read by the customer too; `facts` are
    columns of the thread that change with it.
    """
    state = rules.TRANSITIONS[thread.state].get(action)
    if state is None:
        raise NotInThisState("Il s’ouvre de nouveau dès que le client écrit, ou par une réponse.")
    unchanged = Thread.version == (thread.version if seen is None else seen)
    changed = database.changed_rows(
        sa.update(Thread)
        .where(Thread.id == thread.id, unchanged)
        .values(state=state, version=Thread.version + 1, updated_at=clock.now(), **facts)
    )
    if not changed:
        raise Overtaken("Le client ou un collègue a agi depuis l’affichage de la page. Rien n’a été envoyé.")
    db.session.refresh(thread)
    note_event(thread, action.value, text, actor)


def lock(thread: Thread) -> None:
    """Nobody else moves the thread until the end of the transaction; what is read of it is the present."""
    db.session.refresh(thread, with_for_update=True)


def note_event(thread: Thread, action: str, text: str, actor: str) -> None:
    """Say in the thread's history, and in the audit, what happened (R106)."""
    db.session.add(ThreadEvent(thread_id=thread.id, actor=actor, action=action, text=text))
    audit.record(f"conversations.{action}", thread.reference, actor=actor, account_id=thread.account_id)
