"""The whole demonstration, in one go and only once."""

import datetime as dt

import sqlalchemy as sa
from flask import current_app

from harmattan.access.models import Account
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.jobs import WorkState
from harmattan.demo import (
    access,
    accounts,
    answers,
    bank,
    books,
    catalogue,
    documents,
    dossiers,
    exchanges,
    lcr,
    mails,
    messages,
    orders,
    payments,
    people,
    quotes,
    reminders,
    returns,
    settings,
    tariffs,
)
from harmattan.outbox.models import OutboxMessage

_STILL_TO_SEND = dt.timedelta(minutes=30)


class NotInProduction(Exception):
    """Invented shops and a known password have no place in production."""


def load(titles: int = books.COUNT) -> bool:
    """Load the demonstration and commit; False, and nothing changed, where accounts are already there."""
    if current_app.config["ENV_NAME"] == "production":
        raise NotInProduction
    if db.session.scalar(sa.select(Account.id).limit(1)) is not None:
        return False
    stocked = catalogue.add(titles)
    cast = people.add()
    tariffs.add(clock.today())
    ledger = documents.Ledger(cast)
    references = orders.add(cast, stocked, ledger.history())
    ledger.settle()
    reminders.add(cast)
    quotes.add(cast)
    exchanges.add(cast)
    orders.leave_a_cart(cast.karim)
    payments.add(cast)
    lcr.add(cast, access.add(cast), *(ledger.issued[name] for name in ("drawn", "unpaid", "latest")))
    bank.add(cast)
    returns.add(cast)
    dossiers.add(cast)
    messages.add(cast, references)
    answers.add()
    mails.add(cast)
    accounts.add(cast)
    settings.add(cast)
    _send_old_mail()
    db.session.commit()
    mails.come_in()
    return True


def _send_old_mail() -> None:
    """Mail of the past went out at once; only the latest waits for the worker."""
    db.session.flush()
    db.session.execute(
        sa.update(OutboxMessage)
        .where(OutboxMessage.created_at < clock.now() - _STILL_TO_SEND)
        .values(state=WorkState.DONE, sent_at=OutboxMessage.created_at)
        .execution_options(synchronize_session=False)
    )
