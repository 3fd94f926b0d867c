"""The way out: SMTP where a server is configured, else one `.eml` file a message in `instance/mail/`."""

import email.policy
import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

from flask import current_app
from flask_mail import Connection

from harmattan.core import clock
from harmattan.core.settings import house
from harmattan.outbox.attachments import AttachedFile
from harmattan.outbox.models import OutboxMessage


class InDoubt(Exception):
    """The server was given the whole message and said nothing: it may have kept it (F6)."""


class _Doubting:
    """An SMTP client that tells a line cut after the message from one cut before."""

    def data(self, message: Any) -> tuple[int, bytes]:
        try:
            return super().data(message)  # type: ignore[misc]
        except smtplib.SMTPServerDisconnected as fault:
            raise InDoubt(str(fault)) from fault


class _Plain(_Doubting, smtplib.SMTP): ...


class _OverTls(_Doubting, smtplib.SMTP_SSL): ...


class VerifiedConnection(Connection):
    """Flask-Mail's connection with a time-out and the server's certificate checked."""

    def configure_host(self) -> smtplib.SMTP | smtplib.SMTP_SSL:
        timeout = current_app.config["MAIL_TIMEOUT"]
        context = ssl.create_default_context()
        if self.mail.use_ssl:
            host: _Plain | _OverTls = _OverTls(
                self.mail.server, self.mail.port, context=context, timeout=timeout
            )
        else:
            host = _Plain(self.mail.server, self.mail.port, timeout=timeout)
        if self.mail.use_tls:
            host.starttls(context=context)
        if self.mail.username and self.mail.password:
            host.login(self.mail.username, self.mail.password)
        return host

    def __exit__(self, *raised: Any) -> None:
        """Whatever becomes of the leave-taking: a message that was taken is sent."""
        with suppress(OSError, smtplib.SMTPException):
            super().__exit__(*raised)


def deliver(message: OutboxMessage, html: str, files: Sequence[AttachedFile] = ()) -> None:
    """Hand one message over; raises what the mail server said, `InDoubt` where it said nothing."""
    written = as_email(message, html, files)
    if not current_app.config["MAIL_SERVER"]:
        _keep_as_file(written, message)
        return
    state = current_app.extensions["mail"]
    with VerifiedConnection(state) as connection:
        host = cast(smtplib.SMTP, connection.host)
        host.send_message(written, from_addr=house().mail_sender, to_addrs=[message.recipient])


def as_email(message: OutboxMessage, html: str, files: Sequence[AttachedFile] = ()) -> EmailMessage:
    """The message as it goes out: complete text first, then the HTML twin, then its files."""
    written = EmailMessage(policy=email.policy.SMTP)
    written["Subject"] = message.subject
    name = f"{house().name}, {message.service.label.lower()}"
    written["From"] = Address(name, addr_spec=house().service_mailboxes[message.service.value])
    written["To"] = message.recipient
    written["Reply-To"] = message.reply_to
    written["Message-ID"] = message.message_id
    written["Date"] = clock.in_paris(message.created_at)
    written["Auto-Submitted"] = "auto-generated"
    written.set_content(message.body)
    written.add_alternative(html, subtype="html")
    for file in files:
        maintype, _, subtype = file.media_type.partition("/")
        written.add_attachment(file.content, maintype=maintype, subtype=subtype, filename=file.name)
    written["Content-Language"] = "fr"  # last: earlier it would move into the first part
    return written


def _keep_as_file(written: EmailMessage, message: OutboxMessage) -> None:
    folder = Path(current_app.instance_path, "mail")
    folder.mkdir(exist_ok=True)
    Path(folder, f"{message.created_at:%Y%m%d-%H%M%S}-{message.key}.eml").write_bytes(bytes(written))
