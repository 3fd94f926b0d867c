"""Password hashes (argon2id). Hashing is slow on purpose: never inside a transaction.

19 MiB and one lane are OWASP's figures, with one pass more; at most two are made at once, so that many
log-ins at the same moment cannot fill the memory.
"""

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Flask, current_app

_hashing = BoundedSemaphore(2)


def init_app(app: Flask) -> None:
    """Make the hasher; tests lower its cost (`ARGON2_TIME_COST`, `ARGON2_MEMORY_KIB`)."""
    hasher = PasswordHasher(
        time_cost=app.config.get("ARGON2_TIME_COST", 3),
        memory_cost=app.config.get("ARGON2_MEMORY_KIB", 19 * 1024),
        parallelism=1,
    )
    app.extensions["password_hasher"] = hasher
    app.extensions["nobodys_password_hash"] = hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """The hash to keep."""
    hasher: PasswordHasher = current_app.extensions["password_hasher"]
    with _hashing:
        return hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one that was hashed; as much work where there is none (R12)."""
    hasher: PasswordHasher = current_app.extensions["password_hasher"]
    known = password_hash or current_app.extensions["nobodys_password_hash"]
    try:
        with _hashing:
            return hasher.verify(known, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False
