"""Search by words: the same answers on both databases (stack.md §4)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.catalogue import search, service
from harmattan.catalogue.codes import SUBJECTS
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
def test_without_words_what_is_out_comes_before_what_comes_out_the_soonest_first() -> None:
    coming = {"9782738400017": dt.date(2027, 3, 1), "9782343000015": dt.date(2026, 12, 1)}
    for isbn, day in coming.items():
        db.session.scalars(sa.select(Title).where(Title.isbn == isbn)).one().published_on = day
    db.session.commit()
    shown = [title.isbn for title in service.page_of(Wish(), 1).titles if title.published_on]
    assert shown[-2:] == ["9782343000015", "9782738400017"]
    assert [t.isbn for t in service.page_of(Wish(order=Order.NEWEST), 1).titles][:2] == list(coming)


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


@pytest.mark.parametrize("wish", [{}, {"subject": "3377"}])
def test_deleted_titles_are_not_counted_where_there_are_more_than_can_be_shown(
    any_app: Flask, monkeypatch: pytest.MonkeyPatch, wish: dict[str, str]
) -> None:
    monkeypatch.setattr(search, "CANDIDATES", 3)
    for number in range(9):
        cast.title(f"97823430{number:05}", title=f"Mémoires du port {number}", clil="3377")
    deleted = sa.update(Title).where(Title.isbn == "9782343000004")
    db.session.execute(deleted.values(deleted_at=cast.MONDAY))
    db.session.commit()
    assert search.find(Wish("memoires port", **wish)).total == 8


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


@pytest.fixture
def plans(any_app: Flask) -> Callable[[Wish], list[str]]:
    """How the database at hand finds what is wished: the plan of each statement."""

    def plans_of(wish: Wish) -> list[str]:
        asked: list[tuple[str, Any]] = []

        def note(_connection: Any, _cursor: Any, text: str, parameters: Any, *_rest: Any) -> None:
            if not text.startswith("BEGIN"):
                asked.append((text, parameters))

        is_sqlite = db.engine.dialect.name == "sqlite"
        if not is_sqlite:  # a shelf of six is read whole by whoever may choose
            db.session.execute(sa.text("SET LOCAL enable_seqscan = off"))
        sa.event.listen(db.engine, "before_cursor_execute", note)
        search.find(wish)
        sa.event.remove(db.engine, "before_cursor_execute", note)
        explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
        connection = db.session.connection()
        answers = [connection.exec_driver_sql(f"{explain} {text}", values).all() for text, values in asked]
        return ["\n".join(str(row[-1]) for row in rows) for rows in answers]

    return plans_of


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("order", [Order.NEWEST, Order.TITLE])
def test_a_rare_subject_is_found_by_its_own_index_in_one_statement(
    plans: Callable[[Wish], list[str]], order: Order
) -> None:
    (plan,) = plans(Wish(subject="3377", order=order))
    assert "ix_titles_clil" in plan, plan
    assert "SCAN t" not in plan


@pytest.mark.usefixtures("shelf")
def test_words_without_a_filter_are_counted_in_their_index_alone(
    plans: Callable[[Wish], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A title is as wide as its description: reading a thousand of them to count them takes the longest."""
    monkeypatch.setattr(search, "CANDIDATES", 1)
    *_, counted = plans(Wish("senegal"))
    left_out = {"sqlite": "ix_titles_deleted", "postgresql": "deleted_at IS NULL"}
    assert left_out[db.engine.dialect.name] in counted, counted
    assert "SEARCH t " not in counted, counted


@pytest.mark.usefixtures("shelf")
def test_a_frequent_subject_walks_the_index_of_days(
    plans: Callable[[Wish], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "COUNTED", 1)
    first, second, *_ = plans(Wish(subject="3377"))
    assert "ix_titles_clil" in first
    assert "SCAN t" not in second or "ix_titles_published_on" in second, second


@pytest.mark.usefixtures("shelf")
def test_a_subject_reads_the_same_whether_it_is_rare_or_frequent(monkeypatch: pytest.MonkeyPatch) -> None:
    wishes = [
        Wish(subject=subject, order=order, since=since)
        for subject in (*SUBJECTS, "3377", "9999")
        for order in Order
        for since in (None, 2019)
    ]
    few = [search.find(wish).ids for wish in wishes]
    monkeypatch.setattr(search, "_few", lambda *_: None)
    assert [search.find(wish).ids for wish in wishes] == few
    assert [row.title for row in service.page_of(Wish(subject="3377"), 1).titles] == [
        "Mali, mémoires d’une ville",
        "Histoire du Sénégal",
    ]
