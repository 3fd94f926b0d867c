"""Read one mail as it came: who wrote, about what, its text, its files, and whether a person wrote it.

Octets in, a `Letter` out. The standard library's parser meets hostile mail here, so everything is bounded
before it is asked, and no header is believed to be well formed (`headers`).
"""

import codecs
import email
import email.policy
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from harmattan.conversations import attachments
from harmattan.conversations.attachments import NewFile, RefusedFile
from harmattan.conversations.rules import plain_text
from harmattan.mails import headers, rules
from harmattan.mails.reply_text import new_part
from harmattan.mails.rules import Nature

_MANY_PARTS = re.compile(rb"boundary", re.IGNORECASE)
_CODECS = ("utf", "iso8859", "cp", "ascii", "latin", "koi8", "gb", "big5", "shift_jis", "euc", "mac")
_ROBOTS = ("X-Autoreply", "X-Autorespond", "List-Id", "List-Unsubscribe")
_REPORT_OCTETS = 1_000_000
_REPORTED = {"failed": Nature.BOUNCE, "delayed": Nature.DELAY}
_BULK = ("bulk", "junk", "list", "auto_reply", "auto-reply")


class Unreadable(ValueError):
    """Too many parts, or nested too deeply, to be read safely."""


@dataclass
class Letter:
    """One mail as it was read. No text in it has control characters, no one-line text a line break."""

    message_id: str
    """As the sender gave it; of a mail without one, a word made from its octets."""
    sender: str = ""
    """The one address of From; nothing where it is missing, several or malformed."""
    sender_name: str = ""
    recipients: list[str] = field(default_factory=list)
    subject: str = ""
    references: list[str] = field(default_factory=list)
    """The Message-IDs it answers or reports about, the nearest first."""
    text: str = ""
    files: list[NewFile] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """What is said, in French, about each file that is not taken."""
    nature: Nature = Nature.PERSON
    diagnosis: str = ""
    """What a mail server says about a mail of ours."""

    @property
    def reply(self) -> str:
        """What enters a thread: the new part of the text, and what became of the files that are refused."""
        said = new_part(self.text)
        if len(said) > rules.LONGEST_REPLY:
            said = said[: rules.LONGEST_REPLY].rstrip() + " […]"
        left_out = [f"Pièce jointe non reprise : {fault}." for fault in self.refused]
        return "\n\n".join(part for part in (said, *left_out) if part) or "(courriel sans texte)"


def read(octets: bytes) -> Letter:
    """The mail of these octets; raises `Unreadable`."""
    if len(_MANY_PARTS.findall(octets)) > rules.MOST_PARTS:
        raise Unreadable("too many parts")
    try:
        message = email.message_from_bytes(octets, policy=email.policy.compat32)
        return _letter(message, octets)
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError, IndexError) as fault:
        raise Unreadable(repr(fault)) from fault


def read_head(octets: bytes) -> Letter:
    """The beginning of a mail that cannot be read whole: its headers, and its text as it stands."""
    head, _, body = octets[: rules.HEAD_OCTETS].partition(
        b"\n\n" if b"\r\n" not in octets[:4096] else b"\r\n\r\n"
    )
    letter = _envelope(email.message_from_bytes(head, policy=email.policy.compat32), octets)
    letter.text = plain_text(body.decode("utf-8", "replace"))[: rules.LONGEST_REPLY]
    return letter


def _letter(message: Message, octets: bytes) -> Letter:
    letter = _envelope(message, octets)
    parts = list(_parts(message))
    letter.text = plain_text(_body(message))[: rules.LONGEST_TEXT]
    for part in parts:
        _take_file(letter, part)
    letter.nature, letter.diagnosis = _nature(message, parts)
    if letter.nature in (Nature.BOUNCE, Nature.DELAY):
        letter.references += headers.ids(octets[:_REPORT_OCTETS].decode("ascii", "replace"))[:200]
    return letter


def _envelope(message: Message, octets: bytes) -> Letter:
    given = headers.ids(headers.line(message, "Message-ID"))
    name, sender = headers.only_person(message)
    references = headers.ids(headers.line(message, "References"))[-20:]
    return Letter(
        message_id=given[0] if given else f"<{hashlib.sha256(octets).hexdigest()}>",
        sender=sender,
        sender_name=name[:120],
        recipients=headers.recipients(message),
        subject=headers.line(message, "Subject")[:200],
        references=[*headers.ids(headers.line(message, "In-Reply-To"))[:5], *reversed(references)],
    )


