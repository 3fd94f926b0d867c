"""Files: the same order in every format, and every hostile one refused before it costs anything (F19)."""

import io
import resource
import stat
import time
import zipfile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harmattan.lists import files, reading
from harmattan.lists.rules import UnreadableList

T1, T2 = "9782343000015", "9782296000018"
ORDER = [(T1, 12), (T2, 5), ("9782140423451", 1)]
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def xlsx(rows: list[list[object]], *other_sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for n, sheet_rows in enumerate((rows, *other_sheets)):
        sheet = book.active if n == 0 else book.create_sheet()
        for row in sheet_rows:
            sheet.append(row)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def ods(rows: list[list[object]]) -> bytes:
    def cell(value: object) -> str:
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content{spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="1">{body}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifest = (
        '<?xml version="1.0"?><manifest:manifest'
        ' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_TYPE}"/></manifest:manifest>'
    )
    entries = {"mimetype": ODS_TYPE, "content.xml": content, "META-INF/manifest.xml": manifest}
    return archive(entries, zipfile.ZIP_STORED)


def archive(entries: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", method) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return saved.getvalue()


def read(name: str, data: bytes) -> list[tuple[str, int | None]]:
    _, numbered = files.lines_of(name, data)
    return [(row.isbn, row.quantity) for row in reading.read(numbered).rows]


@settings(max_examples=3, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from([T1, T2, "9782140423451"]), min_size=1, unique=True), st.integers(1, 9_999))
def test_the_same_order_in_every_format_gives_the_same_lines(isbns: list[str], quantity: int) -> None:
    text = "ISBN;Quantité\r\n" + "".join(f"{isbn};{quantity}\r\n" for isbn in isbns)
    rows: list[list[object]] = [["ISBN", "Quantité"], *([int(isbn), quantity] for isbn in isbns)]
    expected = [(isbn, quantity) for isbn in isbns]
    assert read("a.csv", text.encode("utf-8-sig")) == expected
    assert read("a.TXT", text.replace(";", "\t").encode("utf-16")) == expected
    assert read("a.xlsx", xlsx(rows)) == expected
    assert (
        read("a.ods", ods([[cell if isinstance(cell, str) else float(cell) for cell in row] for row in rows]))
        == expected
    )  # type: ignore[arg-type]


def test_the_first_sheet_with_isbn_is_read_and_its_row_numbers_are_those_of_the_sheet() -> None:
    data = xlsx([["Bonjour"]], [[""], [None, "Commande"], [""], [None, T1, "Les passeurs", 25.5, 3]])
    _, numbered = files.lines_of("a.xlsx", data)
    assert [n for n, _ in numbered] == [2, 4]
    assert read("a.xlsx", data)[1] == (T1, 3)


def test_cells_hold_text_dates_and_yes_or_no_too() -> None:
    assert read("a.xlsx", xlsx([["ISBN", "Qté", "Urgent"], ["978-2-343-00001-5", "3 ex.", True]])) == [
        (T1, 3)
    ]


def sparse() -> bytes:
    """Two cells far apart: the native reader would ask for half a terabyte."""
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = T1, 1
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def symlink() -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w") as packed:
        link = zipfile.ZipInfo("xl/workbook.xml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        packed.writestr(link, "/etc/passwd")
    return saved.getvalue()


def lying() -> bytes:
    """A bomb that declares a small size."""
    data = bytearray(archive({"xl/workbook.xml": "x", "xl/worksheets/sheet1.xml": b"0" * 60_000_000}))
    where = data.rindex(b"PK\x01\x02") + 24
    data[where : where + 4] = (100).to_bytes(4, "little")
    return bytes(data)


WRONG, LARGE, DAMAGED = "d’une autre sorte", "trop grand une fois ouvert", "ne peut pas être lu"
BOMB = archive({"xl/workbook.xml": b"0" * 400_000_000})
HOSTILE = {
    "type.exe": (b"MZ", "Envoyez un fichier CSV, TXT, EDI, XLSX, ODS ou XLS"),
    "none": (b"x", "Envoyez un fichier CSV, TXT, EDI, XLSX, ODS ou XLS"),
    "image.svg": (b"<svg/>", "Envoyez un fichier CSV, TXT, EDI, XLSX, ODS ou XLS"),
    "program.csv": (b"MZ\x90\x00\x03" + b"\x00" * 5_000, WRONG),
    "svg.csv": (b"\xef\xbb\xbf <svg onload=alert(1)>", WRONG),
    "page.txt": (b"<!DOCTYPE html><html>", WRONG),
    "print.csv": (b"%PDF-1.7", WRONG),
    "workbook.csv": (xlsx([[T1, 1]]), WRONG),
    "text.xlsx": (b"9782343000015;3", WRONG),
    "text.xls": (b"9782343000015;3", WRONG),
    "swapped.ods": (xlsx([[T1, 1]]), WRONG),
    "empty.csv": (b"", "est vide"),
    "blank.csv": (b" \n", "est vide"),
    "heavy.csv": (b"x" * (5 * 1024 * 1024 + 1), "5 Mo au plus"),
    "bomb.xlsx": (BOMB, LARGE),
    "lying.xlsx": (lying(), f"{DAMAGED}|{LARGE}"),
    "sparse.xlsx": (sparse(), LARGE),
    "entries.xlsx": (archive({f"{n}": "" for n in range(1_001)}, zipfile.ZIP_STORED), LARGE),
    "slip.xlsx": (archive({"../../etc/passwd": "x", "xl/workbook.xml": "x"}), DAMAGED),
    "link.xlsx": (symlink(), DAMAGED),
    "cut.xlsx": (xlsx([[T1, 1]])[:3_000], DAMAGED),
    "zip.xlsx": (b"PK\x03\x04" + b"\x00" * 500, DAMAGED),
    "entity.xlsx": (
        archive({"xl/workbook.xml": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'}),
        DAMAGED,
    ),
    "locked.xlsx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "mot de passe"),
    "broken.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, DAMAGED),
    "lines.csv": (b"a\n" * 2_000_000, "elle compte 2\u202f000\u202f000 lignes"),
    "rows.xlsx": (xlsx([[int(T1), 1]] * 5_002), "elle compte 5\u202f002 lignes"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_plain_french_at_little_cost(name: str) -> None:
    data, advice = HOSTILE[name]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    with pytest.raises(UnreadableList, match=advice):
        files.lines_of(name, data)
    assert time.process_time() - started < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


def test_a_nul_inside_a_text_is_shown_and_not_kept() -> None:
    filler = f"{T2};1\n" * 100
    _, numbered = files.lines_of("a.csv", f"{filler}{T1};3\x00\n".encode())
    assert numbered[-1][1] == f"{T1};3\ufffd"


def test_a_line_of_a_megabyte_is_one_line_that_is_not_recognised() -> None:
    (row,) = reading.read(files.lines_of("a.txt", b"a" * 1_000_000)[1]).rows
    assert row.isbn == ""
    assert len(row.sources[0].text) < 200
