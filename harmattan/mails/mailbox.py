"""Fetch mail from a mailbox over IMAP, for houses whose mail server runs no command (`IMAP_*` settings)."""

import contextlib
import imaplib
import logging
import ssl
from collections.abc import Iterator

from flask import current_app

from harmattan.core import throttle
from harmattan.core.extensions import db
from harmattan.mails import receiving, rules

log = logging.getLogger(__name__)

AT_ONCE = 50
"""Mails that one look takes; the others wait for the next one."""


def poll() -> int:
    """Take what is unread; returns how much that was. A mailbox that does not answer is asked again later."""
    if not current_app.config["IMAP_SERVER"]:
        return 0
    try:
        with _mailbox() as mailbox:
            return sum(_take(mailbox, uid) for uid in _unread(mailbox)[:AT_ONCE])
    except (OSError, imaplib.IMAP4.error) as fault:
        log.warning("the mailbox cannot be read: %r", fault)
        return 0


@contextlib.contextmanager
def _mailbox() -> Iterator[imaplib.IMAP4]:
    settings = current_app.config
    server, port, patience = settings["IMAP_SERVER"], settings["IMAP_PORT"], settings["MAIL_TIMEOUT"]
    if settings["IMAP_USE_SSL"]:
        secured = ssl.create_default_context()
        mailbox: imaplib.IMAP4 = imaplib.IMAP4_SSL(server, port, ssl_context=secured, timeout=patience)
    else:
        mailbox = imaplib.IMAP4(server, port, timeout=patience)
    with mailbox:
        mailbox.login(settings["IMAP_USERNAME"], settings["IMAP_PASSWORD"])
        mailbox.select(settings["IMAP_FOLDER"])
        yield mailbox


def _unread(mailbox: imaplib.IMAP4) -> list[str]:
    _, found = mailbox.uid("SEARCH", "UNSEEN")
    return (found[0] or b"").decode("ascii", "replace").split()


def _take(mailbox: imaplib.IMAP4, uid: str) -> int:
    """Take one mail and mark it read; one that must wait, or fails for a reason of ours, stays unread."""
    _, parts = mailbox.uid("FETCH", uid, f"(BODY.PEEK[]<0.{rules.MOST_OCTETS + 1}>)")
    octets = next((part[1] for part in parts if isinstance(part, tuple)), None)
    if octets is None:
        return 0
    try:
        receiving.receive(octets)
    except throttle.TooMany:
        return 0
    except Exception:  # one bad mail must not keep the others out
        log.exception("mail %s of the mailbox cannot be taken", uid)
        db.session.rollback()
        return 0
    mailbox.uid("STORE", uid, "+FLAGS", "(\\Seen)")
    return 1
