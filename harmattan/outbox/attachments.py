"""Files that go with a message: named when it is queued, read when it is sent.

The bytes stay where their area keeps them. The area provides them under the name that stands as `source`
(`wiring.PROVIDERS`): a function of the key that gives a `FileContent`, or None for a file that is gone.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from harmattan.core import registry


@dataclass(frozen=True)
class Attached:
    """Which file goes with a message, and under what name it arrives."""

    source: str
    """Who is asked for it, for instance `billing.document_file`."""
    key: str
    name: str


@dataclass(frozen=True)
class FileContent:
    """What a source gives for a key."""

    media_type: str
    content: bytes


@dataclass(frozen=True)
class AttachedFile:
    """A file on its way out."""

    name: str
    media_type: str
    content: bytes


class MissingFile(LookupError):
    """A message without the file it announces is not sent: it stands among the failed ones."""


def read(kept: Iterable[tuple[str, str, str]]) -> list[AttachedFile]:
    """The files as they are now; raises `MissingFile` where one is gone."""
    return [_read(Attached(*each)) for each in kept]


def _read(file: Attached) -> AttachedFile:
    found: FileContent | None = registry.ask(file.source, file.key)
    if found is None:
        raise MissingFile(f"no file {file.key} from {file.source}")
    return AttachedFile(file.name, found.media_type, found.content)
