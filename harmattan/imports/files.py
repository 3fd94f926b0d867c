"""Where the files that were sent lie until they are applied: `instance/files/imports`, under random names."""

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from flask import current_app

CHUNK = 1024 * 1024


@dataclass(frozen=True)
class StoredFile:
    """A file at its place."""

    name: str
    """As its sender called it."""
    path: Path
    size: int
    sha256: str


def keep(stream: BinaryIO, name: str) -> StoredFile:
    """Copy what was sent; never under the name it came with."""
    path = _folder() / f"{secrets.token_hex(16)}.xml"
    with path.open("xb") as target:
        size, sha256 = _read(stream, target)
    return StoredFile(_plain(name), path, size, sha256)


def at(path: Path) -> StoredFile:
    """A file that lies where its owner put it, and stays there."""
    with path.open("rb") as stream:
        size, sha256 = _read(stream, None)
    return StoredFile(_plain(path.name), path.absolute(), size, sha256)


def discard(path: Path) -> None:
    """Remove a file of ours; one that lies elsewhere is not ours to remove."""
    if path.is_relative_to(_folder()):
        path.unlink(missing_ok=True)


def _folder() -> Path:
    folder = Path(current_app.instance_path, "files", "imports").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _read(stream: BinaryIO, target: BinaryIO | None) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        digest.update(chunk)
        if target is not None:
            target.write(chunk)
    return size, digest.hexdigest()


def _plain(name: str) -> str:
    """The last part of the name, printable, short enough for its column."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(c if c.isprintable() else " " for c in last).strip()[:200] or "sans nom"
