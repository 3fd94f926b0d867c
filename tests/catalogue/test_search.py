"""Search by words: the same answers on both databases (stack.md §4)."""

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.catalogue import search, service
from harmattan.catalogue.models import Title
from harmattan.catalogue.rules import Availability, AvailabilityGroup, search_texts
from harmattan.catalogue.search import Order, Wish
from harmattan.core.extensions import db
from tests import cast

SHELF = (
    ("9782343000015", "Les passeurs du fleuve", "Cléo Almeida", "Recherches africaines", "3111", 2024),
    ("9782296000018", "Histoire du Sénégal", "Amadou Diop", "Recherches africaines", "3377", 2019),
    ("9782738400017", "Le Sénégal sous les halles", "Anne Malien", "Écritures", "3442", 2010),
    ("9782343123455", "Mali, mémoires d’une ville", "Paul Histoire", "Écritures", "3377", 2026),
    ("9782140423451", "L’œuvre et la littérature", "Léopold Cissé", "Critiques littéraires", "4027", 2001),
    ("9782140423468", "Littérature et malice", "Karim Cissé", "Critiques littéraires", "3146", None),
)


@pytest.fixture
def shelf(any_app: Flask) -> None:
    for isbn, title, authors, collection, clil, year in SHELF:
        published_on = dt.date(year, 3, 1) if year else None
        cast.title(
            isbn, title=title, authors=authors, collection=collection, clil=clil, published_on=published_on
        )
    db.session.commit()
    service.rebuild_vocabulary()
    db.session.commit()


def titles(text: str = "", **wish: object) -> list[str]:
    found = service.page_of(Wish(text, **wish), 1)  # type: ignore[arg-type]
    return [row.title for row in found.titles]


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("passeurs", ["Les passeurs du fleuve"]),
        ("PASSEURS du FLEUVE", ["Les passeurs du fleuve"]),
        ("fleuve passeurs", ["Les passeurs du fleuve"]),
        ("passe", ["Les passeurs du fleuve"]),
        ("oeuvre", ["L’œuvre et la littérature"]),
        ("l'œuvre", ["L’œuvre et la littérature"]),
        ("leopold ciss", ["L’œuvre et la littérature"]),
        ("cisse malice", ["Littérature et malice"]),
        ("recherches sénégal afri", ["Histoire du Sénégal"]),
        ("passeurs senegal", []),
        ("passeurs\" OR title_words MATCH 'x'* & | !", []),
    ],
)
def test_all_words_are_found_the_last_one_as_a_beginning(text: str, found: list[str]) -> None:
    assert titles(text, exact=True) == found


@pytest.mark.usefixtures("shelf")
def test_whole_words_come_before_beginnings_and_titles_that_start_with_them_first() -> None:
    assert titles("mali") == [
        "Mali, mémoires d’une ville",
        "Littérature et malice",
        "Le Sénégal sous les halles",
    ]
    assert titles("histoire") == ["Histoire du Sénégal", "Mali, mémoires d’une ville"]


@pytest.mark.usefixtures("shelf")
def test_popular_titles_come_before_others_that_fit_as_well() -> None:
    for isbn, popularity in (("9782343000701", 0), ("9782343000718", 900)):
        cast.title(isbn, title="Contes du Bénin", popularity=popularity)
    db.session.commit()
    assert [row.isbn for row in service.page_of(Wish("benin"), 1).titles] == [
        "9782343000718",
        "9782343000701",
    ]


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("senegl", "senegal"),
        ("senegall", "senegal"),
        ("litterture", "litterature"),
        ("liitérature", "litterature"),
        ("afriacines", "africaines"),
        ("recherhces", "recherches"),
        ("harmatan", "harmattan"),
    ],
)
def test_a_typing_error_is_corrected_when_nothing_is_found(typed: str, meant: str) -> None:
    found = service.page_of(Wish(typed), 1)
    assert found.corrected == meant
    assert found.titles
    assert not service.page_of(Wish(typed, exact=True), 1).titles


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("text", ["histoire", "senegal", "zzzzzz", "xq", "histoyre fleuve"])
def test_nothing_is_corrected_when_words_are_known_or_nothing_comes_of_it(text: str) -> None:
    assert service.page_of(Wish(text), 1).corrected == ""


@pytest.mark.usefixtures("shelf")
def test_filters_narrow_what_is_found() -> None:
    assert titles("senegal", since=2015) == ["Histoire du Sénégal"]
    assert titles("senegal", collection="ecrit") == ["Le Sénégal sous les halles"]
    assert titles(subject="histoire") == ["Mali, mémoires d’une ville", "Histoire du Sénégal"]
    assert titles(subject="3442") == ["Le Sénégal sous les halles"]
    assert titles(subject="lettres", order=Order.TITLE) == [
        "L’œuvre et la littérature",
        "Littérature et malice",
    ]
    gone = db.session.scalars(sa.select(Title).where(Title.isbn == "9782738400017")).one()
    gone.availability = Availability.OUT_OF_PRINT
    db.session.commit()
    assert titles("senegal", availabilities=AvailabilityGroup.ENDED.members) == ["Le Sénégal sous les halles"]
    assert titles("senegal", availabilities=AvailabilityGroup.NOW.members) == ["Histoire du Sénégal"]


@pytest.mark.usefixtures("shelf")
def test_without_words_the_newest_come_first_and_the_undated_last() -> None:
    newest = [row[1] for row in sorted(SHELF, key=lambda row: -(row[5] or 0))]
    assert titles() == newest
    assert titles("le la les", order=Order.NEWEST, exact=True) == []
    assert titles("cisse", order=Order.NEWEST) == ["L’œuvre et la littérature", "Littérature et malice"]
    assert titles("senegal", order=Order.TITLE) == ["Histoire du Sénégal", "Le Sénégal sous les halles"]


@pytest.mark.usefixtures("shelf")
def test_a_changed_or_deleted_record_is_found_as_it_is_now() -> None:
    changed = {"title": "Les bateliers du lac"}
    texts = search_texts(**changed)
    db.session.execute(sa.update(Title).where(Title.isbn == "9782343000015").values(**changed, **texts))
    db.session.execute(sa.update(Title).where(Title.isbn == "9782296000018").values(deleted_at=cast.MONDAY))
    db.session.commit()
    assert titles("passeurs", exact=True) == []
    assert titles("bateliers") == ["Les bateliers du lac"]
    assert titles("senegal") == ["Le Sénégal sous les halles"]


@pytest.mark.usefixtures("shelf")
def test_the_vocabulary_follows_the_catalogue() -> None:
    db.session.execute(sa.update(Title).values(folded_title="bateliers du lac", folded_authors=""))
    service.rebuild_vocabulary()
    db.session.commit()
    assert service.page_of(Wish("bateleirs"), 1).corrected == "bateliers"
    assert service.page_of(Wish("senegl"), 1).corrected == ""


def test_a_common_word_is_counted_and_paged_only_so_far(
    any_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "CANDIDATES", 30)
    monkeypatch.setattr(search, "COUNTED", 40)
    for number in range(45):
        cast.title(f"97823430{number:05}", title=f"Contes {number}")
    db.session.commit()
    first, last = service.page_of(Wish("contes"), 1), service.page_of(Wish("contes"), 99)
    assert (first.is_uncounted, first.has_previous, first.has_next, len(first.titles)) == (
        True,
        False,
        True,
        20,
    )
    assert (last.number, last.has_previous, last.has_next, len(last.titles)) == (2, True, False, 10)
    assert not {row.isbn for row in first.titles} & {row.isbn for row in last.titles}
    assert service.page_of(Wish(), 1).is_uncounted
