"""Random words that open something by themselves: sessions, mailed links, drafts. Only their hash is kept."""

import hashlib
import secrets


def new() -> str:
    """A word that nobody guesses: 256 bits."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What the database holds of it."""
    return hashlib.sha256(token.encode()).hexdigest()
