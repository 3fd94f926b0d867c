"""« Cela répond à ma question »: which answers help, and which questions still reach people (R104).

Counts of a day alone are kept. That one browser counts once a day, and one outcome of each answer, is noted
in its own cookie, nowhere else.
"""

import datetime as dt
from collections.abc import Collection, Iterable

import sqlalchemy as sa
from flask import request, session
from flask_login import current_user
from sqlalchemy.exc import OperationalError

from harmattan.core import clock, database, security, throttle
from harmattan.core.extensions import db
from harmattan.core.throttle import Limit, TooMany
from harmattan.faq.models import AnswerCount
from harmattan.faq.rules import Place, Said

OF_A_NETWORK, WINDOW = 120, dt.timedelta(hours=1)
"""How many counts one network may cause."""
KEPT_FOR = dt.timedelta(days=400)
"""Longer than the longest period of oversight."""
_COOKIE_KEY, _DAY = "answers", "day"
_LETTERS = {Said.SHOWN: "s", Said.HELPED: "h", Said.NO_HELP: "n", Said.WRITTEN: "w"}


def is_asked() -> bool:
    """Whether whoever reads is asked: our own services are not, nor whoever looks with a customer's eyes."""
    return not current_user.is_authenticated or not (current_user.is_staff or current_user.seen_by)


def shown(places: Iterable[Place]) -> None:
    """Answers are on the page: counted aside, for a browser that keeps cookies (a robot keeps none)."""
    if request.method == "HEAD" or not session or not is_asked():
        return
    new = [place for place in places if not has_said(place, Said.SHOWN)]
    if not new:
        return
    try:
        throttle.count_all([_limit()], also=[_count(place, Said.SHOWN) for place in new])
    except (TooMany, OperationalError):  # what cannot be counted is not: the page comes all the same
        return
    _note(new, Said.SHOWN)


def said(place: Place, what: Said) -> None:
    """Somebody says of an answer that it helped or not, or writes all the same: the last word counts.

    Whoever has written has been helped by nothing, whatever they say before or after.
    """
    if not is_asked() or has_said(place, what) or has_said(place, Said.WRITTEN):
        return
    for before in (Said.HELPED, Said.NO_HELP):
        if has_said(place, before):
            db.session.execute(_take_back(place, before))
            _forget(place, before)
    for each in (Said.SHOWN, what):
        if not has_said(place, each):
            db.session.execute(_count(place, each))
            _note([place], each)


def vote(place: Place, what: Said) -> None:
    """The same, by a button; raises `TooMany` for a network that presses without end."""
    throttle.count_all([_limit()])
    said(place, what)


def has_said(place: Place, what: Said) -> bool:
    """Whether this browser has already counted today."""
    return _LETTERS[what] in _noted().get(_key(place), "")


def forget_old() -> None:
    """Drop the counts of days that no period reaches back to."""
    db.session.execute(sa.delete(AnswerCount).where(AnswerCount.day < clock.today() - KEPT_FOR))


def _limit() -> Limit:
    return Limit(f"answers:{security.network()}", OF_A_NETWORK, WINDOW)


def _count(place: Place, what: Said) -> sa.Insert:
    row = {"day": clock.today(), "question": place.question, "subject": place.subject, "said": what}
    counted = database.insert(AnswerCount).values(**row, count=1)
    one_more = {"count": AnswerCount.count + 1}
    more: sa.Insert = counted.on_conflict_do_update(index_elements=list(row), set_=one_more)
    return more


def _take_back(place: Place, what: Said) -> sa.Update:
    its = {"day": clock.today(), "question": place.question, "subject": place.subject, "said": what}
    return sa.update(AnswerCount).filter_by(**its).values(count=AnswerCount.count - 1)


def _noted() -> dict[str, str]:
    """What this browser has counted today, by place."""
    noted = session.get(_COOKIE_KEY, {})
    today = clock.today().isoformat()
    return dict(noted) if noted.get(_DAY) == today else {_DAY: today}


def _note(places: Collection[Place], what: Said) -> None:
    noted = _noted()
    for place in places:
        noted[_key(place)] = noted.get(_key(place), "") + _LETTERS[what]
    session[_COOKIE_KEY] = noted


def _forget(place: Place, what: Said) -> None:
    noted = _noted()
    noted[_key(place)] = noted[_key(place)].replace(_LETTERS[what], "")
    session[_COOKIE_KEY] = noted


def _key(place: Place) -> str:
    return f"{place.subject}:{place.question}"
