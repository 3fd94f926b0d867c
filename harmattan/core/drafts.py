"""What was typed into a form that could not be taken: kept, and given back after log-in (J5).

A draft belongs to the browser (a random key in its signed cookie) and to one address. Passwords,
bank details and one-time keys never enter it, files cannot. It is given back once, never replayed.
"""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import g, request, session
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import MultiDict

from harmattan.core import clock, database, security, throttle, tokens
from harmattan.core.extensions import Base, db

KEPT_FOR = dt.timedelta(days=1)
LONGEST = 200_000
"""Characters: more than the longest list that is pasted."""
KEPT_OF_A_NETWORK, KEPT_WINDOW = 60, dt.timedelta(minutes=10)
"""Whoever is not logged in leaves drafts too: so many, and no more."""
_SECRETS = ("password", "iban")
_NEVER_KEPT = (*_SECRETS, "csrf_token", "once")
_COOKIE_KEY = "draft"


class Draft(Base):
    __tablename__ = "drafts"

    key_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    path: Mapped[str] = mapped_column(sa.String(300))
    fields: Mapped[list[Any]]
    created_at: Mapped[dt.datetime] = mapped_column(default=clock.now)


def keep(page: str) -> None:
    """Keep what this request's form said, for the page (its address) that showed the form."""
    fields = [
        [name, value]
        for name, value in request.form.items(multi=True)
        if not any(secret in name for secret in _NEVER_KEPT)
    ]
    if not fields or sum(len(value) for _, value in fields) > LONGEST or _too_many():
        return
    key = tokens.new()
    with database.aside() as aside:
        aside.add(Draft(key_hash=tokens.hash_of(key), path=page.partition("?")[0][:300], fields=fields))
    session[_COOKIE_KEY] = key


def to_send_again() -> list[tuple[str, str]]:
    """What this request's form said, for a page that sends it once more: where nothing can be kept, only the
    browser can. Nothing of a form that holds a secret, or a file, which no page can give back.
    """
    fields = list(request.form.items(multi=True))
    has_secret = any(secret in name for name, _ in fields for secret in _SECRETS)
    has_file = any(file.filename for file in request.files.values())
    too_long = sum(len(value) for _, value in fields) > LONGEST
    return [] if has_secret or has_file or too_long else fields


def _too_many() -> bool:
    try:
        throttle.count(f"draft:{security.network()}", KEPT_OF_A_NETWORK, KEPT_WINDOW)
    except throttle.TooMany:
        return True
    return False


def forget_old() -> None:
    """Drop drafts that nobody came back for in time."""
    db.session.execute(sa.delete(Draft).where(Draft.created_at < clock.now() - KEPT_FOR))


def give_back() -> MultiDict[str, str] | None:
    """What was typed for this address, for one page; None where nothing waits."""
    if "draft" not in g:
        g.draft = _taken_back()
    return g.draft


def _taken_back() -> MultiDict[str, str] | None:
    key = session.get(_COOKIE_KEY)
    if key is None:
        return None
    draft = db.session.scalar(
        sa.select(Draft).where(
            Draft.key_hash == tokens.hash_of(key),
            Draft.path == request.path,
            Draft.created_at > clock.now() - KEPT_FOR,
        )
    )
    if draft is None:
        return None
    typed = MultiDict((name, value) for name, value in draft.fields)
    session.pop(_COOKIE_KEY)
    with database.noting() as aside:
        aside.execute(sa.delete(Draft).where(Draft.key_hash == tokens.hash_of(key)))
    return typed
