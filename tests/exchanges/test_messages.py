"""Our messages, read back: the lines, quantities and cents of orders, parcels and documents."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from pydifact.segments import Segment

from harmattan.core import edifact
from harmattan.core.edifact import part
from harmattan.exchanges import files
from harmattan.exchanges.rules import Format, Kind
from harmattan.lists import service as lists
from harmattan.orders import service as orders
from harmattan.orders.rules import Action
from tests import cast


def message(kind: Kind, row: Any) -> list[Segment]:
    text = edifact.decoded(files.content(kind, row, Format.EDIFACT))
    assert text is not None
    (found,) = edifact.read(text).messages
    assert found.kind == kind.message
    return list(found.segments)


def told(segments: list[Segment], tag: str, code: str) -> list[str]:
    return [part(each, 0, 1) for each in segments if each.tag == tag and part(each, 0) == code]


def cents(segments: list[Segment], code: str) -> list[int]:
    return [int(Decimal(text) * 100) for text in told(segments, "MOA", code)]


def isbns(segments: list[Segment]) -> list[str]:
    return [part(each, 2) for each in segments if each.tag == "LIN"]


def test_an_order_tells_its_lines_its_dates_and_its_text(trade: SimpleNamespace) -> None:
    found = message(Kind.ORDER, trade.order)
    assert part(found[0], 1) == "Salon d’été ?".replace("’", "'")
    assert isbns(found) == [line.isbn for line in trade.order.lines]
    assert told(found, "QTY", "21") == ["12", "5", "2"]
    assert told(found, "DTM", "64") == ["20261127"]
    assert told(found, "DTM", "2") == []
    assert told(found, "RFF", "VN") == [trade.order.reference]
    assert told(found, "CNT", "2") == ["3"]
    assert [part(each, 3) for each in found if each.tag == "FTX"] == ["L'étage : sonner + attendre"]
    assert told(found, "PRI", "AAB") == [f"{line.price_cents / 100:.2f}" for line in trade.order.lines]
    assert [Decimal(text) * 1_000_000 for text in told(found, "PRI", "AAA")] == [
        line.net_unit_micros for line in trade.order.lines
    ]


def test_our_own_order_files_are_read_again_as_the_same_order(trade: SimpleNamespace) -> None:
    wanted = [(line.isbn, line.quantity) for line in trade.order.lines]
    gln = trade.grand_large.gln
    for form in (Format.CSV, Format.EDIFACT, Format.FLAT):
        content = files.content(Kind.ORDER, trade.order, form)
        read = lists.read_file(f"commande.{form}", content, gln)
        assert [(row.isbn, row.quantity) for row in read.rows] == wanted


def test_the_answer_says_of_each_title_what_becomes_of_it(trade: SimpleNamespace) -> None:
    found = message(Kind.RESPONSE, trade.order)
    assert (part(found[0], 0), part(found[0], 2)) == ("231", "4")
    assert [part(each, 1) for each in found if each.tag == "LIN"] == ["5", "3", "24"]
    assert told(found, "QTY", "21") == ["12", "5", "2"]
    assert told(found, "QTY", "12") == ["12", "1"]
    assert told(found, "QTY", "83") == ["2", "2"]


def test_a_cancelled_order_is_refused_in_its_answer(trade: SimpleNamespace) -> None:
    other = cast.order(trade.karim, (trade.t1, 1), number=9)
    orders.act(other, Action.CANCEL, trade.marie, "Doublon")
    found = message(Kind.RESPONSE, other)
    assert part(found[0], 2) == "27"
    assert [part(each, 1) for each in found if each.tag == "LIN"] == ["7"]


def test_a_departure_tells_each_parcel_and_its_copies(trade: SimpleNamespace) -> None:
    found = message(Kind.SHIPMENT, trade.shipment)
    assert part(found[0], 1) == trade.shipment.reference
    assert [part(each, 0) for each in found if each.tag == "PAC"] == ["2", "1", "1"]
    assert [(part(e, 0), part(e, 1)) for e in found if e.tag == "GIN"] == [
        ("BN", "6A000001"),
        ("BJ", "340123450000000017"),
    ]
    assert isbns(found) == [trade.t1.isbn, trade.t1.isbn, trade.t2.isbn]
    assert told(found, "QTY", "12") == ["10", "2", "1"]
    assert told(found, "CNT", "2") == ["3"]


def test_documents_are_told_to_the_cent(trade: SimpleNamespace) -> None:
    for document in vars(trade.documents).values():
        if not hasattr(document, "net_cents"):
            continue
        found = message(Kind.DOCUMENT, document)
        assert part(found[0], 0) == {"invoice": "380", "credit_note": "381"}[document.kind.value]
        assert cents(found, "86") == [document.total_cents]
        assert cents(found, "79") == [document.goods_cents]
        assert cents(found, "203") == [line.line_cents for line in document.lines]
        assert cents(found, "125") == [document.net_cents, *(share["basis_cents"] for share in document.vat)]
        assert sum(cents(found, "124")[1:]) == cents(found, "124")[0]
        assert told(found, "RFF", "IV") == [each.invoice.number for each in document.cited]


def test_tables_open_in_a_spreadsheet(trade: SimpleNamespace) -> None:
    table = files.content(Kind.SHIPMENT, trade.shipment, Format.CSV).decode("utf-8-sig").splitlines()
    assert table[0] == "ISBN;Quantité;Titre;Commande;Bon de livraison;Colis;Transporteur;Suivi"
    assert len(table) == 4
    assert table[1].startswith(f"{trade.t1.isbn};10;Les passeurs du fleuve")


@pytest.mark.parametrize("key", ["order:CMD-2026-999999:edi", "document:FA-2026-999999:csv"])
def test_a_file_of_what_is_gone_is_none(trade: SimpleNamespace, key: str) -> None:
    assert files.file(key) is None
