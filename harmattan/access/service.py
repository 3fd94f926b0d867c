"""Log in."""

import logging

import sqlalchemy as sa

from harmattan.access import browsers, passwords, recovery, rules, second_factor, sessions
from harmattan.access.browsers import Visit
from harmattan.access.models import User
from harmattan.access.rules import Stage
from harmattan.core import audit, clock, database, throttle, tokens
from harmattan.core.extensions import db
from harmattan.core.throttle import Limit

log = logging.getLogger(__name__)


class WrongCredentials(Exception):
    """The address and the password do not open a session; never says which (R12)."""


class AccessEnded(Exception):
    """The password is right, and the temporary access is over (J2)."""


def log_in(email: str, password: str, visit: Visit) -> None:
    """Open a session; raises `WrongCredentials`, `AccessEnded` or `throttle.TooMany`.

    Failures are counted on the typed address, known or not. Commits what must not be rolled back and
    hashes outside any transaction; the session itself is the caller's to commit.
    """
    typed = email.strip().lower()
    limits = _limits(typed, visit)
    throttle.count_all(limits, also=recovery.count_try(typed, password))
    user = db.session.scalar(sa.select(User).where(User.email == typed))
    stage = _proved(user, password)
    if user is None or stage is None or user.disabled_at is not None:
        log.info("a log-in from %s failed", visit.network)  # not who: people type passwords there
        raise WrongCredentials
    if rules.access_has_ended(user.ends_on, clock.today()):
        raise AccessEnded
    throttle.forgive(*limits)
    recovery.end_for(user)
    if stage is Stage.OPEN:
        enter(user, visit)
    else:
        sessions.start(user, visit.browser, stage)


def enter(user: User, visit: Visit) -> None:
    """Whoever has proved all there was to prove is in."""
    sessions.start(user, visit.browser)
    browsers.welcome(user, visit)
    user.last_log_in_at = clock.now()
    audit.record("access.log_in", user.email, actor=user.name, account_id=user.account_id)


def _proved(user: User | None, password: str) -> Stage | None:
    """How far this password leads, if anywhere; the same work for nobody. Hashes outside transactions."""
    db.session.commit()
    right = passwords.matches(user.password_hash if user else None, password)
    renewed = passwords.renewed(user.password_hash, password) if user and right else None
    database.writing()
    if user and right:
        user.password_hash = renewed or user.password_hash
        return second_factor.begin(user)
    return Stage.NEW_PASSWORD if recovery.use_temporary_password(user, password) else None


def _limits(typed: str, visit: Visit) -> list[Limit]:
    """Failures allowed: to a browser that the person has used before, its own; to strangers, the network's
    and, all together, the address's."""
    if browsers.is_known(typed, visit.key):
        who = f"{typed}|{tokens.hash_of(visit.key)}"
        return [
            Limit(f"log-in:{who}", rules.LOG_IN_TRIES, rules.LOG_IN_WINDOW),
            Limit(f"log-in-day:{who}", rules.LOG_IN_TRIES_A_DAY, rules.LOG_IN_DAY),
        ]
    return [
        Limit(f"log-in:{typed}|{visit.network}", rules.LOG_IN_TRIES, rules.LOG_IN_WINDOW),
        Limit(f"log-in-network:{visit.network}", rules.LOG_IN_TRIES_A_NETWORK, rules.LOG_IN_WINDOW),
        Limit(f"log-in-day:{typed}", rules.LOG_IN_TRIES_A_DAY, rules.LOG_IN_DAY),
    ]
