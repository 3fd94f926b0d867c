"""What a service's inbox shows: its queue by time left, the counts of its tabs, the thread opened."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

import sqlalchemy as sa
from flask import url_for

from harmattan.access.models import Account, User
from harmattan.conversations import rules, service
from harmattan.conversations.forms import AnswerForm, NoteForm, TransferForm
from harmattan.conversations.models import Thread
from harmattan.conversations.rules import ThreadState
from harmattan.conversations.service import Waiting
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.services import ANSWERING, Service
from harmattan.core.settings import house

PAGE_LENGTH = 50

STATES = {
    "a-traiter": "À traiter",
    "en-retard": "En retard",
    "attend-le-client": "Attend le client",
    "clos": "Clos",
}
TAKEN_BY = {"tous": "Toute l’équipe", "moi": "Moi", "personne": "Personne"}


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


@dataclass
class Desk:
    """One service's inbox as one person looks at it. What needs the database is read when it is shown."""

    service: Service
    viewer: User
    filters: Filters
    thread: Thread | None = None
    answer: AnswerForm = field(default_factory=AnswerForm)
    note: NoteForm = field(default_factory=NoteForm)
    transfer: TransferForm = field(default_factory=TransferForm)
    overtaken: bool = False
    """Somebody acted while an answer was written."""

    STATES: ClassVar[dict[str, str]] = STATES
    TAKEN_BY: ClassVar[dict[str, str]] = TAKEN_BY

    @property
    def tabs(self) -> tuple[Service, ...]:
        """The inboxes this person may open."""
        return ANSWERING if self.viewer.service is Service.SETTINGS else (self.service,)

    @cached_property
    def waiting(self) -> dict[Service, Waiting]:
        return {each: self._counts.get(each, Waiting()) for each in (*self.tabs, self.service)}

    @cached_property
    def rows(self) -> Sequence[Any]:
        """A page of the queue, the most pressing first; what is done, the latest first."""
        return self._page[:PAGE_LENGTH]

    @property
    def has_more(self) -> bool:
        return len(self._page) > PAGE_LENGTH

    def minutes_left(self, thread: Any) -> int:
        """Working minutes until the promised answer, negative when it is late."""
        return rules.working_minutes(self._now, thread.answer_by, house())

    def address(self, endpoint: str, **values: Any) -> str:
        """A page of the inbox that keeps the filters."""
        return url_for(f"staff.conversations.{endpoint}", **(self.filters.in_address() | values))

    @cached_property
    def _now(self) -> dt.datetime:
        return clock.now()

    @cached_property
    def _counts(self) -> dict[Service, Waiting]:
        return service.waiting_by_service()

    @cached_property
    def _page(self) -> Sequence[Any]:
        done = self.filters.state in ("attend-le-client", "clos")
        order = (Thread.answer_by, Thread.id)
        rows = (
            sa.select(
                Thread.reference,
                Thread.title,
                Thread.about,
                Thread.state,
                Thread.answer_by,
                Thread.received_at,
                Thread.customer_name,
                Thread.customer_shop,
                Account.trade_name,
                Account.city,
                User.first_name.label("taken_by"),
            )
            .outerjoin(Thread.account)
            .outerjoin(User, User.id == Thread.taken_by_id)
            .where(*self._conditions())
            .order_by(*(column.desc() if done else column for column in order))
            .limit(PAGE_LENGTH + 1)
        )
        if self.filters.after:
            last = sa.select(*order).where(Thread.reference == self.filters.after).subquery()
            here, there = sa.tuple_(*order), sa.tuple_(*last.c)
            rows = rows.join(last, here < there if done else here > there)
        return db.session.execute(rows).all()

    def _conditions(self) -> list[sa.ColumnElement[bool]]:
        of_state = {
            "a-traiter": [Thread.state == ThreadState.OPEN],
            "en-retard": [Thread.state == ThreadState.OPEN, Thread.answer_by < self._now],
            "attend-le-client": [Thread.state == ThreadState.WAITING_FOR_CUSTOMER],
            "clos": [Thread.state == ThreadState.CLOSED],
        }[self.filters.state]
        of_person = {
            "tous": [Thread.service == self.service],
            "moi": [Thread.taken_by_id == self.viewer.id],
            "personne": [Thread.service == self.service, Thread.taken_by_id.is_(None)],
        }[self.filters.taken_by]
        return of_state + of_person
