"""Change who has access to an account; every change is signed, told to the person and recorded (R106)."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from harmattan.access import passwords, recovery, sessions
from harmattan.access.models import LoginSession, User
from harmattan.access.rules import LOG_IN_TRIES, LOG_IN_WINDOW, Right
from harmattan.core import audit, clock, database, throttle
from harmattan.core.audit import AuditEntry
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.core.throttle import Limit
from harmattan.outbox import service as outbox
from harmattan.people import rules

JOURNAL_ENTRIES = 100


class NotYours(Refusal):
    status = 403
    title = "Vous ne pouvez pas changer cet accès"


class LastPrincipal(Refusal):
    title = "Il faut un utilisateur principal"


class WrongPassword(Exception):
    """The present password is not the one on file."""


def colleagues(account_id: int) -> Sequence[User]:
    """Everybody of the account, the principal user first, those whose access ended last."""
    return db.session.scalars(
        sa.select(User)
        .where(User.account_id == account_id)
        .order_by(User.disabled_at.isnot(None), User.is_principal.desc(), User.last_name, User.first_name)
    ).all()


def person(user: User) -> rules.Person:
    """What the rules must know of this user."""
    return rules.Person(user.id, user.is_principal, user.rights)


def change_access(target: User, rights: frozenset[Right], ends_on: dt.date | None, by: User) -> None:
    """Give these rights until this day (included), and no others; raises `NotYours`."""
    _must_manage(by, target)
    allowed = frozenset(rules.grantable(person(by)))
    if not rights <= allowed:
        raise NotYours("Seul l’utilisateur principal accorde le droit « administration ».")
    before = _described(target)
    target.rights, target.ends_on, target.disabled_at = rights, ends_on, None
    _tell("people.change_access", target, by, before=before, after=_described(target))


def end_access(target: User, by: User) -> None:
    """Close this person's access at once; raises `NotYours` or `LastPrincipal`."""
    if target.is_principal:
        raise LastPrincipal(
            "L’utilisateur principal ne peut pas être retiré. Nommez d’abord un autre utilisateur principal, "
            "ou demandez-le au service commercial."
        )
    _must_manage(by, target)
    before = _described(target)
    target.disabled_at = clock.now()
    sessions.end_all(target)
    _tell("people.end_access", target, by, before=before, after="accès fermé")


def hand_over(target: User, by: User) -> None:
    """Make a colleague the principal user in one's own place; raises `NotYours`."""
    if not by.is_principal or by.account_id != target.account_id or target.disabled_at is not None:
        raise NotYours("Seul l’utilisateur principal peut nommer son successeur, parmi les accès ouverts.")
    by.is_principal, by.rights = False, frozenset(Right)
    db.session.flush()  # one principal at a time, says the index
    target.is_principal, target.ends_on = True, None
    _tell("people.hand_over", target, by, before=by.name, after=target.name)


def change_password(user: User, present: str, password: str) -> None:
    """Change one's own password; raises `WrongPassword` or `recovery.WeakPassword`. Ends every session.

    Wrong tries are limited as at log-in: an open session must not help to guess (`throttle.TooMany`).
    """
    tries = Limit(f"password:{user.id}", LOG_IN_TRIES, LOG_IN_WINDOW)
    throttle.count_all([tries])
    db.session.commit()
    right = passwords.matches(user.password_hash, present)
    database.writing()
    if not right:
        raise WrongPassword
    throttle.forgive(tries)
    recovery.choose(user, password)


def sessions_of(user: User) -> Sequence[LoginSession]:
    """One's own sessions under way, the latest used first."""
    return db.session.scalars(
        sa.select(LoginSession)
        .where(LoginSession.user_id == user.id)
        .order_by(LoginSession.last_seen_at.desc())
    ).all()


def end_other_sessions(user: User, kept_id: int) -> int:
    """End one's sessions but this one; returns how many there were."""
    return database.changed_rows(
        sa.delete(LoginSession).where(LoginSession.user_id == user.id, LoginSession.id != kept_id)
    )


def journal(account_id: int) -> Sequence[AuditEntry]:
    """Who did what on the account, the latest first (R106)."""
    return db.session.scalars(
        sa.select(AuditEntry)
        .where(AuditEntry.account_id == account_id)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(JOURNAL_ENTRIES)
    ).all()


def _must_manage(by: User, target: User) -> None:
    if by.account_id != target.account_id or not rules.may_manage(person(by), person(target)):
        raise NotYours(
            "Personne ne change son propre accès ni celui de l’utilisateur principal, et seul "
            "l’utilisateur principal change celui de ses délégués."
        )


def _described(user: User) -> str:
    labels = ", ".join(right.label.lower() for right in Right if right in user.rights) or "aucun droit"
    return labels + (f", jusqu’au {user.ends_on:%d/%m/%Y}" if user.ends_on else "")


def _tell(action: str, target: User, by: User, *, before: str, after: str) -> None:
    audit.record(
        action, target.email, actor=by.name, account_id=target.account_id, before=before, after=after
    )
    outbox.queue(
        "access_changed",
        target.email,
        service=Service.SALES,
        account_id=target.account_id,
        user=target,
        by=by,
        after=after,
    )
