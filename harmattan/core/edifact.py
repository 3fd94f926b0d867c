"""EDIFACT interchanges: written and read by pydifact, their envelope checked by us (domain.md §3.2).

pydifact escapes and splits; it counts nothing when it reads. An interchange whose counts or references do not
agree has lost something on its way: it is refused whole, with the reason.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pydifact.control import Characters
from pydifact.exceptions import EDISyntaxError, ValidationError
from pydifact.parser import Parser
from pydifact.segmentcollection import Interchange as Written
from pydifact.segmentcollection import Message as WrittenMessage
from pydifact.segments import Segment, SegmentFactory

MOST_SEGMENTS = 60_000
CHARACTER_SETS = {"UNOA": "latin-1", "UNOB": "latin-1", "UNOC": "latin-1", "UNOW": "utf-8", "UNOY": "utf-8"}
"""How octets are read under each syntax identifier; what we write is UNOC."""

_BEGINS = re.compile(r"\s*UN[AB]")
_SYNTAX = re.compile(rb"UNB.(UNO[A-Z])")
_SPELT = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "œ": "oe", "Œ": "OE", "–": "-", "—": "-", "…": "...", "€": "EUR"}
)


class _AsTheyStand(SegmentFactory):
    """Segments without the library's check against directories, which it does not ship."""

    @staticmethod
    def create_segment(name: str, *elements: Any, **_options: Any) -> Segment:
        if not elements:
            raise EDISyntaxError(f"segment {name} is empty")
        return Segment(name, *elements)


class UnreadableInterchange(ValueError):
    """Nothing of the interchange is taken; the message says in French why."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Message:
    """One message of an interchange: its segments between UNH and UNT."""

    kind: str
    """ORDERS, DESADV…"""
    reference: str
    segments: Sequence[Segment]


@dataclass(frozen=True)
class Interchange:
    """An interchange whose envelope holds together."""

    sender: str
    reference: str
    messages: Sequence[Message]


@dataclass(frozen=True)
class Party:
    """Who sends or receives: a GLN, or where there is none a number agreed between us."""

    gln: str
    number: str

    @property
    def in_envelope(self) -> list[str]:
        return [self.gln, "14"] if self.gln else [self.number, "ZZ"]

    @property
    def in_message(self) -> list[str]:
        return [self.gln, "", "9"] if self.gln else [self.number, "", "91"]


def is_interchange(text: str) -> bool:
    """Whether a text begins as an interchange does."""
    return _BEGINS.match(text) is not None


def decoded(data: bytes) -> str | None:
    """The text of an interchange in the character set that it names; None for any other file."""
    if not re.match(rb"\s*UN[AB]", data):
        return None
    named = _SYNTAX.search(data[:200])
    return data.decode(CHARACTER_SETS.get(named[1].decode() if named else "", "latin-1"), "replace")


def day(text: str) -> dt.date | None:
    """A date of format 102 or 203 (CCYYMMDD…); None where it cannot be read."""
    try:
        return dt.datetime.strptime(text[:8], "%Y%m%d").date()  # noqa: DTZ007 -- a day has no zone
    except ValueError:
        return None


def part(segment: Segment, element: int, component: int = 0) -> str:
    """A component of a segment, empty where it was left out."""
    found = segment.elements[element] if element < len(segment.elements) else ""
    if isinstance(found, str) or found is None:
        return (found or "") if component == 0 else ""
    return (found[component] or "") if component < len(found) else ""


def plain(text: str, characters: int = 70) -> str:
    """The text in the letters of ISO 8859-1, one line, cut to what the segment holds."""
    spelt = unicodedata.normalize("NFC", text.translate(_SPELT))
    spelt = "".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in spelt)
    return spelt.encode("latin-1", "replace").decode("latin-1")[:characters].strip()


def write(
    kind: str, number: str, segments: Iterable[Segment], *, sender: Party, recipient: Party, at: dt.datetime
) -> bytes:
    """An interchange of one message in D.96A; its control reference is the document's number."""
    reference = re.sub(r"[^A-Z0-9]", "", number.upper())[-14:]
    message = WrittenMessage("1", (kind, "D", "96A", "UN", "EAN008"))
    message.add_segments(segments)
    interchange = Written(
        sender.in_envelope,
        recipient.in_envelope,
        reference,
        ("UNOC", 3),
        at,
        extra_header_elements=["", kind],
        characters=Characters(decimal_point="."),
    )
    interchange.has_una_segment = True
    interchange.add_message(message)
    return interchange.serialize().encode("latin-1")


def read(text: str) -> Interchange:
    """The messages of an interchange; raises `UnreadableInterchange` where its envelope does not agree."""
    segments = _segments(text)
    header, footer = segments[0], segments[-1]
    if header.tag != "UNB" or footer.tag != "UNZ" or sum(each.tag in ("UNB", "UNZ") for each in segments) > 2:
        raise UnreadableInterchange(
            "L’échange est incomplet : il commence par UNB et finit par UNZ, une fois"
        )
    if part(header, 0) not in CHARACTER_SETS:
        raise UnreadableInterchange(f"Jeu de caractères « {part(header, 0)[:10]} » inconnu : employez UNOC")
    reference = part(header, 4)
    if not reference or part(footer, 1) != reference:
        said = f"UNB annonce l’échange {reference[:35]}, UNZ {part(footer, 1)[:35]}"
        raise UnreadableInterchange(f"Les deux références de l’échange diffèrent : {said}")
    messages = _messages(segments[1:-1])
    _count("UNZ", part(footer, 0), len(messages), "message(s)")
    return Interchange(part(header, 1), reference, messages)


def _segments(text: str) -> list[Segment]:
    found: list[Segment] = []
    try:
        for segment in Parser(_AsTheyStand()).parse(text.strip()):
            if segment.tag != "UNA":
                found.append(segment)
            if len(found) > MOST_SEGMENTS:
                raise UnreadableInterchange("Envoyez cet échange en plusieurs fois : il a trop de segments")
    except UnreadableInterchange:
        raise
    except (
        EDISyntaxError,
        ValidationError,
        AssertionError,
        AttributeError,
        LookupError,
        RuntimeError,
        TypeError,
        ValueError,
    ):
        raise UnreadableInterchange("Ce fichier n’est pas un échange EDIFACT complet") from None
    if not found:
        raise UnreadableInterchange("Cet échange est vide")
    return found


def _messages(segments: Sequence[Segment]) -> list[Message]:
    found: list[Message] = []
    start: int | None = None
    for position, segment in enumerate(segments):
        if (segment.tag == "UNH") != (start is None):
            raise UnreadableInterchange(f"Segment {segment.tag} mal placé : un message va de UNH à UNT")
        if segment.tag == "UNH":
            start = position
        elif segment.tag == "UNT" and start is not None:
            found.append(_message(segments[start : position + 1]))
            start = None
    if start is not None:
        raise UnreadableInterchange("Le dernier message est incomplet : il finit par UNT")
    return found


def _message(segments: Sequence[Segment]) -> Message:
    header, footer = segments[0], segments[-1]
    reference = part(header, 0)
    if part(footer, 1) != reference:
        raise UnreadableInterchange(f"UNT cite le message {part(footer, 1)[:14]}, attendu {reference[:14]}")
    _count(f"UNT du message {reference[:14]}", part(footer, 0), len(segments), "segment(s)")
    return Message(part(header, 1), reference, segments[1:-1])


def _count(where: str, said: str, there_are: int, what: str) -> None:
    if said.lstrip("0") != str(there_are):
        raise UnreadableInterchange(f"{where} annonce {said[:10] or 'rien'}, lu {there_are} {what}")
