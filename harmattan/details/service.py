"""Ask for a change of details; apply or refuse it (R58–R60)."""

from typing import ClassVar

import sqlalchemy as sa

from harmattan.access.models import Account, User
from harmattan.contact import service as contact
from harmattan.contact.rules import Subject
from harmattan.conversations import service as conversations
from harmattan.conversations.service import Writer
from harmattan.core import audit, clock, database
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.core.typography import moment, typo
from harmattan.details import rules
from harmattan.details.models import DetailsChange
from harmattan.details.rules import TRANSITIONS, Action, Difference
from harmattan.outbox import service as outbox
from harmattan.people.rules import DETAILS


class ReadOnly(Refusal):
    """Nobody of the shop writes the account's details (R60)."""

    status: ClassVar[int] = 403
    title: ClassVar[str] = "Ces coordonnées se lisent seulement"


class AlreadyDecided(Refusal):
    title: ClassVar[str] = "Cette demande a déjà sa réponse"


class MovedOn(Refusal):
    """The account no longer says what it said when the change was asked for."""

    title: ClassVar[str] = "Les coordonnées ont changé depuis la demande"


def present(account: Account) -> dict[str, str]:
    """What the account says now, by its columns."""
    return {field: getattr(account, field) for field in DETAILS}


def ask(account: Account, wished: tuple[Difference, ...], words: str, by: User) -> DetailsChange:
    """File the request as a message to sales, object « autres » (R58, R59)."""
    lines = [f"Coordonnées du compte {account.number} à modifier :", *(f"– {each}" for each in wished)]
    body = "\n".join(typo(line) for line in lines) + (f"\n\n{words}" if words else "")
    thread = contact.send(Writer.of(by), Subject.OTHER, body)
    change = DetailsChange(
        account_id=account.id,
        account=account,
        thread_id=thread.id,
        thread=thread,
        asked_by=by.name,
        asked_at=clock.now(),
        wished=[[each.field, each.old, each.new] for each in wished],
    )
    db.session.add(change)
    db.session.flush()
    audit.record("details.ask", thread.reference, actor=by.name, account_id=account.id)
    return change


def apply(change: DetailsChange, by: User, seen: int) -> None:
    """Write each value into the account, if it still says the old ones; raises `MovedOn`.

    The answer goes to whoever asked; the addresses on file, the old one too, read what changed.
    """
    account, told = change.account, {change.account.email}
    _decide(change, Action.APPLY, by)
    still = [getattr(Account, each.field) == each.old for each in change.differences]
    new = {each.field: each.new for each in change.differences}
    if not database.changed_rows(sa.update(Account).where(Account.id == account.id, *still).values(new)):
        db.session.refresh(account)
        raise _moved_on(change)
    db.session.refresh(account)
    words = f"Les coordonnées du compte {account.number} sont à jour."
    conversations.answer(change.matter, by, words, seen, close=True)
    for email in (told | {account.email}) - {change.matter.customer_email}:
        outbox.queue(
            "details_changed", email, service=Service.SALES, account_id=account.id, change=change, by=by
        )


def refuse(change: DetailsChange, words: str, by: User, seen: int) -> None:
    """Leave the account as it is, and say why in the message that asked."""
    _decide(change, Action.REFUSE, by, words)
    conversations.answer(change.matter, by, words, seen, close=True)


def _decide(change: DetailsChange, action: Action, by: User, words: str = "") -> None:
    """The only writer of a request's state: of two at once the database lets one win."""
    target = TRANSITIONS[change.state].get(action)
    changed = target is not None and database.changed_rows(
        sa.update(DetailsChange)
        .where(DetailsChange.id == change.id, DetailsChange.state == change.state)
        .values(state=target, decided_by=by.name, decided_at=clock.now(), words=words)
    )
    db.session.refresh(change)
    if not changed:
        at = moment(change.decided_at or change.asked_at)
        raise AlreadyDecided(f"{change.state.label} par {change.decided_by} le {at}.")
    before, after = (
        ", ".join(filter(None, (getattr(each, side) for each in change.differences)))
        for side in ("old", "new")
    )
    audit.record(
        f"details.{action}",
        change.reference,
        actor=by.name,
        account_id=change.account_id,
        before=before,
        after=after,
    )


def _moved_on(change: DetailsChange) -> MovedOn:
    now = rules.moved_on(change.differences, present(change.account))
    said = " ; ".join(f"{each.label} : « {each.old or 'rien'} » aujourd’hui" for each in now)
    return MovedOn(f"{said}. Rien n’a été appliqué : répondez au libraire, ou refusez la demande.")
