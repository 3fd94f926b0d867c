"""Which files may be sent with a message, and under which clean name they are kept (ASVS 5.2, 5.4)."""

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from werkzeug.datastructures import FileStorage

MAXIMUM_SIZE = 10 * 1024 * 1024
NAME_LENGTH = 120

_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_MEDIA_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "txt": "text/plain",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": _ODS.decode(),
}
ALLOWED = "PDF, JPG, PNG, TXT, CSV, XLSX ou ODS"

_STARTS = {"pdf": b"%PDF-", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")
_MARKUP = re.compile(
    rb"\s*(\xef\xbb\xbf)?\s*<(!doctype|\?xml|html|svg|script|head|body|iframe)", re.IGNORECASE
)


class RefusedFile(ValueError):
    """The file cannot be taken; the message says in French which ones can."""


@dataclass(frozen=True)
class NewFile:
    """A file that may be kept."""

    name: str
    media_type: str
    content: bytes


def accept(name: str, content: bytes) -> NewFile:
    """The file under a clean name; raises `RefusedFile` unless its extension and its content agree."""
    cleaned = clean_name(name)
    extension = PurePosixPath(cleaned).suffix.lower().lstrip(".")
    if len(content) > MAXIMUM_SIZE:
        raise RefusedFile(f"« {cleaned} » dépasse 10 Mo : envoyez un fichier {ALLOWED} plus léger")
    if not content:
        raise RefusedFile(f"« {cleaned} » est vide : choisissez un autre fichier")
    if extension not in _MEDIA_TYPES:
        raise RefusedFile(f"« {cleaned} » n’est pas accepté : choisissez un fichier {ALLOWED}")
    if not _content_agrees(extension, content):
        raise RefusedFile(
            f"Le contenu de « {cleaned} » n’est pas celui d’un fichier {extension.upper()} : "
            f"choisissez un fichier {ALLOWED}"
        )
    return NewFile(cleaned, _MEDIA_TYPES[extension], content)


def read(sent: FileStorage) -> NewFile:
    """The same for a file of a form, of which no more is read than may be kept."""
    return accept(sent.filename or "", sent.read(MAXIMUM_SIZE + 1))


def clean_name(name: str) -> str:
    """The file's own name: no folder, no control or invisible direction character, not too long."""
    last = re.split(r"[/\\]", name)[-1]
    visible = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in last)
    stem, dot, extension = " ".join(visible.split()).strip(". ").rpartition(".")
    if not dot:
        return extension[:NAME_LENGTH] or "fichier"
    return f"{stem.strip()[: NAME_LENGTH - 10] or 'fichier'}.{extension.strip()[:9]}"


def _content_agrees(extension: str, content: bytes) -> bool:
    if extension in _STARTS:
        return content.startswith(_STARTS[extension])
    if extension in ("txt", "csv"):
        return not _NOT_TEXT.search(content) and not _MARKUP.match(content)
    return _is_spreadsheet(extension, content)


def _is_spreadsheet(extension: str, content: bytes) -> bool:
    """Read from the archive's list of contents: nothing of an unknown size is unpacked."""
    if extension == "ods":
        return content[30:].startswith(b"mimetype" + _ODS)
    try:
        return "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
