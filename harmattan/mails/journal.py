"""The mails that the portal sent, with their state (R107): for a shop, and for the staff."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import abort, url_for
from flask_login import current_user
from sqlalchemy.orm import defer

from harmattan.core import audit, clock
from harmattan.core.extensions import Instant, db
from harmattan.core.jobs import WorkState
from harmattan.core.services import Service
from harmattan.core.typography import moment
from harmattan.core.worklist import Work
from harmattan.outbox import feedback
from harmattan.outbox import service as outbox
from harmattan.outbox.models import Delivery, OutboxMessage

PAGE_LENGTH = 50

FILTERS: dict[str, tuple[str, list[sa.ColumnElement[bool]]]] = {
    "non-remis": ("Non remis", [OutboxMessage.state == WorkState.FAILED]),
    "en-attente": (
        "En attente",
        [OutboxMessage.state.in_((WorkState.WAITING, WorkState.RUNNING))],
    ),
    "envoyes": ("Envoyés", [OutboxMessage.state == WorkState.DONE]),
}
"""What staff may look for: (label, conditions)."""

_STATES = {
    WorkState.WAITING: ("En attente d’envoi", "att"),
    WorkState.RUNNING: ("En cours d’envoi", "cours"),
    WorkState.DONE: ("Envoyé", "fait"),
    WorkState.FAILED: ("Non remis", "err"),
}


def state_of(mail: OutboxMessage) -> tuple[str, str]:
    """(words, tone) for whoever reads the mail."""
    if mail.delivery is Delivery.PORTAL:
        return "Lisible ici seulement", ""
    if mail.delivery is Delivery.DIGEST:
        return (
            ("Dans le prochain résumé", "att")
            if mail.state is WorkState.WAITING
            else ("Résumé envoyé", "fait")
        )
    return _STATES[mail.state]


@dataclass(frozen=True)
class Page:
    """A page of mails, the latest first, and whether older ones follow."""

    mails: Sequence[OutboxMessage]
    has_older: bool


def page_of_shop(before: str) -> Page:
    """Mails to the person logged in; to the whole shop for its principal user."""
    return _page(_visible(), before)


def mail_or_404(key: str) -> OutboxMessage:
    """One by its Message-ID's first part: 404 unless it is the account's, 403 when it is a colleague's."""
    found = _by_key(_of_account(), key)
    if not (current_user.is_principal or found.recipient == current_user.email):
        abort(403)
    return found


def page_of_service(state: str, words: str, before: str) -> Page:
    """Mails of one's service in a state, to an address or about a reference."""
    mails = _of_service().where(*FILTERS[state][1])
    if words:
        about = OutboxMessage.subject_reference == words.upper()
        mails = mails.where(about | OutboxMessage.recipient.icontains(words, autoescape=True))
    return _page(mails, before)


def work(service: Service) -> Work:
    """Mails that did not arrive (R107), for the worklist of the service that sent them."""
    failed = (OutboxMessage.state == WorkState.FAILED, OutboxMessage.service == service)
    count = db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage).where(*failed)) or 0
    one, many = "courriel non remis", "courriels non remis"
    return Work(one, many, url_for("staff.mails.index", etat="non-remis"), count)


def staff_mail_or_404(key: str) -> OutboxMessage:
    return _by_key(_of_service(), key)


def send_again(mail: OutboxMessage, to: str) -> OutboxMessage:
    """Send a copy, to the same address or a corrected one; the failed one says so and is settled."""
    again = outbox.send_again(mail, to)
    said = f"Renvoyé à {again.recipient} par {current_user.name}, {moment(clock.now())}"
    feedback.remarked(mail, said)
    if mail.state is WorkState.FAILED:
        mail.state = WorkState.DONE
    audit.record("mails.send_again", mail.subject_reference or mail.kind, actor=current_user.name, to=to)
    return again


def _page(mails: sa.Select[OutboxMessage], before: str) -> Page:
    """The same cost wherever it begins."""
    order = (OutboxMessage.created_at, OutboxMessage.id)
    position = sa.select(*order).where(OutboxMessage.key == before)
    if last := db.session.execute(position).one_or_none() if before else None:
        here = sa.tuple_(sa.literal(last.created_at, Instant), sa.literal(last.id))
        mails = mails.where(sa.tuple_(*order) < here)
    rows = mails.options(defer(OutboxMessage.body)).order_by(*(column.desc() for column in order))
    found = db.session.scalars(rows.limit(PAGE_LENGTH + 1)).all()
    return Page(found[:PAGE_LENGTH], len(found) > PAGE_LENGTH)


def _by_key(mails: sa.Select[OutboxMessage], key: str) -> OutboxMessage:
    found = db.session.scalar(mails.where(OutboxMessage.key == key))
    return found if found is not None else abort(404)


def _of_service() -> sa.Select[OutboxMessage]:
    mails = sa.select(OutboxMessage)
    if current_user.service is Service.SETTINGS:
        return mails
    return mails.where(OutboxMessage.service == current_user.service)


def _visible() -> sa.Select[OutboxMessage]:
    mails = _of_account()
    return mails if current_user.is_principal else mails.where(OutboxMessage.recipient == current_user.email)


def _of_account() -> sa.Select[OutboxMessage]:
    mails = sa.select(OutboxMessage).where(OutboxMessage.account_id == current_user.account_id)
    looking = current_user.seen_by
    return mails if looking is None else mails.where(OutboxMessage.service == looking.service)
