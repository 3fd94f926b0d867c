"""The warehouse's file: everything is booked, or nothing, and what is wrong is said by line and column."""

import datetime as dt
import io
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from harmattan.core.extensions import db
from harmattan.core.settings import House
from harmattan.orders import service as orders
from harmattan.orders.models import Order
from harmattan.orders.rules import Action, Status
from harmattan.shipments import booking, warehouse_file
from harmattan.shipments.commands import Warehouse
from harmattan.shipments.models import Parcel, Shipment
from harmattan.shipments.warehouse_file import Fault, UnreadableFile
from tests import cast
from tests.browser import Browser
from tests.shipments.conftest import Ship

HUGO = "hugo@equipe.example"
HEADER = "commande;colis;transporteur;suivi;poids;isbn;quantité;livraison"
GOOD = """\
CMD-2026-000001;1;Colissimo;6A11111111111;4,2;9782343000015;15;26/11/2026
CMD-2026-000001;2;Chronopost;XY222222222FR;0,8;978-2-296-00001-8;3;
CMD-2026-000002;A;colissimo;6A33333333333;;9782343000015;2;
"""
TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def second(order: Order, people: SimpleNamespace, shelf: SimpleNamespace) -> Order:
    """Paul's order of two T1, validated."""
    placed = cast.order(people.paul, (shelf.t1, 2), number=2)
    orders.act(placed, Action.VALIDATE, people.marie)
    db.session.commit()
    return placed


def file_of(body: str, header: str = HEADER) -> bytes:
    return f"{header}\n{body}".encode()


def faults(content: bytes) -> list[Fault]:
    with pytest.raises(UnreadableFile) as refused:
        booking.book(content, Warehouse())
    db.session.rollback()
    return refused.value.faults


def nothing_is_booked() -> bool:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Shipment)) == 0


def test_every_order_of_the_file_gets_its_shipment(order: Order, second: Order) -> None:
    first, other = booking.book(file_of(GOOD), Warehouse()).shipments
    assert [(each.carrier, each.tracking_number, each.weight_g) for each in first.parcels] == [
        ("colissimo", "6A11111111111", 4_200),
        ("chronopost", "XY222222222FR", 800),
    ]
    assert (first.delivery_on, first.recorded_by) == (dt.date(2026, 11, 26), "l’entrepôt")
    assert (order.status, second.status) == (Status.PARTLY_SHIPPED, Status.SHIPPED)
    assert other.delivery_on == dt.date(2026, 11, 25)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_encodings_separators_and_the_order_of_columns_do_not_matter(
    order: Order, second: Order, encoding: str, separator: str
) -> None:
    header = "ISBN;Quantité;Commande;Colis;Transporteur;Suivi"
    body = "9782343000015;2;cmd-2026-000002;1;Colissimo;6A 33333333333\n"
    text = f"{header}\n{body}".replace(";", separator)
    (shipment,) = booking.book(text.encode(encoding), Warehouse()).shipments
    assert shipment.parcels[0].tracking_number == "6A33333333333"


