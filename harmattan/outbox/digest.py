"""One mail a day, for those who chose it, in the place of many (`Delivery.DIGEST`)."""

import sqlalchemy as sa

from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.jobs import WorkState
from harmattan.core.services import Service
from harmattan.outbox import service
from harmattan.outbox.models import Delivery, OutboxMessage

JOB = "outbox.digest"

_EXPECTED = (OutboxMessage.delivery == Delivery.DIGEST, OutboxMessage.state == WorkState.WAITING)


def send_all() -> None:
    """Send everybody's digest of what was written since the last one (each morning, by the worker)."""
    for recipient in db.session.scalars(
        sa.select(OutboxMessage.recipient).where(*_EXPECTED).distinct()
    ).all():
        _send(recipient)
        db.session.commit()


def _send(recipient: str) -> None:
    """Of two workers one finds the mails still waiting."""
    taken = (
        sa.update(OutboxMessage)
        .where(OutboxMessage.recipient == recipient, *_EXPECTED)
        .values(state=WorkState.DONE, sent_at=clock.now())
        .returning(OutboxMessage.id)
    )
    ids = db.session.scalars(taken, execution_options={"synchronize_session": False}).all()
    if not ids:
        return
    chosen = sa.select(OutboxMessage).where(OutboxMessage.id.in_(ids)).order_by(OutboxMessage.id)
    mails = db.session.scalars(chosen, execution_options={"populate_existing": True}).all()
    service.queue("digest", recipient, service=Service.SETTINGS, account_id=mails[0].account_id, mails=mails)
