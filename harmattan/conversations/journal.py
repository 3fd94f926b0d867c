"""« Messages reçus »: the mails that the portal sent to a shop, with their state (R107)."""

import sqlalchemy as sa
from flask import abort
from flask_login import current_user

from harmattan.core.extensions import db
from harmattan.core.jobs import WorkState
from harmattan.outbox.models import OutboxMessage

SHOWN = 100

STATES = {
    WorkState.WAITING: ("En attente d’envoi", "att"),
    WorkState.RUNNING: ("En cours d’envoi", "cours"),
    WorkState.DONE: ("Envoyé", "fait"),
    WorkState.FAILED: ("Non remis : vérifiez l’adresse avec nous", "err"),
}


def latest() -> list[OutboxMessage]:
    """The latest mails to the person logged in; to the whole shop for its principal user."""
    mails = _visible().order_by(OutboxMessage.created_at.desc(), OutboxMessage.id.desc())
    return list(db.session.scalars(mails.limit(SHOWN)))


def mail_or_404(key: str) -> OutboxMessage:
    """One by its Message-ID's first part: 404 unless it is the account's, 403 when it is a colleague's."""
    if not key.isalnum():
        abort(404)
    found = db.session.scalar(_of_account().where(OutboxMessage.message_id.startswith(f"<{key}@")))
    if found is None:
        abort(404)
    if not (current_user.is_principal or found.recipient == current_user.email):
        abort(403)
    return found


def _visible() -> sa.Select[OutboxMessage]:
    mails = _of_account()
    return mails if current_user.is_principal else mails.where(OutboxMessage.recipient == current_user.email)


def _of_account() -> sa.Select[OutboxMessage]:
    mails = sa.select(OutboxMessage).where(OutboxMessage.account_id == current_user.account_id)
    looking = current_user.seen_by
    return mails if looking is None else mails.where(OutboxMessage.service == looking.service)
