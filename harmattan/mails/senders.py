"""Who may write by mail, and as whom: a From proves nothing by itself, so it must fit what is answered."""

import sqlalchemy as sa

from harmattan.access.models import User
from harmattan.conversations.models import Thread
from harmattan.conversations.service import Writer
from harmattan.core.extensions import db
from harmattan.outbox.models import OutboxMessage


def writer(sender: str, thread: Thread | None, answers: OutboxMessage | None) -> Writer | None:
    """Somebody who may write: a reader of the thread, or whom the mail that is answered was sent to."""
    if thread is not None:
        return _reader(sender, thread)
    if answers is None or answers.account_id is None or answers.recipient.lower() != sender:
        return None
    user = _user(sender, User.account_id == answers.account_id)
    return Writer.of(user) if user else Writer(sender, sender, account_id=answers.account_id)


def supposed(name: str, sender: str) -> Writer:
    """Whom somebody of the staff takes the sender for: the bookseller of this address, or a stranger."""
    user = _user(sender, User.account_id.is_not(None))
    return Writer.of(user) if user else Writer(name or sender, sender)


def _reader(sender: str, thread: Thread) -> Writer | None:
    """The one who opened the thread, or the principal user of the shop."""
    user = _user(sender, User.account_id == thread.account_id)
    if user is not None and (user.is_principal or thread.opened_by_id in (None, user.id)):
        return Writer.of(user)
    opened_by_nobody = thread.opened_by_id is None and sender == thread.customer_email.lower()
    return Writer.who_opened(thread) if opened_by_nobody else None


def _user(email: str, of_account: sa.ColumnElement[bool]) -> User | None:
    return db.session.scalar(
        sa.select(User).where(User.email == email, of_account, User.disabled_at.is_(None))
    )
