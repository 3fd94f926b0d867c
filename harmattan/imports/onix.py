"""ONIX 3 files, record by record: bounded memory, no entities, no network (domain.md §0 trap 9, §2).

A file that is no sound ONIX message raises `UnreadableFile`, whose French message says where and why.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from harmattan.imports.onix_names import COMPOSITES, NAMESPACES, VALUES
from harmattan.imports.plain_text import plain_text

CHUNK = 64 * 1024
HEAD_CHUNK = 16
"""So few octets at a time that a DOCTYPE is seen before anything that uses it."""
DEEPEST = 8
"""Composites within composites; ONIX has five."""
MAXIMUM_RECORD = 2 * 1024 * 1024
"""Octets that may pass without a record coming to its end."""

_PACKED = {b"\x1f\x8b": "gzip", b"PK": "zip", b"BZh": "bzip2", b"7z": "7-Zip", b"\xfd7zXZ": "xz"}
_WEB_PAGE = (b"<!doctype html", b"<html")
WEB_PAGE = "Ce fichier est une page HTML, pas un message ONIX"
_PRODUCTS = ("{*}Product", "{*}product")
_HEADERS = ("{*}Header", "{*}header")
_SENT_AT = re.compile(r"(\d{8})(?:T?(\d{4})(\d{2})?(Z|[+-]\d{4})?)?")


class UnreadableFile(Exception):
    """The file is no ONIX 3 message that we can read to its end."""


@dataclass(frozen=True)
class Header:
    """Who sent the message and when, and what its records leave unsaid."""

    sender: str = ""
    message_number: int | None = None
    sent_at: dt.datetime | None = None
    language: str = "fre"
    price_type: str = ""
    currency: str = "EUR"


class Node:
    """A composite element: the texts and the composites in it that we know, by reference name."""

    __slots__ = ("parts",)

    def __init__(self) -> None:
        self.parts: dict[str, list[Any]] = {}

    def all(self, name: str) -> "list[Node]":
        """The composites of this name, in the order of the file."""
        return self.parts.get(name, [])

    def first(self, name: str) -> "Node | None":
        found = self.parts.get(name)
        return found[0] if found else None

    def values(self, name: str) -> list[str]:
        """The texts of a repeatable element."""
        return self.parts.get(name, [])

    def value(self, name: str) -> str:
        """The text of the first element of this name; nothing where there is none."""
        found = self.parts.get(name)
        return found[0] if found else ""


DATE_FORMAT = "DateFormat"
"""Where the attribute `dateformat` is kept, as if it were the element of older messages."""


def read_header(stream: BinaryIO) -> Header:
    """Who sent the message: reads no further than its first record."""
    for _, element in _events(stream, (*_HEADERS, *_PRODUCTS)):
        return _header(_node(element)) if _is_header(element) else Header()
    return Header()


def count_records(stream: BinaryIO) -> int:
    """Read the whole file, so that a broken one is refused before anything is written."""
    return sum(1 for _ in _events(stream, _PRODUCTS))


def records(stream: BinaryIO) -> Iterator[Node]:
    """The records, one by one; the memory of each is freed before the next is read."""
    for _, element in _events(stream, _PRODUCTS):
        yield _node(element)


def _events(stream: BinaryIO, tags: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    _look_at_beginning(stream)
    parser = _parser(("end",), tags)
    since_record = 0
    while chunk := stream.read(CHUNK):
        _feed(parser, chunk)
        since_record += len(chunk)
        for event, element in parser.read_events():
            since_record = 0
            yield event, element
            _forget(element)
        if since_record > MAXIMUM_RECORD:
            raise UnreadableFile(
                f"Le fichier contient un passage de plus de {MAXIMUM_RECORD >> 20} Mo sans aucune notice"
            )
    _close(parser)


def _parser(events: tuple[str, ...], tags: tuple[str, ...] | None = None) -> Any:
    from lxml import etree  # noqa: PLC0415 -- 4 MB, for who reads a message

    return etree.XMLPullParser(
        events=events,
        tag=tags,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _look_at_beginning(stream: BinaryIO) -> None:
    """Refuse what is not an ONIX 3 message by its first element; nothing after it is parsed yet."""
    stream.seek(0)
    parser, length = _parser(("start",)), 0
    while chunk := stream.read(HEAD_CHUNK):
        if not length:
            _refuse_by_beginning(chunk)
        length += len(chunk)
        _feed(parser, chunk)
        for _, root in parser.read_events():
            _check_root(root)
            stream.seek(0)
            return
        if length > MAXIMUM_RECORD:
            break
    if not length:
        raise UnreadableFile("Le fichier est vide")
    raise UnreadableFile("Ce fichier n’est pas un message ONIX : aucun élément XML n’y a été trouvé")


def _refuse_by_beginning(start: bytes) -> None:
    for magic, name in _PACKED.items():
        if start.startswith(magic):
            raise UnreadableFile(f"Ce fichier est compressé ({name}) : décompressez-le, puis renvoyez le XML")
    if start.lstrip().lower().startswith(_WEB_PAGE):
        raise UnreadableFile(WEB_PAGE)


def _check_root(root: Any) -> None:
    space, name = _qualified(root)
    if name.lower() == "html":
        raise UnreadableFile(WEB_PAGE)
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableFile("Le fichier contient une déclaration DOCTYPE, refusée par sécurité : retirez-la")
    if name.lower() != "onixmessage" or space not in NAMESPACES:
        raise UnreadableFile(f"Ce fichier n’est pas un message ONIX 3 : il commence par « {name[:40]} »")
    release = root.get("release") or (space or "///").split("/")[-2]
    if not release.startswith(("3.0", "3.1")):
        raise UnreadableFile(f"Version ONIX « {release[:10]} » : envoyez un message ONIX 3.0 ou 3.1")


def _feed(parser: Any, chunk: bytes) -> None:
    try:
        parser.feed(chunk)
    except SyntaxError as fault:  # lxml's, which is one
        raise _broken(fault.lineno, fault.offset, fault.msg) from None
    for entry in parser.feed_error_log.filter_from_fatals():  # an unknown entity raises nothing
        raise _broken(entry.line, entry.column, entry.message)


def _close(parser: Any) -> None:
    try:
        parser.close()
    except SyntaxError as fault:
        if "Extra content" in fault.msg:
            raise _broken(fault.lineno, fault.offset, fault.msg) from None
        raise UnreadableFile(
            f"Le fichier est coupé : il s’arrête à la ligne {fault.lineno}, colonne {fault.offset}"
        ) from None


def _broken(line: int | None, column: int | None, said: str) -> UnreadableFile:
    return UnreadableFile(
        f"Le fichier n’est pas un XML correct : erreur à la ligne {line}, colonne {column}"
        f" ({' '.join(said.split())[:120]})"
    )


def _forget(element: Any) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _is_header(element: Any) -> bool:
    return _qualified(element)[1] in ("Header", "header")


def _qualified(element: Any) -> tuple[str, str]:
    """(namespace, local name) of an element."""
    space, _, name = element.tag.rpartition("}")
    return space[1:], name


def _node(element: Any, depth: int = DEEPEST) -> Node:
    """The composite as our own tree, without what we do not read, nor deeper than any message goes."""
    node = Node()
    parts = node.parts
    for child in element:
        tag = child.tag
        if name := VALUES.get(tag):
            text = plain_text(child) if name == "Text" else (child.text or "").strip()
            parts.setdefault(name, []).append(text)
            if name == "Date" and (form := child.get("dateformat")):
                parts[DATE_FORMAT] = [form]
        elif depth and (name := COMPOSITES.get(tag)):
            parts.setdefault(name, []).append(_node(child, depth - 1))
    return node


def _header(node: Node) -> Header:
    sender = node.first("Sender") or Node()
    identifier = sender.first("SenderIdentifier") or Node()
    number = node.value("MessageNumber")
    return Header(
        sender=(sender.value("SenderName") or identifier.value("IDValue"))[:120],
        message_number=int(number) if number.isascii() and number.isdigit() and len(number) < 16 else None,
        sent_at=_sent_at(node.value("SentDateTime")),
        language=node.value("DefaultLanguageOfText")[:3] or "fre",
        price_type=node.value("DefaultPriceType"),
        currency=node.value("DefaultCurrencyCode") or "EUR",
    )


def _sent_at(text: str) -> dt.datetime | None:
    """20261122 or 20261122T0600+0100; without a zone it is UTC. None where it cannot be read."""
    match = _SENT_AT.fullmatch(text)
    if match is None:
        return None
    day, minutes, seconds, zone = match.groups()
    try:
        return dt.datetime.strptime(
            f"{day}{minutes or '0000'}{seconds or '00'}{(zone or 'Z')}", "%Y%m%d%H%M%S%z"
        ).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