# parts


def _parts(message: Message) -> Iterator[Message]:
    """Every part that holds something, in order; what a forwarded mail holds is its own affair."""
    waiting: list[tuple[Message, int]] = [(message, 0)]
    seen = 0
    while waiting:
        part, depth = waiting.pop(0)
        seen += 1
        if seen > rules.MOST_PARTS or depth > rules.DEEPEST_PART:
            raise Unreadable("too many parts")
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            waiting = [(inner, depth + 1) for inner in _inner(part)] + waiting
        else:
            yield part


def _inner(part: Message) -> list[Message]:
    held = part.get_payload()
    return [one for one in held if isinstance(one, Message)] if isinstance(held, list) else []


def _is_file(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _body(part: Message) -> str:
    """The text of a part, the plain one of two alternatives."""
    if _is_file(part):
        return ""
    if part.get_content_maintype() == "multipart":
        inner = _inner(part)
        if part.get_content_subtype() == "alternative":
            plain_first = sorted(inner, key=lambda one: one.get_content_type() != "text/plain")
            return next((text for one in plain_first if (text := _body(one).strip())), "")
        if part.get_content_subtype() == "report":
            inner = inner[:1]
        return "\n\n".join(text for one in inner if (text := _body(one).strip()))
    if part.get_content_type() == "text/plain":
        return _decoded(part)
    if part.get_content_type() != "text/html":
        return ""
    from harmattan.mails.html_text import text_of_html  # noqa: PLC0415 -- 4 MB of lxml, for such a mail

    return text_of_html(_decoded(part))


def _decoded(part: Message) -> str:
    """The part's text, whatever it says about its alphabet."""
    octets = part.get_payload(decode=True)
    if not isinstance(octets, bytes):
        return ""
    for charset in (_charset(part), "utf-8"):
        try:
            return octets.decode(charset)
        except (UnicodeError, LookupError):
            continue
    return octets.decode("cp1252", "replace")


def _charset(part: Message) -> str:
    """The alphabet named, if it is one: Python's other codecs are no business of a stranger."""
    try:
        name = codecs.lookup(part.get_content_charset("utf-8")).name.replace("-", "")
    except (LookupError, ValueError):
        return "utf-8"
    return name if name.startswith(_CODECS) and name != "utf7" else "utf-8"


def _take_file(letter: Letter, part: Message) -> None:
    if part.get_content_type() == "message/rfc822":
        letter.refused.append("« courriel transféré » n’est pas accepté : copiez son texte")
        return
    if not _is_file(part):
        return
    content = part.get_payload(decode=True)
    try:
        if len(letter.files) >= rules.MOST_FILES:
            raise RefusedFile(f"seules les {rules.MOST_FILES} premières sont prises")
        name = headers.decoded(part.get_filename() or "fichier")
        letter.files.append(attachments.accept(name, content if isinstance(content, bytes) else b""))
    except RefusedFile as fault:
        letter.refused.append(str(fault))


# who wrote it


def _nature(message: Message, parts: list[Message]) -> tuple[Nature, str]:
    """Whether a person wrote it (RFC 3834, RFC 3464), and what a mail server says in it."""
    reports = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    if reports:
        said = _said_by_server(reports[0])
        told = (word for word in said.lower().split(", "))
        return next((_REPORTED[word] for word in told if word in _REPORTED), Nature.AUTOMATIC), said
    automatic = headers.line(message, "Auto-Submitted").lower()
    precedence = headers.line(message, "Precedence").lower()
    if automatic not in ("", "no") or precedence in _BULK or any(name in message for name in _ROBOTS):
        return Nature.AUTOMATIC, ""
    if headers.line(message, "Return-Path") == "<>" or headers.line(message, "From").lower().startswith(
        "mailer-daemon"
    ):
        return Nature.AUTOMATIC, ""
    return Nature.PERSON, ""


def _said_by_server(report: Message) -> str:
    """The fields of a delivery report that tell what happened, on one line."""
    told = [
        value
        for name in ("Action", "Status", "Diagnostic-Code")
        for group in _inner(report)
        if (value := headers.line(group, name))
    ]
    return ", ".join(dict.fromkeys(told))[:500]
