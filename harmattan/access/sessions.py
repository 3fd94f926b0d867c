"""Server-side sessions: a random token in the signed cookie, its hash and limits in the database."""

import sqlalchemy as sa
from flask import current_app, g, request, session
from sqlalchemy.orm import joinedload

from harmattan.access import viewing
from harmattan.access.models import LoginSession, User, Visitor
from harmattan.access.rules import (
    LAST_SEEN_PRECISION,
    SESSION_LIMIT,
    Stage,
    session_is_alive,
)
from harmattan.core import clock, database, tokens
from harmattan.core.extensions import db, login

_COOKIE_KEY = "_user_id"  # where Flask-Login looks


def start(user: User, browser: str, stage: Stage = Stage.OPEN) -> None:
    """Open a session for this person, under a new token; what was typed before log-in stays."""
    kept = {key: session[key] for key in ("draft",) if key in session}
    end()
    token = tokens.new()
    db.session.add(
        LoginSession(
            token_hash=tokens.hash_of(token),
            user_id=user.id,
            browser=browser[:200],
            stage=stage,
        )
    )
    session.update(kept)
    session[_COOKIE_KEY] = token


def end() -> None:
    """End the session under way: its row goes, so an old cookie opens nothing."""
    if token := session.get(_COOKIE_KEY):
        _drop(LoginSession.token_hash == tokens.hash_of(token))
    session.clear()


def end_all(user: User) -> None:
    """End every session of this person."""
    _drop(LoginSession.user_id == user.id)


def end_others(kept: LoginSession) -> None:
    """End this person's sessions but this one."""
    _drop(LoginSession.user_id == kept.user_id, LoginSession.id != kept.id)


def end_one(kept: LoginSession, key: str) -> None:
    """End the other session of this person that has this key."""
    of_key = LoginSession.token_hash.startswith(key, autoescape=True)
    _drop(LoginSession.user_id == kept.user_id, LoginSession.id != kept.id, of_key)


def forget_old() -> None:
    """Drop sessions that nobody ended, once they are too old for anybody."""
    _drop(LoginSession.started_at < clock.now() - SESSION_LIMIT)


def _drop(*criteria: sa.ColumnElement[bool]) -> None:
    looking = sa.select(LoginSession).where(*criteria, LoginSession.viewed_user_id.is_not(None))
    for each in db.session.scalars(looking):
        viewing.stop(each)
    db.session.execute(sa.delete(LoginSession).where(*criteria))


login.anonymous_user = Visitor


# Written once: making it anew for every request would cost more than running it.
_BY_TOKEN = (
    sa.select(LoginSession)
    .options(joinedload(LoginSession.user).joinedload(User.account))
    .where(LoginSession.token_hash == sa.bindparam("token_hash"))
)


@login.user_loader
def _load(token: str) -> User | None:
    found = db.session.scalar(_BY_TOKEN, {"token_hash": tokens.hash_of(token)})
    if found is None or not _may_go_on(found):
        return None
    g.login_session = found
    _note_last_seen(found)
    return viewing.person_of(found)


def _may_go_on(found: LoginSession) -> bool:
    user = found.user
    is_alive = session_is_alive(found.started_at, found.last_seen_at, user.is_staff, clock.now())
    return is_alive and user.has_access


def _note_last_seen(found: LoginSession) -> None:
    now = clock.now()
    view = current_app.view_functions.get(request.endpoint or "")
    if now - found.last_seen_at < LAST_SEEN_PRECISION or hasattr(view, "is_unattended"):
        return
    with database.noting() as aside:
        aside.execute(sa.update(LoginSession).where(LoginSession.id == found.id).values(last_seen_at=now))