@pytest.mark.parametrize(
    ("body", "line", "column", "message"),
    [
        ("CMD-2026-000009;1;Colissimo;6A11;;9782343000015;1;", 2, "commande", "Aucune commande CMD"),
        (";1;Colissimo;6A11;;9782343000015;1;", 2, "commande", "Cette case est vide"),
        ("CMD-2026-000001;;Colissimo;6A11;;9782343000015;1;", 2, "colis", "Cette case est vide"),
        ("CMD-2026-000001;1;Pigeon;6A11;;9782343000015;1;", 2, "transporteur", "« Pigeon » inconnu"),
        ("CMD-2026-000001;1;Colissimo;;;9782343000015;1;", 2, "suivi", "Saisissez le numéro"),
        ("CMD-2026-000001;1;Colissimo;6A11;lourd;9782343000015;1;", 2, "poids", "kilogrammes"),
        ("CMD-2026-000001;1;Colissimo;6A11;;9782343000016;1;", 2, "isbn", "9782343000016"),
        ("CMD-2026-000001;1;Colissimo;6A11;;9782140423451;1;", 2, "isbn", "n’est pas sur cette commande"),
        ("CMD-2026-000001;1;Colissimo;6A11;;9782343000015;x;", 2, "quantite", "en chiffres"),
        ("CMD-2026-000001;1;Colissimo;6A11;;9782343000015;16;", 2, "commande", "exemplaires à expédier"),
        ("CMD-2026-000001;1;Colissimo;6A11;;9782343000015;1;32/11", 2, "livraison", "ce jour n’existe pas"),
        (
            "CMD-2026-000001;1;Colissimo;6A11;;9782343000015;1;\nCMD-2026-000001;1;DPD;6A11;;9782296000018;1;",
            3, "transporteur", "Ce colis a une autre valeur à la ligne 2",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_by_line_and_column_and_nothing_is_booked(
    order: Order, body: str, line: int, column: str, message: str
) -> None:
    found = faults(file_of(body))
    assert (found[0].line, found[0].column) == (line, column)
    assert message in found[0].message
    assert nothing_is_booked()


def test_one_order_that_cannot_leave_holds_all_of_them_back_and_every_fault_is_said(
    order: Order, second: Order
) -> None:
    second.not_before = dt.date(2026, 12, 1)
    db.session.commit()
    found = faults(file_of(GOOD.replace(";15;", ";16;")))
    assert [fault.line for fault in found] == [2, 4]
    assert "Faites-le partir" in found[1].message
    assert nothing_is_booked()
    db.session.refresh(order)
    assert (order.status, order.lines[0].shipped) == (Status.VALIDATED, 0)


def test_a_file_sent_again_books_nothing_twice(order: Order, second: Order) -> None:
    booking.book(file_of(GOOD), Warehouse())
    db.session.commit()
    assert all("est déjà enregistré" in fault.message for fault in faults(file_of(GOOD)))


@pytest.mark.parametrize(
    ("content", "column", "message"),
    [
        (b"", "fichier", "une ligne de titres et au moins un colis"),
        (HEADER.encode(), "fichier", "une ligne de titres et au moins un colis"),
        (b"commande;isbn\nCMD-2026-000001;9782343000015", "colis", "Cette colonne manque"),
        (b"%PDF-1.7 un PDF", "fichier", "Envoyez un fichier texte (CSV)"),
        (b"PK\x03\x04 un classeur", "fichier", "Envoyez un fichier texte (CSV)"),
        (file_of("CMD-2026-000001;1;Colissimo;6A11;;9782343000015;1;\n" * 5_001), "fichier", "5 000 lignes"),
    ],
)
def test_what_is_no_such_file_is_refused_whole(app: Flask, content: bytes, column: str, message: str) -> None:
    fault = faults(content)[0]
    assert fault.column == column
    assert message in fault.message


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs",)), max_size=300))
def test_any_text_is_read_or_refused_with_its_place(text: str) -> None:
    for content in (text, f"{HEADER}\n{text}"):
        found, wrong = {}, []
        try:
            found = warehouse_file.read(content, House().carriers, TODAY)
        except UnreadableFile as refused:
            wrong = refused.faults
        assert all(fault.line > 0 and fault.message for fault in wrong)
        assert all(parcel.copies for parcels in found.values() for parcel in parcels.values())
        assert found or wrong


def test_a_title_on_two_lines_is_taken_from_one_after_the_other(
    order: Order, people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    split = cast.order(people.karim, (shelf.t1, 10), (shelf.t1, 5), number=3)
    orders.act(split, Action.VALIDATE, people.marie)
    booking.book(file_of("CMD-2026-000003;1;Colissimo;6A11;;9782343000015;12;"), Warehouse())
    assert [line.shipped for line in split.lines] == [10, 2]


# the page and the command


def test_the_page_books_the_file(browser: Browser, order: Order, second: Order) -> None:
    browser.log_in(HUGO).open("/equipe/expeditions")
    browser.submit("/equipe/expeditions", files={"fichier": (io.BytesIO(file_of(GOOD)), "departs.csv")})
    assert browser.url == "/equipe/expeditions"
    assert "2 envois enregistrés" in browser.text
    assert "recompter" not in browser.text
    assert "BL-2026-000002" in browser.text


def test_a_file_is_the_word_of_the_warehouse_and_says_what_to_count_again(
    browser: Browser, order: Order, second: Order, shelf: SimpleNamespace
) -> None:
    shelf.t2.stock = 1
    db.session.commit()
    browser.log_in(HUGO).open("/equipe/expeditions")
    browser.submit("/equipe/expeditions", files={"fichier": (io.BytesIO(file_of(GOOD)), "departs.csv")})
    assert "2 envois enregistrés" in browser.text
    assert "notre stock en comptait moins" in browser.text
    assert f"CMD-2026-000001, « {shelf.t2.title} » : 3 partis, 1 compté" in browser.text
    assert order.lines[1].shipped == 3


def test_the_page_shows_every_fault(browser: Browser, order: Order, second: Order) -> None:
    browser.log_in(HUGO).open("/equipe/expeditions")
    wrong = file_of(GOOD.replace(";15;", ";x;").replace("Chronopost", "Pigeon"))
    browser.submit("/equipe/expeditions", files={"fichier": (io.BytesIO(wrong), "departs.csv")})
    assert browser.status == 422
    rows = [row.get_text(" ") for row in browser.page.select("#warehouse tbody tr")]
    assert len(rows) == 2
    assert "rien n'a été enregistré" in browser.faults()[0]
    assert nothing_is_booked()


def test_the_page_lists_what_is_ready_to_leave_the_first_promised_first(
    browser: Browser, order: Order, second: Order, ship: Ship
) -> None:
    for each, day in ((order, 25), (second, 24)):
        each.promised_on = dt.date(2026, 11, day)
        each.lines[0].reserved = 2
    db.session.commit()
    browser.log_in(HUGO).open("/equipe/expeditions")
    listed = [
        link.get_text()
        for link in browser.page.select("table:has(caption:-soup-contains('expédier')) strong")
    ]
    assert listed == ["CMD-2026-000002", "CMD-2026-000001"]


def test_the_command_books_the_file_or_says_why_not(
    app: Flask, order: Order, second: Order, shelf: SimpleNamespace, tmp_path: Path
) -> None:
    file = tmp_path / "departs.csv"
    file.write_bytes(file_of(GOOD.replace(";15;", ";16;")))
    db.session.commit()
    run = app.test_cli_runner().invoke(args=["shipments", "import", str(file)])
    assert run.exit_code == 1
    assert "ligne 2, commande : CMD-2026-000001" in run.output
    assert "Rien n’a été enregistré." in run.output
    file.write_bytes(file_of(GOOD))
    shelf.t2.stock = 0
    db.session.commit()
    run = app.test_cli_runner().invoke(args=["shipments", "import", str(file)])
    assert run.output.splitlines() == [
        "CMD-2026-000001 : BL-2026-000001, 2 colis",
        "CMD-2026-000002 : BL-2026-000002, 1 colis",
        f"À faire recompter, notre stock en comptait moins : CMD-2026-000001, « {shelf.t2.title} » :"
        " 3\xa0partis, 0\xa0compté",
    ]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Parcel)) == 3
