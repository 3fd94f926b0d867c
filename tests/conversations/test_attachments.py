"""Which files are taken: extension and content must agree, names are cleaned."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.conversations import attachments
from harmattan.conversations.attachments import RefusedFile

ODS = "application/vnd.oasis.opendocument.spreadsheet"


def archive(**members: str) -> bytes:
    """A ZIP file; double underscores in names stand for slashes and dots."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for name, text in members.items():
            packed.writestr(name, text)
    return file.getvalue()


GOOD = {
    "rib.pdf": b"%PDF-1.7 ...",
    "colis.jpg": b"\xff\xd8\xff\xe0 ...",
    "colis.JPEG": b"\xff\xd8\xff\xe1 ...",
    "colis.png": b"\x89PNG\r\n\x1a\n ...",
    "lettre.txt": "Où en est ma commande ?\r\n".encode(),
    "ancien.txt": "Où en est ma commande ?".encode("cp1252"),
    "liste.csv": b"9782343000015;3\r\n",
    "liste.xlsx": archive(**{"[Content_Types].xml": "", "xl/workbook.xml": ""}),
    "liste.ods": archive(mimetype=ODS, **{"content.xml": ""}),
}


@pytest.mark.parametrize("name", GOOD)
def test_the_listed_types_are_taken(name: str) -> None:
    assert attachments.accept(name, GOOD[name]).name == name


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("dessin.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("page.html", b"<html></html>"),
        ("outil.exe", b"MZ\x90\x00"),
        ("rib.pdf.exe", b"%PDF-1.7"),
        ("sans-extension", b"bonjour"),
        (".htaccess", b"Deny from all"),
    ],
)
def test_other_types_are_refused_with_the_list_of_those_that_are_taken(name: str, content: bytes) -> None:
    with pytest.raises(RefusedFile, match="PDF, JPG, PNG, TXT, CSV, XLSX ou ODS"):
        attachments.accept(name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rib.pdf", b"MZ\x90\x00"),
        ("rib.pdf", b"<html>%PDF-"),
        ("photo.png", b"<svg/>"),
        ("liste.csv", b"MZ\x90\x00"),
        ("liste.txt", b"  <!DOCTYPE html><script>alert(1)</script>"),
        ("liste.csv", b"\xef\xbb\xbf<svg onload=alert(1)>"),
        ("liste.xlsx", archive(**{"evil.js": ""})),
        ("liste.xlsx", b"PK\x03\x04 broken"),
        ("liste.ods", archive(**{"evil.js": ""})),
    ],
)
def test_content_that_belies_its_extension_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(RefusedFile, match="contenu"):
        attachments.accept(name, content)


def test_empty_and_too_heavy_files_are_refused() -> None:
    with pytest.raises(RefusedFile, match="vide"):
        attachments.accept("rib.pdf", b"")
    with pytest.raises(RefusedFile, match="10 Mo"):
        attachments.accept("rib.pdf", b"%PDF-" + b"x" * attachments.MAXIMUM_SIZE)


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        (r"C:\Users\anne\RIB été.pdf", "RIB été.pdf"),
        ("rib\r\nSet-Cookie: a=b.pdf", "rib Set-Cookie: a=b.pdf"),
        ("facture\u202efdp.txt", "facture fdp.txt"),
        ("x" * 300 + ".pdf", "x" * 110 + ".pdf"),
        ("", "fichier"),
        ("...", "fichier"),
    ],
)
def test_names_are_cleaned(name: str, cleaned: str) -> None:
    assert attachments.clean_name(name) == cleaned


@given(st.text(max_size=400))
def test_a_cleaned_name_stands_on_one_line_and_in_its_column(name: str) -> None:
    cleaned = attachments.clean_name(name)
    assert 0 < len(cleaned) <= attachments.NAME_LENGTH
    assert cleaned.isprintable()
    assert not set(cleaned) & set("/\\")
