"""What comes back about a mail of ours: it did not arrive, it is delayed, nobody is there."""

from collections.abc import Iterable

import sqlalchemy as sa

from harmattan.core.extensions import db
from harmattan.core.jobs import WorkState
from harmattan.outbox.models import OutboxMessage

LONGEST_REMARK = 300


def sent_under(message_ids: Iterable[str]) -> OutboxMessage | None:
    """The first of these Message-IDs that is one of ours."""
    wanted = list(message_ids)
    ours = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.message_id.in_(wanted)))
    found = {message.message_id: message for message in ours}
    return next((found[each] for each in wanted if each in found), None)


def bounced(message: OutboxMessage, diagnosis: str) -> None:
    """The mail did not arrive: it stands among the failed ones, with what the mail server said."""
    message.state, message.error = WorkState.FAILED, diagnosis[:LONGEST_REMARK]


def remarked(message: OutboxMessage, text: str) -> None:
    """Keep with the mail what a machine answered to it."""
    message.remark = text[:LONGEST_REMARK]
