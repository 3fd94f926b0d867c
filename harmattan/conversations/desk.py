"""What an inbox shows: the queue, the thread opened with its customer's context, the forms to act."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask import url_for

from harmattan.access.models import User
from harmattan.conversations import canned, presence, rules, scope, service, shelving
from harmattan.conversations.forms import AnswerForm, MergeForm, NoteForm, SnoozeForm, TransferForm
from harmattan.conversations.models import CannedVersion, Thread
from harmattan.conversations.presence import Colleague
from harmattan.conversations.queue import Filters, Queue
from harmattan.conversations.service import Waiting
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.jobs import WorkState
from harmattan.core.services import ANSWERING, Service
from harmattan.core.settings import house
from harmattan.core.worklist import Work, some
from harmattan.outbox import service as outbox
from harmattan.outbox.models import OutboxMessage

EARLIER_SHOWN = 8


def work(of: Service) -> Work:
    """The messages that wait for a service, for its worklist (R103)."""
    waiting = service.waiting_by_service().get(of, Waiting())
    soon = some(waiting.within_the_hour, "dans l’heure", "dans l’heure")
    address = url_for("staff.conversations.inbox", slug=of.slug)
    return Work("message à traiter", "messages à traiter", address, waiting.open, waiting.late, soon)


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
    snooze: SnoozeForm = field(default_factory=SnoozeForm)
    merge: MergeForm = field(default_factory=MergeForm)
    overtaken: bool = False
    """Somebody acted while an answer was written."""

    def __post_init__(self) -> None:
        self.queue = Queue(self.service, self.viewer, self.filters)
        self._now = clock.now()

    @property
    def tabs(self) -> tuple[Service, ...]:
        """The inboxes this person may open."""
        return ANSWERING if self.viewer.service is Service.SETTINGS else (self.service,)

    @cached_property
    def waiting(self) -> dict[Service, Waiting]:
        counts = service.waiting_by_service()
        return {each: counts.get(each, Waiting()) for each in (*self.tabs, self.service)}

    @cached_property
    def colleagues(self) -> Sequence[Colleague]:
        """Who else is at this thread."""
        return presence.others(self.thread, self.viewer) if self.thread else ()

    @cached_property
    def troubles(self) -> Sequence[OutboxMessage]:
        """The mails of this thread that did not arrive, or that a machine answered."""
        mails = outbox.about(self.thread.reference) if self.thread else ()
        return [mail for mail in mails if mail.state is WorkState.FAILED or mail.remark]

    @cached_property
    def earlier(self) -> Sequence[Thread]:
        """The customer's other threads that this person may read, the latest first."""
        if self.thread is None:
            return ()
        others = scope.of_same_customer(self.thread).order_by(Thread.id.desc())
        return db.session.scalars(others.limit(EARLIER_SHOWN)).all()

    @cached_property
    def canned(self) -> Sequence[CannedVersion]:
        """The texts that the service gives today."""
        return canned.in_force(self.service)

    @cached_property
    def merging(self) -> MergeForm:
        """The form that merges this thread into one of those that are the same person's."""
        same = [one for one in self.earlier if self.thread and shelving.mergeable(self.thread, one)]
        self.merge.offer(same)
        return self.merge

    def minutes_left(self, thread: Any) -> int:
        """Working minutes until the promised answer, negative when it is late."""
        return rules.working_minutes(self._now, thread.answer_by, house())

    def is_late(self, thread: Any) -> bool:
        """Whether its promised answer has not come, be the desk open or not."""
        return thread.state is rules.ThreadState.OPEN and thread.answer_by < self._now

    def address(self, endpoint: str, **values: Any) -> str:
        """A page of the inbox that keeps the filters."""
        return url_for(f"staff.conversations.{endpoint}", **(self.filters.in_address() | values))
