"""Password hashes (argon2id). Hashing is slow on purpose: never inside a transaction.

19 MiB and one lane are OWASP's figures, with one pass more; at most two are made at once, so that many
log-ins at the same moment cannot fill the memory. Nothing is trimmed or folded: only the two ways in which
keyboards write « é » count as one (NFC).
"""

import unicodedata
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
        return hasher.hash(_as_typed_anywhere(password))


def renewed(password_hash: str, password: str) -> str | None:
    """The hash to keep instead, where the cost has been raised since it was made."""
    hasher: PasswordHasher = current_app.extensions["password_hasher"]
    return hash_password(password) if hasher.check_needs_rehash(password_hash) else None


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one that was hashed; as much work where there is none (R12)."""
    hasher: PasswordHasher = current_app.extensions["password_hasher"]
    known = password_hash or current_app.extensions["nobodys_password_hash"]
    try:
        with _hashing:
            return hasher.verify(known, _as_typed_anywhere(password)) and bool(password_hash)
    except (VerificationError, InvalidHashError):
        return False


def _as_typed_anywhere(password: str) -> str:
    return unicodedata.normalize("NFC", password)
