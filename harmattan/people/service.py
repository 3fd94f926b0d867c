"""Change who has access to an account; every change is signed, told to the person and recorded (R106)."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from harmattan.access import passwords, recovery, sessions
from harmattan.access.models import LoginSession, User
from harmattan.access.rules import LOG_IN_TRIES, LOG_IN_WINDOW, Right
from harmattan.core import audit, clock, database, throttle
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.core.throttle import Limit
from harmattan.outbox import service as outbox
from harmattan.people import rules


class NotYours(Refusal):
    status = 403
    title = "Vous ne pouvez pas changer cet accès"


class LastPrincipal(Refusal):
    title = "Il faut un utilisateur principal"


class NotAlone(Refusal):
    title = "Cette personne a des collègues"


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
    return rules.Person(user.id, user.is_principal, user.rights, user.is_staff)


def principal_of(account_id: int) -> User | None:
    """The account's principal user; None before its first access, and after the last one left."""
    open_principal = (User.is_principal.is_(True), User.disabled_at.is_(None))
    return db.session.scalar(sa.select(User).where(User.account_id == account_id, *open_principal))


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
    _close("people.end_access", target, by)


def reopen(target: User, by: User) -> None:
    """Let a person whose access was closed log in again, with the rights of then; raises `NotYours`."""
    _must_manage(by, target)
    target.disabled_at = None
    _tell("people.reopen", target, by, before="accès fermé", after=_described(target))


def retire(principal: User, by: User) -> None:
    """Staff close the access of a principal user who left and has no colleague (R21); raises `NotAlone`."""
    if any(user.disabled_at is None for user in colleagues(_account_of(principal)) if user is not principal):
        raise NotAlone("Nommez utilisateur principal une autre personne du compte.")
    principal.is_principal = False
    _close("people.retire", principal, by)


def hand_over(target: User, by: User) -> None:
    """Make a colleague the principal user: in one's own place, or staff for the account (R21).

    Raises `NotYours`.
    """
    is_theirs = by.is_staff or (by.is_principal and by.account_id == target.account_id)
    if not is_theirs or target.disabled_at is not None:
        raise NotYours("Seul l’utilisateur principal peut nommer son successeur, parmi les accès ouverts.")
    former = principal_of(_account_of(target))
    if former is not None:
        former.is_principal, former.rights = False, frozenset(Right)
        db.session.flush()  # one principal at a time, says the index
    target.is_principal, target.ends_on = True, None
    _tell("people.hand_over", target, by, before=former.name if former else "", after=target.name)


def change_password(user: User, present: str, password: str) -> None:
    """Change one's own password; raises `WrongPassword` or `recovery.WeakPassword`. Ends every session."""
    check_password(user, present)
    recovery.choose(user, password)


def check_password(user: User, present: str) -> None:
    """Whoever has an open session proves that it is theirs; else `WrongPassword`.

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


def sessions_of(user: User) -> Sequence[LoginSession]:
    """One's own sessions under way, the latest used first."""
    return db.session.scalars(
        sa.select(LoginSession)
        .where(LoginSession.user_id == user.id)
        .order_by(LoginSession.last_seen_at.desc())
    ).all()


def _must_manage(by: User, target: User) -> None:
    of_same_account = by.is_staff or by.account_id == target.account_id
    if not of_same_account or not rules.may_manage(person(by), person(target)):
        raise NotYours(
            "Personne ne change son propre accès ni celui de l’utilisateur principal, et seul "
            "l’utilisateur principal change celui de ses délégués."
        )


def _close(action: str, target: User, by: User) -> None:
    before = _described(target)
    target.disabled_at = clock.now()
    sessions.end_all(target)
    _tell(action, target, by, before=before, after="accès fermé")


def _account_of(user: User) -> int:
    if user.account_id is None:
        raise NotYours("Cette personne n’est pas d’une librairie.")
    return user.account_id


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
