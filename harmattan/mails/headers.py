"""Headers of a mail that nobody vouches for: one line each, encoded words read, addresses checked."""

import email.errors
import email.header
import email.utils
import re
from email.message import Message

from email_validator import EmailNotValidError, validate_email

from harmattan.conversations.rules import plain_text
from harmattan.outbox.service import one_line

_LONGEST = 10_000
_ID = re.compile(r"<[^<>\s]{3,200}>")
_TO_US = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "Resent-To")
_MOST_RECIPIENTS = 50


def line(message: Message, name: str) -> str:
    """A header as text; nothing where it is missing."""
    return decoded(str(message.get(name, "")))


def decoded(given: str) -> str:
    """Encoded words read (RFC 2047), on one line, without control characters."""
    given = given[:_LONGEST]
    try:
        read = str(email.header.make_header(email.header.decode_header(given)))
    except (ValueError, LookupError, email.errors.MessageError):
        read = given
    return plain_text(one_line(read)).replace("\n", " ").replace("\t", " ").strip()


def ids(text: str) -> list[str]:
    """Every Message-ID in a text."""
    return _ID.findall(text)


def recipients(message: Message) -> list[str]:
    """Every address that the mail says it was sent to."""
    given = [str(value)[:_LONGEST] for name in _TO_US for value in message.get_all(name, [])[:5]]
    found = (_normal(address) for _, address in email.utils.getaddresses(given))
    return [address for address in found if address][:_MOST_RECIPIENTS]


def only_person(message: Message) -> tuple[str, str]:
    """(name, address) of a From that names one person; two nothings for any other."""
    given = str(message.get("From", ""))[:_LONGEST]
    found = [pair for pair in email.utils.getaddresses([given]) if any(pair)]
    if len(found) != 1 or len(message.get_all("From", [])) != 1:
        return "", ""
    name, address = found[0]
    return decoded(name), _normal(address)


def _normal(address: str) -> str:
    """An address in small letters, or nothing where it is not one."""
    try:
        return validate_email(one_line(address), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return ""
