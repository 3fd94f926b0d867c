"""Reading ONIX: both releases, both kinds of tags, four namespaces or none; hostile files are refused."""

import gzip
import io
from pathlib import Path

import pytest

from harmattan.imports import onix
from harmattan.imports.record import Record, Rejection, read
from tests.cast import MONDAY
from tests.imports.messages import message, product

TODAY = MONDAY.date()
SAMPLES = [Path(__file__).parents[3] / "shared/samples", Path("/work/shared/samples")]


def read_all(content: bytes) -> list[Record | Rejection]:
    stream = io.BytesIO(content)
    header = onix.read_header(stream)
    return [read(node, position, header, TODAY) for position, node in enumerate(onix.records(stream), 1)]


def refusal(content: bytes) -> str:
    with pytest.raises(onix.UnreadableFile) as refused:
        onix.count_records(io.BytesIO(content))
    return str(refused.value)


@pytest.mark.parametrize("namespace", [True, False])
@pytest.mark.parametrize("short", [True, False])
@pytest.mark.parametrize("release", ["3.0", "3.1"])
def test_every_dialect_says_the_same(release: str, short: bool, namespace: bool) -> None:
    reference = read_all(message(product()))
    assert read_all(message(product(), release=release, short=short, namespace=namespace)) == reference
    assert isinstance(reference[0], Record)


def test_the_header_says_who_sent_it_and_when() -> None:
    content = message(
        number=12, sent="20261122T0600+0100", defaults="<DefaultPriceType>04</DefaultPriceType>"
    )
    header = onix.read_header(io.BytesIO(content))
    assert (header.sender, header.message_number, header.price_type) == ("Distributeur Exemple", 12, "04")
    assert header.sent_at is not None
    assert header.sent_at.isoformat() == "2026-11-22T05:00:00+00:00"


@pytest.mark.parametrize("sent", ["", "hier", "20260230", "20261122T9900", "99999999T0000+0100"])
def test_an_unreadable_sending_time_is_none(sent: str) -> None:
    assert onix.read_header(io.BytesIO(message(sent=sent))).sent_at is None


def test_records_are_counted_and_the_header_needs_no_record() -> None:
    assert onix.count_records(io.BytesIO(message(product(), product("fr.test.2")))) == 2
    assert onix.count_records(io.BytesIO(message())) == 0


BOMB = b'<?xml version="1.0"?><!DOCTYPE ONIXMessage [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
)
HOSTILE = {
    "billion laughs": (
        BOMB + b']><ONIXMessage release="3.0"><Product>&j;</Product></ONIXMessage>',
        "DOCTYPE",
    ),
    "external entity": (
        b'<!DOCTYPE ONIXMessage [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        b'<ONIXMessage release="3.0"><Product><RecordReference>&x;</RecordReference></Product></ONIXMessage>',
        "DOCTYPE",
    ),
    "external subset": (
        b'<!DOCTYPE ONIXMessage SYSTEM "http://192.0.2.1/x.dtd"><ONIXMessage release="3.0"/>',
        "DOCTYPE",
    ),
    "DTD in UTF-16": (
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE ONIXMessage [<!ENTITY a "b">]>'
        '<ONIXMessage release="3.0"><Product>&a;</Product></ONIXMessage>'.encode("utf-16"),
        "DOCTYPE",
    ),
    "deep nesting": (b'<ONIXMessage release="3.0">' + b"<Product>" * 100_000, "erreur à la ligne 1"),
    "one endless record": (
        b'<ONIXMessage release="3.0"><Product>' + b"<a/>" * 700_000 + b"</Product></ONIXMessage>",
        "sans aucune notice",
    ),
    "endless text": (b'<ONIXMessage release="3.0">' + b"a" * 3_000_000, "sans aucune notice"),
    "NUL": (message(product()).replace(b"fleuve", b"fle\0uve"), "erreur à la ligne 2"),
    "wrong encoding": (message(product()).replace("É".encode(), b"\xc9"), "erreur à la ligne 2"),
    "undeclared entity": (message(product()).replace(b"fleuve", b"&eacute;"), "erreur à la ligne 2"),
    "cut": (message(product(), product("fr.test.2"))[:-900], "coupé : il s’arrête à la ligne 2"),
    "two roots": (message(product()) * 2, "erreur à la ligne"),
    "another root": (b"<catalogue><Product/></catalogue>", "n’est pas un message ONIX 3"),
    "another namespace": (b'<ONIXMessage release="3.0" xmlns="urn:x"/>', "n’est pas un message ONIX 3"),
    "ONIX 2.1": (b'<ONIXMessage release="2.1"><Product/></ONIXMessage>', "Version ONIX « 2.1 »"),
    "no release": (b"<ONIXMessage><Product/></ONIXMessage>", "Version ONIX «  »"),
    "a web page": (b"<!DOCTYPE html><html><body>Erreur 404</body></html>", "page HTML"),
    "gzip": (gzip.compress(message(product())), "compressé (gzip)"),
    "zip": (b"PK\x03\x04rest", "compressé (zip)"),
    "a table": (b"ISBN;quantite\n9782343000015;4\n", "erreur à la ligne 1"),
    "nothing": (b"", "vide"),
    "spaces": (b"   \n", "aucun élément XML"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_with_a_reason(kind: str) -> None:
    content, reason = HOSTILE[kind]
    assert reason in refusal(content)


def test_deep_markup_in_a_text_stops_nothing() -> None:
    deep = "<TextContent><TextType>03</TextType><Text>{}fin{}</Text></TextContent>"
    [found] = read_all(message(product(texts=deep.format("<b>" * 150, "</b>" * 150))))
    assert isinstance(found, Record)


@pytest.mark.parametrize("name", ["onix3-multiple.xml", "onix31-single-short.xml"])
def test_real_messages_are_read_to_the_end(name: str) -> None:
    folder = next((folder for folder in SAMPLES if folder.is_dir()), None)
    if folder is None:
        pytest.skip("the samples of ../shared/samples are not here")
    found = read_all((folder / name).read_bytes())
    assert {type(item) for item in found} == {Rejection}
    assert {item.reason for item in found if isinstance(item, Rejection)} == {
        "aucun prix TTC en euros valable en France, ni UnpricedItemType"
    }
    assert all(item.isbn.startswith("978") for item in found)


def test_a_real_message_in_short_tags_says_all_when_its_price_is_french() -> None:
    folder = next((folder for folder in SAMPLES if folder.is_dir()), None)
    if folder is None:
        pytest.skip("the samples of ../shared/samples are not here")
    content = (folder / "onix31-single-short.xml").read_bytes().replace(b"<x462>01<", b"<x462>02<")
    [found] = read_all(content)
    assert isinstance(found, Record)
    facts = (
        "title",
        "authors",
        "collection",
        "pages",
        "language",
        "weight_g",
        "imprint",
        "price_cents",
        "vat_bp",
    )
    assert [found.columns[name] for name in facts] == [
        *("Roseanna", "Maj Sjöwall, Per Wahlöö", "The Martin Beck series", 245, "eng", 195),
        *("HarperPerennial", 899, 550),
    ]
    assert found.relations == (("06", "9780007324378"), ("27", "9780007324378"))
    assert found.columns["description"].startswith("Widely recognised")
    assert "<" not in found.columns["description"]
