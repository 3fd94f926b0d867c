"""Mails as they come in: a reply, a mail server's report, an absence, and what attackers send."""

import email.policy
import itertools
from email.message import EmailMessage
from typing import Any

import sqlalchemy as sa

from harmattan.core.extensions import db
from harmattan.mails.models import IncomingMail
from harmattan.outbox.models import OutboxMessage

KARIM, ANNE = "karim@grandlarge.example", "anne@grandlarge.example"

_numbers = itertools.count(1)


def letter(
    text: str = "Merci, 8 exemplaires.",
    *,
    sender: str = f"Karim Benali <{KARIM}>",
    to: str = "reponse@harmattan.example",
    subject: str = "Re: Message reçu",
    **headers: str,
) -> bytes:
    """A mail by a person, as their mail program writes it; `In_Reply_To="<…>"` gives any other header."""
    message = written(sender=sender, to=to, subject=subject, **headers)
    message.set_content(text)
    return bytes(message)


def written(
    *, sender: str = f"Karim Benali <{KARIM}>", to: str, subject: str = "Re", **headers: str
) -> EmailMessage:
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"], message["To"], message["Subject"] = sender, to, subject
    for name, value in ({"Message_ID": f"<{next(_numbers)}@shop.example>"} | headers).items():
        message[name.replace("_", "-")] = value
    return message


def with_file(name: str, content: bytes, to: str, media_type: str = "application/octet-stream") -> bytes:
    message = written(to=to)
    message.set_content("Voici.")
    maintype, _, subtype = media_type.partition("/")
    message.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    return bytes(message)


def report(original: str, action: str = "failed", diagnosis: str = "smtp; 550 5.1.1 no such user") -> bytes:
    """A mail server's report about a mail of ours (RFC 3464)."""
    status = "5.1.1" if action == "failed" else "4.4.1"
    return f"""Return-Path: <>
From: MAILER-DAEMON@relay.example (Mail Delivery System)
To: espace-libraires@harmattan.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <report-{next(_numbers)}@relay.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; {KARIM}
Action: {action}
Status: {status}
Diagnostic-Code: {diagnosis}

--B
Content-Type: text/rfc822-headers

From: commercial@harmattan.example
Message-ID: {original}
Subject: Message

--B--
""".replace("\n", "\r\n").encode()


def answered(kind: str = "message_received") -> OutboxMessage:
    """The latest mail of ours of a kind: what people reply to."""
    mails = sa.select(OutboxMessage).where(OutboxMessage.kind == kind).order_by(OutboxMessage.id.desc())
    found = db.session.scalars(mails).first()
    assert found is not None
    return found


def taken_in() -> list[IncomingMail]:
    return list(db.session.scalars(sa.select(IncomingMail).order_by(IncomingMail.id)))


def the_one() -> Any:
    [mail] = taken_in()
    return mail
