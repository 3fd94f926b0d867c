"""The invented catalogue."""

import datetime as dt
from pathlib import Path

import pytest
from flask import Flask
from lxml import etree

from harmattan.core import clock, isbn
from harmattan.demo import books, onix_file

TODAY = dt.date(2026, 11, 23)
CATALOGUE = books.everything(TODAY)


def test_the_catalogue_is_the_same_at_each_run() -> None:
    assert books.everything(TODAY) == CATALOGUE


def test_every_isbn_is_valid_and_stands_once() -> None:
    assert len(CATALOGUE) == len({book.isbn for book in CATALOGUE}) == 3_005
    assert all(isbn.parse(book.isbn) == book.isbn for book in CATALOGUE)


def test_no_two_books_are_told_apart_by_their_isbn_alone() -> None:
    assert len({(book.title, book.form, book.published_on) for book in CATALOGUE}) == len(CATALOGUE)


def test_every_availability_stands_in_the_catalogue() -> None:
    found = {book.availability for book in CATALOGUE}
    assert found == {"21", "23", "10", "32", "31", "51"}
    assert all(book.expected_on for book in CATALOGUE if book.availability in ("10", "32"))
    assert all(book.stock == 0 for book in CATALOGUE if book.availability != "21")


def test_related_books_name_each_other() -> None:
    of_isbn = {book.isbn: book for book in CATALOGUE}
    related = [book for book in CATALOGUE if book.related]
    assert len(related) > 100
    for book in related:
        for _, other in book.related:
            assert book.isbn in [back for _, back in of_isbn[other].related]


def test_the_journeys_titles_have_their_exact_figures() -> None:
    figures = [(b.isbn, b.price_cents, b.weight_g, b.stock, b.availability) for b in CATALOGUE[:5]]
    assert figures == [
        ("9782343000015", 2500, 320, 40, "21"),
        ("9782296000018", 1850, 240, 3, "21"),
        ("9782738400017", 3100, 410, 0, "51"),
        ("9782343123455", 2200, 280, 0, "10"),
        ("9782140423451", 2900, 360, 12, "21"),
    ]
    assert CATALOGUE[3].expected_on == dt.date(2026, 12, 15)


@pytest.mark.parametrize("today", [dt.date(2026, 12, 15), dt.date(2028, 2, 29), dt.date(2031, 12, 31)])
def test_the_forthcoming_title_is_always_ahead(today: dt.date) -> None:
    assert books.of_the_journeys(today)[3].published_on > today


def test_the_message_is_sound_onix(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "onix.xml"
    onix_file.write(CATALOGUE, file, clock.now())
    root = etree.parse(str(file)).getroot()
    assert etree.QName(root).localname == "ONIXMessage"
    assert len(root.findall("{*}Product")) == len(CATALOGUE)
    assert "l'" not in file.read_text()
