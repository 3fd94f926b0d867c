"""Order files that were refused: kept as they came, for whoever helps the shop, and for a time only."""

import datetime as dt
import hashlib
import io
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.lists import refused
from harmattan.lists.files import MAXIMUM_BYTES
from harmattan.lists.models import OrderList, RefusedFile
from tests import cast
from tests.browser import Browser

KARIM, MARIE, HUGO = "karim@grandlarge.example", "marie@equipe.example", "hugo@equipe.example"
PAGE = "/equipe/fichiers-refuses"
DILICOM = """A00013025590000008
B00023025000002004
C0003000123
D000420261122
E0005090
L00069782343000015000003
Q0007"""


def message(**changed: str) -> bytes:
    """An order of one line as an EDIFACT message, with parts of it changed."""
    facts = {"unt": "8", "unz": "1", "lines": "1", "end": "42", "number": "77"} | changed
    return (
        f"UNB+UNOC:3+3025000002004:14+3025000001014:14+261123:1000+42'UNH+1+ORDERS:D:96A:UN:EAN008'"
        f"BGM+220+{facts['number']}+9'NAD+BY+3025000002004::9'LIN+1++9782343000015:EN'QTY+21:3'UNS+S'"
        f"CNT+2:{facts['lines']}'UNT+{facts['unt']}+1'UNZ+{facts['unz']}+{facts['end']}'"
    ).encode()


@pytest.fixture
def karim(browser: Browser, people: SimpleNamespace) -> Browser:
    cast.titles()
    db.session.commit()
    return browser.log_in(KARIM)


def send(browser: Browser, content: bytes, name: str = "commande.edi") -> Browser:
    files = {"fichier": (io.BytesIO(content), name)}
    return browser.open("/panier/liste").submit("/panier/liste", files=files)


def kept() -> list[RefusedFile]:
    return list(db.session.scalars(sa.select(RefusedFile).order_by(RefusedFile.id)))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (message(unt="12"), "UNT du message 1 annonce 12"),
        (message(unz="2"), "UNZ annonce 2"),
        (message(end="43"), "Les deux références de l’échange diffèrent"),
        (message(lines="4"), "CNT annonce 4 ligne(s)"),
        (message()[:-20], "EDIFACT complet"),
    ],
)
def test_a_message_with_wrong_counts_or_envelope_is_kept_as_it_came(
    karim: Browser, content: bytes, reason: str
) -> None:
    assert send(karim, content).status == 422
    assert "Corrigez ce fichier, puis envoyez-le de nouveau." in karim.text
    (file,) = kept()
    assert reason in file.reason
    assert (file.content, file.octets, file.name) == (content, len(content), "commande.edi")
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert (file.account.number, file.sent_by.email) == ("104512", KARIM)
    assert cast.MONDAY <= file.refused_at <= clock.now()
    assert db.session.scalar(sa.select(OrderList.id)) is None


def test_corrected_it_is_a_new_file_and_is_taken(karim: Browser) -> None:
    send(karim, message(lines="4"))
    assert send(karim, message()).status == 200
    assert "1 ligne, complète" in karim.text
    assert len(kept()) == 1


def test_the_name_of_a_file_shows_what_it_is_and_no_folder(karim: Browser) -> None:
    send(karim, b"9782343000015;3", "partage/noel\u202ecsv.txt")
    assert db.session.scalars(sa.select(OrderList)).one().source_name == "noel csv.txt"
    send(karim, message(unt="9"), "../../noel\u202ecsv.edi")
    assert [file.name for file in kept()] == ["noel csv.edi"]


def test_a_duplicate_is_kept_with_its_reason(karim: Browser) -> None:
    assert send(karim, message()).status == 200
    assert kept() == []
    assert send(karim, message()).status == 409
    (file,) = kept()
    assert "La commande n° 77 a été reçue" in file.reason
    assert file.content == message()


