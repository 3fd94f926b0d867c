"""Files as they are sent: guarded, then turned into numbered lines of text (reliability.md F19, ASVS 5.2).

What a file is must be said alike by its name and its content. Archives are judged by what they declare
before anything is unpacked, and workbooks are read by a process of their own (`workbook`).
"""

import io
import json
import re
import stat
import subprocess
import sys
import zipfile
from pathlib import Path, PurePath

from harmattan.core import edifact
from harmattan.lists import reading, workbook
from harmattan.lists.rules import ListKind, UnreadableList, check_length

MAXIMUM_BYTES = 5 * 1024 * 1024
MAXIMUM_UNPACKED = 50 * 1024 * 1024
MAXIMUM_ENTRIES = 1_000
TEXTS = (".csv", ".txt", ".edi")
ALLOWED = (*TEXTS, ".xlsx", ".ods", ".xls")
_SECONDS = 10
"""Far beyond what the child's own limits allow: only a stalled machine gets here."""

_CHILD = Path(workbook.__file__)
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP_ENTRY = b"PK\x01\x02"
_MARKERS = {".xlsx": "xl/workbook.xml", ".ods": "content.xml"}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f]")
_HEAD = 1_024

EMPTY = "Ce fichier est vide : choisissez celui qui contient votre liste"
_WRONG_TYPE = "Envoyez un fichier CSV, TXT, XLSX, ODS ou XLS : le contenu de celui-ci est d’une autre sorte"
_DAMAGED = "Ce classeur ne peut pas être lu : enregistrez la liste au format CSV et envoyez ce fichier"
_TOO_LARGE = (
    "Ce classeur est trop grand une fois ouvert : copiez les colonnes ISBN et quantité dans un classeur neuf"
)
_LOCKED = "Ce classeur est protégé par un mot de passe : retirez-le, ou enregistrez la liste au format CSV"


def lines_of(name: str, data: bytes) -> tuple[ListKind, list[tuple[int, str]]]:
    """What kind of list this is, and its lines that are not empty; raises `UnreadableList`."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in ALLOWED:
        raise UnreadableList("Envoyez un fichier CSV, TXT, EDI, XLSX, ODS ou XLS")
    if len(data) > MAXIMUM_BYTES:
        raise UnreadableList("Envoyez un fichier de 5 Mo au plus, ou la liste en plusieurs fichiers")
    if not data.strip():
        raise UnreadableList(EMPTY)
    if suffix in TEXTS:
        return ListKind.TEXT, reading.numbered(text_of(data))
    _check_workbook(suffix, data)
    return ListKind.WORKBOOK, _rows_of(data)


def text_of(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or the encoding of Windows, whatever mark it begins with."""
    text = edifact.decoded(data) or _decoded(data)
    if _CONTROL.search(text[:_HEAD]) or text.lstrip()[:1] == "<" or data.startswith((_ZIP, b"%PDF", b"MZ")):
        raise UnreadableList(_WRONG_TYPE)
    return clean(text)


def clean(text: str) -> str:
    """The text with a visible sign where a control character stood."""
    return _CONTROL.sub("\ufffd", text)


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    half = len(data[:_HEAD]) // 2
    for encoding, zeros in (("utf-16-le", data[1:_HEAD:2]), ("utf-16-be", data[:_HEAD:2])):
        if half and zeros.count(0) > half * 0.7:
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _check_workbook(suffix: str, data: bytes) -> None:
    if suffix == ".xls":
        if not data.startswith(_OLE):
            raise UnreadableList(_WRONG_TYPE)
        return
    if data.startswith(_OLE):
        raise UnreadableList(_LOCKED)
    if not data.startswith(_ZIP):
        raise UnreadableList(_WRONG_TYPE)
    if data.count(_ZIP_ENTRY) > MAXIMUM_ENTRIES:
        raise UnreadableList(_TOO_LARGE)
    _check_entries(suffix, data)


def _check_entries(suffix: str, data: bytes) -> None:
    """Judge an archive by what it declares; its names are never used as paths."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise UnreadableList(_DAMAGED) from None
    names = [entry.filename for entry in entries]
    if any(_leads_elsewhere(entry) for entry in entries):
        raise UnreadableList(_DAMAGED)
    if _MARKERS[suffix] not in names:
        raise UnreadableList(_WRONG_TYPE)
    if sum(entry.file_size for entry in entries) > MAXIMUM_UNPACKED:
        raise UnreadableList(_TOO_LARGE)


def _leads_elsewhere(entry: zipfile.ZipInfo) -> bool:
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    return is_link or entry.filename.startswith("/") or ".." in PurePath(entry.filename).parts


def _rows_of(data: bytes) -> list[tuple[int, str]]:
    """The rows of a workbook that has passed the checks, read by a process under limits."""
    try:
        done = subprocess.run(  # noqa: S603 -- our own file, no shell, no argument from outside
            [sys.executable, "-I", str(_CHILD), str(reading.MOST_LINES)],
            input=data,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnreadableList(_TOO_LARGE) from None
    if done.returncode:
        faults = {workbook.PASSWORD: _LOCKED, workbook.UNREADABLE: _DAMAGED}
        raise UnreadableList(faults.get(done.returncode, _TOO_LARGE))
    read = json.loads(done.stdout)
    if read["count"] > len(read["rows"]):
        check_length(read["count"])
    return [(n, clean(text)) for n, text in read["rows"]]
