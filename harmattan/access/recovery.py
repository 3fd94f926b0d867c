"""« Mot de passe oublié » (R30–R36): one mail with a temporary password and a link, single use, 30 minutes.

The request only stores the typed address; the worker looks it up, so that known and unknown addresses
read and cost the same. The lasting password works until a new one is chosen.
"""

import datetime as dt
from typing import Any

import sqlalchemy as sa

from harmattan.access import browsers, passwords, rules, secret_words, sessions
from harmattan.access.browsers import Visit
from harmattan.access.models import Recovery, User
from harmattan.access.rules import Stage
from harmattan.core import audit, clock, database, jobs, links, registry, throttle, tokens
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.core.settings import house
from harmattan.outbox import service as outbox

JOB = "access.send_recovery"
_HOUR, _DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


class DeadLink(Refusal):
    status = 410
    title = "Ce lien ne peut plus servir"


class WeakPassword(Exception):
    """The new password may not be taken; the message says why in French."""


def ask(email: str, network: str) -> None:
    """Take note that somebody forgot a password; raises `throttle.TooMany` per network only."""
    throttle.count(f"recovery-network:{network}", rules.RECOVERIES_A_NETWORK, _HOUR)
    jobs.enqueue(JOB, {"email": email.strip().lower()})


def send(payload: dict[str, Any]) -> None:
    """The worker's part: make the secrets and queue their mail, where there is somebody to send it to."""
    email = payload["email"]
    try:
        throttle.count(f"recovery:{email}", rules.RECOVERIES_AN_HOUR, _HOUR)
        throttle.count(f"recovery-day:{email}", rules.RECOVERIES_A_DAY, _DAY)
    except throttle.TooMany:
        return
    user = db.session.scalar(sa.select(User).where(User.email == email, User.disabled_at.is_(None)))
    if user is None:
        registry.ask("access.explain_pending", email)
        return
    db.session.commit()
    if rules.access_has_ended(user.ends_on, clock.today()):
        return
    temporary = None if user.is_staff else secret_words.new_temporary_password()
    hashed = passwords.hash_password(temporary) if temporary else None
    address = _new_link(user, rules.RECOVERY_LIFE, hashed)
    outbox.queue(
        "password_recovery",
        user.email,
        service=Service.SALES,
        account_id=user.account_id,
        is_secret=True,
        user=user,
        temporary=temporary,
        address=address,
    )
    audit.record("access.send_recovery", user.email, actor="le portail", account_id=user.account_id)


def welcome(user: User, by: str) -> None:
    """Mail a member of staff the link to choose a password: the first one, or the next (ASVS 6.4.6)."""
    outbox.queue(
        "staff_welcome",
        user.email,
        service=Service.SETTINGS,
        is_secret=True,
        user=user,
        address=_new_link(user, dt.timedelta(hours=house().activation_hours)),
    )
    audit.record("access.send_link", user.email, actor=by)


def use_temporary_password(user: User | None, typed: str) -> bool:
    """Whether the text is this person's temporary password, which it uses up; hashes outside transactions.

    Does the same work for nobody, so that an unknown address costs the same.
    """
    temporary = secret_words.as_temporary_password(typed)
    if temporary is None:
        return False
    of_user = (Recovery.user_id == (user.id if user else 0), Recovery.tries <= rules.RECOVERY_TRIES)
    found = _current(*of_user)
    db.session.commit()
    right = passwords.matches(found.password_hash if found else None, temporary)
    database.writing()
    return found is not None and right and _use(found)


def count_try(email: str, typed: str) -> list[sa.Update]:
    """The try to count on this address's temporary password, if the text looks like one."""
    if secret_words.as_temporary_password(typed) is None:
        return []
    person = sa.select(User.id).where(User.email == email).scalar_subquery()
    alive = (Recovery.user_id == person, Recovery.ended_at.is_(None))
    return [sa.update(Recovery).where(*alive).values(tries=Recovery.tries + 1)]


def person_of(token: str) -> User:
    """Who may choose a password by the mailed link, or `DeadLink`; looking uses nothing up."""
    found = _current(Recovery.token_hash == tokens.hash_of(token))
    if found is None:
        raise dead_link()
    return db.session.get_one(User, found.user_id)


def open_link(token: str, visit: Visit) -> None:
    """Use the mailed link up and open the session that only leads to a new password; else `DeadLink`.

    Whoever reads the person's mail is let in from this browser however many tries were made elsewhere.
    """
    found = _current(Recovery.token_hash == tokens.hash_of(token))
    if found is None or not _use(found):
        raise dead_link()
    user = db.session.get_one(User, found.user_id)
    sessions.start(user, visit.browser, Stage.NEW_PASSWORD)
    browsers.note(user, visit)


def dead_link() -> DeadLink:
    """The one answer for a link that was used, replaced, too old or never existed."""
    return DeadLink(
        "Il a déjà servi, a trop attendu, ou a été remplacé. Votre mot de passe n’a pas changé.",
        ("Recevoir un nouveau courriel", links.path("access.forgotten_password")),
    )


def choose(user: User, password: str) -> None:
    """Give this person a new password: every session ends, and a mail says so without it (R33)."""
    account = user.account
    known = [user.name, user.email, *([account.trade_name, account.number] if account else [])]
    if fault := rules.password_fault(password, known):
        raise WeakPassword(fault)
    db.session.commit()
    if passwords.matches(user.password_hash, password):
        raise WeakPassword("Choisissez un autre mot de passe que l’ancien")
    hashed, is_first = passwords.hash_password(password), not user.password_hash
    database.writing()
    user.password_hash = hashed
    _end_all(user.id)
    sessions.end_all(user)
    if not is_first:
        outbox.queue(
            "password_changed", user.email, service=Service.SALES, account_id=user.account_id, user=user
        )
    audit.record("access.choose_password", user.email, actor=user.name, account_id=user.account_id)


def end_for(user: User) -> None:
    """An ordinary log-in makes the temporary password useless (R35)."""
    _end_all(user.id)


def _current(*criteria: sa.ColumnElement[bool]) -> Recovery | None:
    alive = (Recovery.ended_at.is_(None), Recovery.expires_at > clock.now())
    return db.session.scalar(sa.select(Recovery).where(*criteria, *alive))


def _new_link(user: User, life: dt.timedelta, password_hash: str | None = None) -> str:
    """The address of a fresh link, which kills those sent before."""
    token = tokens.new()
    _end_all(user.id)
    db.session.add(
        Recovery(
            user_id=user.id,
            password_hash=password_hash,
            token_hash=tokens.hash_of(token),
            expires_at=clock.now() + life,
        )
    )
    return links.absolute("access.recovery_link", token=token)


def _use(found: Recovery) -> bool:
    """Single use, decided by the database: of many at once one wins."""
    alive = (Recovery.id == found.id, Recovery.ended_at.is_(None), Recovery.expires_at > clock.now())
    return database.changed_rows(sa.update(Recovery).where(*alive).values(ended_at=clock.now())) == 1


def _end_all(user_id: int) -> None:
    alive = (Recovery.user_id == user_id, Recovery.ended_at.is_(None))
    database.changed_rows(sa.update(Recovery).where(*alive).values(ended_at=clock.now()))