def test_a_flat_file_with_a_wrong_count_is_kept(karim: Browser) -> None:
    content = DILICOM.replace("Q0007", "Q0009").encode()
    assert send(karim, content, "commande.txt").status == 422
    assert [(file.name, file.content) for file in kept()] == [("commande.txt", content)]


def test_the_same_file_sent_again_is_kept_once_and_counted(karim: Browser) -> None:
    for _ in range(3):
        send(karim, message(lines="4"))
    assert [file.times for file in kept()] == [3]


@pytest.mark.parametrize(
    ("name", "content"),
    [("liste.xlsx", b"MZ\x90\x00"), ("liste.csv", b"x" * (MAXIMUM_BYTES + 1)), ("../../x.exe", b"MZ")],
)
def test_what_is_too_heavy_or_no_text_is_named_and_not_kept(
    karim: Browser, name: str, content: bytes
) -> None:
    assert send(karim, content, name).status == 422
    (file,) = kept()
    assert (file.is_kept, file.content, file.octets) == (False, None, len(content))
    assert file.sha256 == hashlib.sha256(content).hexdigest()


def test_a_pasted_list_and_an_empty_file_are_no_files(karim: Browser) -> None:
    karim.open("/panier/liste").submit("/panier/liste", liste=message(lines="4").decode())
    assert karim.status == 422
    send(karim, b"", "vide.csv")
    assert kept() == []


def test_an_accounts_oldest_make_room_and_another_accounts_stay(
    karim: Browser, new_browser: Callable[..., Browser]
) -> None:
    send(new_browser().log_in("paul@quais.example"), message(lines="9"))
    for number in range(refused.MOST_OF_ACCOUNT + 2):
        clock.start_at(cast.MONDAY + dt.timedelta(minutes=number))
        send(karim, message(lines="4", number=str(number)))
    ours = [file for file in kept() if file.account.number == "104512"]
    assert len(ours) == refused.MOST_OF_ACCOUNT
    assert b"BGM+220+1+" not in b"".join(file.content or b"" for file in ours)
    assert len(kept()) == len(ours) + 1


def test_sales_read_the_list_and_save_the_bytes_and_others_do_not(
    karim: Browser, new_browser: Callable[..., Browser]
) -> None:
    send(karim, message(lines="4"), "<b>commande</b>.edi")
    assert karim.open(PAGE).status == 403
    assert new_browser().log_in(HUGO).open(PAGE).status == 403
    marie = new_browser(karim.htmx).log_in(MARIE).open(PAGE)
    assert "Librairie Le Grand Large, 104512 Karim Benali" in marie.text
    assert "CNT annonce 4 ligne(s)" in marie.text
    saved = marie.client.get(marie.page.select_one(f'a[href^="{PAGE}/"]')["href"])
    assert saved.data == message(lines="4")
    assert saved.mimetype == "application/octet-stream"
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert marie.open(f"{PAGE}/inconnu").status == 404


def test_a_file_that_was_not_kept_is_not_handed_over(
    karim: Browser, new_browser: Callable[..., Browser]
) -> None:
    send(karim, b"MZ", "x.exe")
    marie = new_browser().log_in(MARIE).open(PAGE)
    assert marie.page.select_one(f'a[href^="{PAGE}/"]') is None
    assert marie.open(f"{PAGE}/{kept()[0].key}").status == 404


def test_after_its_time_it_is_forgotten(karim: Browser) -> None:
    send(karim, message(lines="4"))
    clock.start_at(cast.MONDAY + refused.KEPT_FOR + dt.timedelta(minutes=1))
    refused.forget_old()
    assert kept() == []


def test_it_is_kept_on_both_databases(any_app: Flask) -> None:
    cast.everybody()
    db.session.commit()
    browser = Browser(any_app.test_client()).log_in(KARIM)
    for _ in range(2):
        send(browser, message(lines="4"))
    assert [(file.times, file.content) for file in kept()] == [(2, message(lines="4"))]
