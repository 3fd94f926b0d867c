"""Log in."""

import datetime as dt

import sqlalchemy as sa

from harmattan.access import passwords, recovery, rules, sessions
from harmattan.access.models import User
from harmattan.core import audit, clock, database, throttle
from harmattan.core.extensions import db


class WrongCredentials(Exception):
    """The address and the password do not open a session; never says which (R12)."""


class AccessEnded(Exception):
    """The password is right, and the temporary access is over (J2)."""


def log_in(email: str, password: str, *, browser: str, network: str) -> User:
    """Open a session; raises `WrongCredentials`, `AccessEnded` or `throttle.TooMany`.

    Failures are counted on the typed address, known or not. Commits what must not be rolled back and
    hashes outside any transaction; the session itself is the caller's to commit.
    """
    typed = email.strip().lower()
    limits = _limits(typed, network)
    for key, limit, window in limits:
        throttle.count(key, limit, window)
    user = db.session.scalar(sa.select(User).where(User.email == typed))
    db.session.commit()
    right = passwords.matches(user.password_hash if user else None, password)
    database.writing()
    has_temporary = not right and recovery.use_temporary_password(user, password)
    if user is None or not (right or has_temporary) or user.disabled_at is not None:
        raise WrongCredentials
    if rules.access_has_ended(user.ends_on, clock.today()):
        raise AccessEnded
    for key, _, window in limits:
        throttle.forgive(key, window)
    recovery.end_for(user)
    sessions.start(user, browser, must_choose_password=has_temporary)
    audit.record("access.log_in", user.email, actor=user.name, account_id=user.account_id)
    return user


def _limits(typed: str, network: str) -> list[tuple[str, int, dt.timedelta]]:
    """(key, failures allowed, window): per address and network, and per network alone."""
    return [
        (f"log-in:{typed}|{network}", rules.LOG_IN_TRIES, rules.LOG_IN_WINDOW),
        (f"log-in-day:{typed}|{network}", rules.LOG_IN_TRIES_A_DAY, rules.LOG_IN_DAY),
        (f"log-in-network:{network}", rules.LOG_IN_TRIES_A_NETWORK, rules.LOG_IN_WINDOW),
    ]
