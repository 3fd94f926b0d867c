"""Queue a message, and hand due messages to the mail server."""

import datetime as dt
import logging
import re
import secrets
import smtplib
from collections.abc import Sequence
from dataclasses import astuple
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import defer

from harmattan.core import clock, jobs, registry
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.core.settings import house
from harmattan.outbox import attachments, delivery, rendering
from harmattan.outbox.attachments import Attached
from harmattan.outbox.models import Delivery, OutboxMessage

log = logging.getLogger(__name__)

IN_DOUBT = dt.timedelta(hours=1)
"""How long a message waits that the server may have kept already: a copy an hour at most (F6)."""

_LINE_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029\x00]+")


class NoTextLeft(Refusal):
    """A mail that carried a password or a private link is not sent again."""

    title: ClassVar[str] = "Ce courriel ne se renvoie pas"


def queue(
    kind: str,
    to: str,
    *,
    service: Service,
    account_id: int | None = None,
    reference: str = "",
    reply_to: str = "",
    is_secret: bool = False,
    attached: Sequence[Attached] = (),
    **context: Any,
) -> OutboxMessage:
    """Write a message in the transaction of the fact it tells (R107).

    `templates/mail/<kind>.txt` gives the subject on its first line and the text after it. Files stay where
    they are kept until the message is sent.
    """
    attached = [
        *attached,
        *((account_id and registry.ask("outbox.along", kind, account_id, attached, context)) or ()),
    ]
    subject, body = rendering.text_of(kind, service=service, attached=attached, **context)
    message = OutboxMessage(
        **_new_ids(),
        kind=kind,
        service=service,
        recipient=one_line(to),
        reply_to=one_line(reply_to or house().service_mailboxes[service.value]),
        subject=one_line(subject)[:200],
        body=body,
        account_id=account_id,
        subject_reference=reference,
        is_secret=is_secret,
        attachments=[list(astuple(file)) for file in attached],
    )
    if not is_secret:
        message.delivery = registry.ask("outbox.delivery", kind, message.recipient) or Delivery.NOW
    if message.delivery is Delivery.PORTAL:
        jobs.finish(message)
    db.session.add(message)
    return message


def send_again(message: OutboxMessage, to: str) -> OutboxMessage:
    """A copy of a mail goes out under a Message-ID of its own; the first one stays as it was (R107).

    Raises `NoTextLeft` for a mail that carried a secret.
    """
    if message.is_secret:
        raise NoTextLeft(
            "Son texte portait un secret et n’est pas gardé : la personne peut en demander un autre."
        )
    copied = (
        "kind",
        "service",
        "reply_to",
        "subject",
        "body",
        "account_id",
        "subject_reference",
        "attachments",
    )
    facts = {name: getattr(message, name) for name in copied}
    again = OutboxMessage(**_new_ids(), recipient=one_line(to), **facts)
    db.session.add(again)
    return again


def about(reference: str) -> Sequence[OutboxMessage]:
    """The mails about an order or a thread, oldest first, without their texts (R107)."""
    return db.session.scalars(
        sa.select(OutboxMessage)
        .options(defer(OutboxMessage.body))
        .where(OutboxMessage.subject_reference == reference)
        .order_by(OutboxMessage.id)
    ).all()


def one_line(text: str) -> str:
    """The text without any line break, so that it can stand in a mail header."""
    return _LINE_BREAKS.sub(" ", text).strip()


def _new_ids() -> dict[str, str]:
    key, domain = secrets.token_hex(16), house().mail_sender.rpartition("@")[2]
    return {"key": key, "message_id": f"<{key}@{domain}>"}


def send_due() -> int:
    """Send what is due, at least once under one Message-ID; returns how many were taken.

    A message that cannot be sent waits or fails by itself: it never stops the ones behind it. A secret
    one is sent at most once: where a worker died over it, it is given up, and can be asked for again.
    """
    ids = jobs.claim(OutboxMessage, only=OutboxMessage.delivery == Delivery.NOW)
    for message_id in ids:
        message = db.session.get_one(OutboxMessage, message_id, populate_existing=True)
        if message.is_secret and message.tries > 1 and message.error is None:
            jobs.fail(message, "the worker stopped while sending", final=True)
        else:
            _send(message)
        if message.is_secret and message.state is not jobs.WorkState.WAITING:
            message.body = ""
        db.session.commit()
    return len(ids)


def _send(message: OutboxMessage) -> None:
    try:
        files = attachments.read(message.attachments)
        db.session.commit()  # nothing slow inside a transaction
        delivery.deliver(message, rendering.as_html(message.subject, message.body), files)
    except smtplib.SMTPResponseException as refusal:
        final = 500 <= refusal.smtp_code < 600
        jobs.fail(message, f"{refusal.smtp_code} {refusal.smtp_error!r}", final=final)
    except smtplib.SMTPRecipientsRefused as refusal:
        code, text = next(iter(refusal.recipients.values()))
        jobs.fail(message, f"{code} {text!r}", final=code >= 500)
    except delivery.InDoubt as doubt:
        jobs.fail(message, repr(doubt), final=message.is_secret, at_least=IN_DOUBT)
    except (OSError, smtplib.SMTPException) as fault:
        jobs.fail(message, repr(fault))
    except Exception as fault:  # a message that cannot even be written goes to the failed ones
        log.exception("message %s cannot be sent", message.message_id)
        jobs.fail(message, repr(fault), final=True)
    else:
        jobs.finish(message)
        message.sent_at = clock.now()
