"""Reminders: one that was answered by announcing a payment, one that was not, and an invoice in dispute."""

import datetime as dt

import sqlalchemy as sa

from harmattan.access.models import Account
from harmattan.billing.models import Document
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.demo.past import clock_at, working_days_ago
from harmattan.demo.people import Cast
from harmattan.reminders import service
from harmattan.reminders.rules import Level

_FIRM_IS_NEXT = 12
"""Working days since the first reminder: longer than an account rests."""


def add(cast: Cast) -> None:
    """Before the Grand Large announced its payment; the Petit Port disputes the second of its two."""
    with clock_at(working_days_ago(_FIRM_IS_NEXT)):
        disputed = sa.select(Document).where(Document.account_id == cast.petit_port.id)
        latest = db.session.scalars(disputed.order_by(Document.id.desc()).limit(1)).one()
        until = clock.today() + dt.timedelta(days=45)
        service.set_aside(latest, "Colis arrivé incomplet, réclamation en cours", until, cast.ines.name)
        for account in (cast.grand_large, cast.petit_port):
            _remind(account, cast.ines.name)


def _remind(account: Account, actor: str) -> None:
    case = service.case(account)
    service.send(case, Level.COURTEOUS, actor, seen=case.mark)
