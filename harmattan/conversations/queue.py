"""A service's queue: which part of it is shown, by what is most pressing, and how much each part holds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from harmattan.access.models import Account, User
from harmattan.conversations.models import Thread
from harmattan.conversations.rules import ThreadState
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.services import Service

PAGE_LENGTH = 50
COUNTED_TO = 100
"""More is said as « plus de »: a count must not grow with history."""

STATES = {
    "a-traiter": "À traiter",
    "en-retard": "En retard",
    "attend-le-client": "En attente du client",
    "en-sommeil": "En sommeil",
    "clos": "Clos",
}
TAKEN_BY = {"tous": "Toute l’équipe", "moi": "Pris par moi", "personne": "À prendre"}
_DONE = ("attend-le-client", "clos")
"""Shown the latest first."""


@dataclass(frozen=True)
class Filters:
    """Which part of the queue is shown."""

    state: str = "a-traiter"
    taken_by: str = "tous"
    after: str = ""
    """The reference of the last thread of the page before."""

    @classmethod
    def read(cls, arguments: Any) -> "Filters":
        """From an address; unknown words count as not given."""
        state, taken_by = arguments.get("etat", ""), arguments.get("qui", "")
        return cls(
            state if state in STATES else cls.state,
            taken_by if taken_by in TAKEN_BY else cls.taken_by,
            arguments.get("apres", "")[:20],
        )

    def in_address(self) -> dict[str, str]:
        """What an address must say to show the same part again."""
        said = {"etat": self.state, "qui": self.taken_by, "apres": self.after}
        default = {"etat": Filters.state, "qui": Filters.taken_by, "apres": ""}
        return {name: value for name, value in said.items() if value != default[name]}


@dataclass(frozen=True)
class Part:
    """One choice of a filter: its word and label, its address, and how many threads are there."""

    word: str
    label: str
    filters: Filters
    count: int | None


@dataclass
class Queue:
    """One service's threads as one person filters them."""

    service: Service
    viewer: User
    filters: Filters

    def __post_init__(self) -> None:
        self._now = clock.now()

    @property
    def rows(self) -> Sequence[Any]:
        """A page of the queue, the most pressing first; what is done, the latest first."""
        return self._page[:PAGE_LENGTH]

    @property
    def has_more(self) -> bool:
        return len(self._page) > PAGE_LENGTH

    @property
    def by_state(self) -> list[Part]:
        """The queue's parts by state, as the person now chosen sees them."""
        return [Part(word, STATES[word], *self._parts["state", word]) for word in STATES]

    @property
    def by_person(self) -> list[Part]:
        """The queue's parts by who took the threads, in the state now chosen."""
        return [Part(word, TAKEN_BY[word], *self._parts["taken_by", word]) for word in TAKEN_BY]

    @cached_property
    def _parts(self) -> dict[tuple[str, str], tuple[Filters, int | None]]:
        """Each choice with how much it holds, all in one statement; what is closed is not counted."""
        words = [*(("state", word) for word in STATES), *(("taken_by", word) for word in TAKEN_BY)]
        choices = {each: replace(self.filters, **{each[0]: each[1]}, after="") for each in words}
        counted = {part for part in choices.values() if part.state != "clos"}
        counts = [self._count(part).label(f"n{number}") for number, part in enumerate(counted)]
        found = dict(zip(counted, db.session.execute(sa.select(*counts)).one(), strict=True))
        return {each: (part, found.get(part)) for each, part in choices.items()}

    def _count(self, part: Filters) -> sa.ScalarSelect[int]:
        """No further than is worth saying."""
        few = sa.select(Thread.id).where(*self._conditions(part)).limit(COUNTED_TO).subquery()
        return sa.select(sa.func.count()).select_from(few).scalar_subquery()

    @cached_property
    def _page(self) -> Sequence[Any]:
        done = self.filters.state in _DONE
        first = Thread.wakes_at if self.filters.state == "en-sommeil" else Thread.answer_by
        order = (first, Thread.id)
        rows = (
            sa.select(
                Thread.reference,
                Thread.title,
                Thread.about,
                Thread.state,
                Thread.answer_by,
                Thread.wakes_at,
                Thread.received_at,
                Thread.customer_name,
                Thread.customer_shop,
                Account.trade_name,
                Account.city,
                User.first_name.label("taken_by"),
            )
            .outerjoin(Thread.account)
            .outerjoin(User, User.id == Thread.taken_by_id)
            .where(*self._conditions(self.filters))
            .order_by(*(column.desc() if done else column for column in order))
            .limit(PAGE_LENGTH + 1)
        )
        if self.filters.after:
            last = sa.select(*order).where(Thread.reference == self.filters.after).subquery()
            here, there = sa.tuple_(*order), sa.tuple_(*last.c)
            rows = rows.join(last, here < there if done else here > there)
        return db.session.execute(rows).all()

    def _conditions(self, part: Filters) -> list[sa.ColumnElement[bool]]:
        of_state = {
            "a-traiter": [Thread.state == ThreadState.OPEN],
            "en-retard": [Thread.state == ThreadState.OPEN, Thread.answer_by < self._now],
            "attend-le-client": [Thread.state == ThreadState.WAITING_FOR_CUSTOMER],
            "en-sommeil": [Thread.state == ThreadState.SNOOZED],
            "clos": [Thread.state == ThreadState.CLOSED],
        }[part.state]
        of_person = {
            "tous": [Thread.service == self.service],
            "moi": [Thread.taken_by_id == self.viewer.id],
            "personne": [Thread.service == self.service, Thread.taken_by_id.is_(None)],
        }[part.taken_by]
        return of_state + of_person
