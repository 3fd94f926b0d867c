"""Browsers in which people have logged in: a new one is told by mail, a known one is never locked out.

Somebody who tries passwords for an address uses up that address's tries for strangers; its owner goes on
logging in from a browser that has been let in before (reliability.md §4, lock-out as a weapon).
"""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Mapped, mapped_column

from harmattan.access.models import User
from harmattan.access.rules import KNOWN_BROWSER_FOR, TOLD_AGAIN_AFTER, browser_name
from harmattan.core import clock, database, security, tokens
from harmattan.core.extensions import Base, db
from harmattan.core.services import Service
from harmattan.outbox import service as outbox

_COOKIE = "navigateur"


class KnownBrowser(Base):
    """A browser in which somebody has logged in: it holds a random word in a cookie, we hold its hash."""

    __tablename__ = "known_browsers"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id), primary_key=True)
    key_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    last_used_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    told_at: Mapped[dt.datetime | None]
    """When a mail told the person that this browser is new."""


@dataclass(frozen=True)
class Visit:
    """What a log-in must know of the browser that asks for it."""

    browser: str
    """What it says of itself."""
    network: str
    key: str
    """The word of its cookie; empty where it has none."""

    @classmethod
    def under_way(cls) -> "Visit":
        """The one that this request makes."""
        return cls(request.user_agent.string, security.network(), request.cookies.get(_cookie_name(), ""))


def is_known(email: str, key: str) -> bool:
    """Whether the person of this address has logged in here before; the same statement for everybody."""
    if not key:
        return False
    rows = sa.select(KnownBrowser.user_id).join(User, User.id == KnownBrowser.user_id)
    found = rows.where(User.email == email, KnownBrowser.key_hash == tokens.hash_of(key))
    return db.session.scalar(found) is not None


def welcome(user: User, visit: Visit) -> None:
    """Somebody is let in here: know the browser from now on, and say so by mail where it is a new one."""
    is_first_log_in = user.last_log_in_at is None
    if not note(user, visit) or is_first_log_in or _was_told_lately(user):
        return
    latest = (KnownBrowser.user_id == user.id, KnownBrowser.key_hash == tokens.hash_of(g.browser_key))
    database.changed_rows(sa.update(KnownBrowser).where(*latest).values(told_at=clock.now()))
    outbox.queue(
        "new_browser",
        user.email,
        service=Service.SALES,
        account_id=user.account_id,
        user=user,
        browser=browser_name(visit.browser),
        at=clock.now(),
    )


def note(user: User, visit: Visit) -> bool:
    """Know this browser as the person's from now on; says whether it is new."""
    g.browser_key = visit.key or tokens.new()
    pair = {"user_id": user.id, "key_hash": tokens.hash_of(g.browser_key)}
    new = database.insert(KnownBrowser).values(**pair, last_used_at=clock.now()).on_conflict_do_nothing()
    if database.changed_rows(new):
        return True
    used = sa.update(KnownBrowser).filter_by(**pair).values(last_used_at=clock.now())
    database.changed_rows(used)
    return False


def forget_old() -> None:
    """Drop browsers in which nobody has logged in for long."""
    old = KnownBrowser.last_used_at < clock.now() - KNOWN_BROWSER_FOR
    db.session.execute(sa.delete(KnownBrowser).where(old))


def init_app(app: Flask) -> None:
    """Give its cookie to a browser that has just been let in."""

    @app.after_request
    def _remember(response: Response) -> Response:
        if key := g.pop("browser_key", None):
            response.set_cookie(
                _cookie_name(),
                key,
                max_age=KNOWN_BROWSER_FOR,
                secure=app.config["SESSION_COOKIE_SECURE"],
                httponly=True,
                samesite="Lax",
            )
        return response


def _was_told_lately(user: User) -> bool:
    since = clock.now() - TOLD_AGAIN_AFTER
    lately = sa.select(KnownBrowser.user_id).where(
        KnownBrowser.user_id == user.id, KnownBrowser.told_at > since
    )
    return db.session.scalar(lately.limit(1)) is not None


def _cookie_name() -> str:
    return "__Host-" + _COOKIE if current_app.config["SESSION_COOKIE_SECURE"] else _COOKIE
