"""Runs: what they write, count, refuse; batch by batch, resumable, harmless when repeated."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.catalogue import search
from harmattan.catalogue.models import Title, TitleRelation
from harmattan.catalogue.rules import Availability
from harmattan.core import clock, jobs
from harmattan.core.extensions import db
from harmattan.imports import rules, running, service
from harmattan.imports.models import CatalogueImport, ImportRemark
from harmattan.imports.rules import RunState
from harmattan.outbox.models import OutboxMessage
from tests.browser import fold
from tests.imports.conftest import Import, counts, received, title
from tests.imports.messages import PUBLISHING, isbn, many, message, product, record, supply


def remarks() -> list[tuple[int, str, str]]:
    rows = db.session.scalars(sa.select(ImportRemark).order_by(ImportRemark.id))
    return [(row.position, row.kind, row.reason) for row in rows]


def test_new_records_become_titles(run_file: Import) -> None:
    run = run_file(message(product(), product("fr.test.2", "9782296000018"), number=12))
    assert (run.state, run.reference, run.sender) == (
        RunState.DONE,
        "IMP-2026-000001",
        "Distributeur Exemple",
    )
    assert counts(run) == {"read": 2, "created": 2}
    assert (run.total, run.message_number) == (2, 12)
    found = title()
    assert (found.title, found.price_cents, found.stock) == ("Les passeurs du fleuve", 2500, 0)
    assert found.folded_title == "les passeurs du fleuve ethnographie d un delta"
    assert [
        (row.code, row.isbn)
        for row in db.session.scalars(sa.select(TitleRelation).filter_by(title_id=found.id))
    ] == [("06", "9782296000018")]


def test_the_same_file_again_changes_nothing(run_file: Import) -> None:
    run_file(message(*many(3)))
    before = title("fr.test.2").updated_at
    clock.start_at(clock.now() + dt.timedelta(hours=1))
    assert counts(run_file(message(*many(3)))) == {"read": 3, "unchanged": 3}
    assert title("fr.test.2").updated_at == before


def test_short_tags_say_the_same_record(run_file: Import) -> None:
    run_file(message(product()))
    assert counts(run_file(message(product(), short=True, release="3.1"))) == {"read": 1, "unchanged": 1}


def test_a_full_record_replaces_all_and_leaves_stock_alone(run_file: Import) -> None:
    run_file(message(product()))
    title().stock = 40
    db.session.commit()
    run = run_file(message(product(title="<TitleText>Un autre titre</TitleText>", texts="", related="")))
    assert counts(run) == {"read": 1, "updated": 1}
    found = title()
    assert (found.title, found.subtitle, found.description, found.stock) == ("Un autre titre", "", "", 40)
    assert db.session.scalars(sa.select(TitleRelation)).all() == []


def test_an_imported_title_is_found_by_the_words_it_has_now(run_file: Import) -> None:
    run_file(message(product(title="<TitleText>Brumes</TitleText>")))
    run_file(message(product(title="<TitleText>Rivages</TitleText>")))
    found = {word: len(search.find(search.Wish(word, exact=True)).ids) for word in ("brumes", "rivages")}
    assert found == {"brumes": 0, "rivages": 1}
    title().title = "Marées"  # and the index follows a single title again
    db.session.commit()
    assert search.find(search.Wish("marees", exact=True)).total == 1
    if db.engine.dialect.name == "sqlite":
        check = "INSERT INTO title_words (title_words, rank) VALUES ('integrity-check', 1)"
        db.session.execute(sa.text(check))


def test_a_block_update_leaves_the_other_blocks(run_file: Import) -> None:
    run_file(message(product()))
    news = record("fr.test.1", "04", blocks=f"<ProductSupply>{supply('40')}</ProductSupply>")
    assert counts(run_file(message(news))) == {"read": 1, "updated": 1}
    found = title()
    assert (found.availability, found.title) == (Availability.OUT_OF_PRINT, "Les passeurs du fleuve")
    assert (found.description, found.published_on) == ("Un beau texte.\nDeux.", dt.date(2024, 3, 1))
    assert len(db.session.scalars(sa.select(TitleRelation)).all()) == 1
    assert counts(run_file(message(news))) == {"read": 1, "unchanged": 1}


def test_a_block_update_of_an_unknown_title_needs_everything(run_file: Import) -> None:
    supplied = f"<ProductSupply>{supply()}</ProductSupply>"
    run = run_file(message(record("fr.test.9", "04", isbn(9), supplied), product(notification="04")))
    assert counts(run) == {"read": 2, "created": 1, "rejected": 1}
    assert remarks() == [(1, "rejet", "mise à jour partielle d’une notice inconnue")]


def test_a_forthcoming_title_is_expected_on_its_publication_day_which_moves(run_file: Import) -> None:
    run_file(message(product(publishing=PUBLISHING.replace("20240301", "20261215"), supplied=supply("10"))))
    assert title().expected_on == dt.date(2026, 12, 15)
    later = PUBLISHING.replace("20240301", "20270120")
    run_file(message(record("fr.test.1", "04", blocks=f"<PublishingDetail>{later}</PublishingDetail>")))
    assert title().expected_on == dt.date(2027, 1, 20)


def test_a_deleted_record_keeps_its_row_and_may_come_back(run_file: Import) -> None:
    run_file(message(product()))
    assert counts(run_file(message(record("fr.test.1", "05")))) == {"read": 1, "deleted": 1}
    assert title().deleted_at is not None
    assert counts(run_file(message(record("fr.test.1", "05")))) == {"read": 1, "unchanged": 1}
    partial = record("fr.test.1", "04", blocks=f"<ProductSupply>{supply()}</ProductSupply>")
    assert counts(run_file(message(partial))) == {"read": 1, "rejected": 1}
    assert counts(run_file(message(product()))) == {"read": 1, "updated": 1}
    assert title().deleted_at is None


def test_an_unknown_deletion_is_a_warning_and_test_records_are_ignored(run_file: Import) -> None:
    run = run_file(message(record("fr.test.7", "05"), product("fr.test.8", isbn(8), notification="88")))
    assert counts(run) == {"read": 2, "unchanged": 1, "ignored": 1, "warnings": 1}
    assert remarks() == [(1, "avertissement", "suppression d’une notice inconnue")]


def test_one_isbn_under_two_references_is_rejected_and_stops_nothing(run_file: Import) -> None:
    run_file(message(product()))
    run = run_file(message(product("fr.autre"), product("fr.test.2", isbn(2)), product("fr.test.3", isbn(2))))
    assert counts(run) == {"read": 3, "created": 1, "rejected": 2}
    assert remarks() == [
        (1, "rejet", "l’ISBN est déjà celui de la notice fr.test.1"),
        (3, "rejet", "l’ISBN est déjà celui de la notice fr.test.2"),
    ]


def test_a_reference_may_change_its_isbn(run_file: Import) -> None:
    run_file(message(product()))
    run = run_file(message(product(number=isbn(5)), product("fr.test.2")))
    assert counts(run) == {"read": 2, "created": 1, "updated": 1}
    assert (title().isbn, title("fr.test.2").isbn) == (isbn(5), "9782343000015")


def test_a_record_that_comes_twice_ends_as_its_last_word(run_file: Import) -> None:
    run = run_file(
        message(product(), record("fr.test.1", "05"), product(title="<TitleText>Dernier mot</TitleText>"))
    )
    assert counts(run) == {"read": 3, "created": 1, "deleted": 1, "updated": 1}
    assert (title().title, title().deleted_at) == ("Dernier mot", None)


def test_rejected_records_are_told_with_their_place(run_file: Import) -> None:
    bad = (product("fr.test.2", "9782343000016"), product("fr.test.3", isbn(3), title=""))
    run = run_file(message(product(), *bad))
    assert counts(run) == {"read": 3, "created": 1, "rejected": 2}
    assert remarks() == [
        (2, "rejet", "ISBN ou GTIN faux : « 9782343000016 »"),
        (3, "rejet", "titre absent"),
    ]


def test_a_dry_run_counts_all_and_changes_nothing(run_file: Import) -> None:
    run_file(message(product()))
    news = product(title="<TitleText>Un autre titre</TitleText>")
    run = run_file(
        message(news, product("fr.test.2", isbn(2)), product("fr.test.3", number=None)), dry_run=True
    )
    assert counts(run) == {"read": 3, "created": 1, "updated": 1, "rejected": 1}
    assert db.session.scalars(sa.select(Title.title)).all() == ["Les passeurs du fleuve"]


def test_a_message_without_records_is_refused(run_file: Import) -> None:
    run = run_file(message())
    assert (run.state, run.message) == (
        RunState.FAILED,
        "Le message ne contient aucune notice : rien n’a été changé",
    )


def test_a_cut_file_changes_nothing(run_file: Import) -> None:
    run = run_file(message(*many(1200))[:-200])
    assert run.state is RunState.FAILED
    assert run.message.startswith("Le fichier est coupé : il s’arrête à la ligne 2, colonne ")
    assert db.session.scalars(sa.select(Title)).all() == []


def test_a_file_that_has_gone_is_refused(any_app: Flask, tmp_path: Path) -> None:
    run = received(tmp_path, message(product()))
    run.file.unlink()
    running.carry_out(run)
    assert (run.state, run.message) == (
        RunState.FAILED,
        "Le fichier n’est plus à sa place : envoyez-le de nouveau",
    )


def test_a_run_that_was_cut_goes_on_after_its_last_batch(
    any_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "BATCH", 2)
    run = received(tmp_path, message(*many(5)))

    def die(cut: CatalogueImport) -> None:
        if cut.read == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        running.carry_out(run, die)
    db.session.rollback()
    db.session.expire_all()
    assert (run.state, run.read, run.created) == (RunState.RUNNING, 4, 4)
    running.carry_out(run)
    assert run.state is RunState.DONE
    assert counts(run) == {"read": 5, "created": 5}


def test_a_finished_run_is_not_done_twice(run_file: Import) -> None:
    run = run_file(message(product()))
    running.carry_out(run)
    assert counts(run) == {"read": 1, "created": 1}


def test_an_older_message_is_refused_unless_forced(run_file: Import) -> None:
    run_file(message(product(), number=12))
    with pytest.raises(service.OlderMessage, match="IMP-2026-000001"):
        run_file(message(product(), number=11))
    db.session.rollback()
    assert run_file(message(product(), number=11), forced=True).state is RunState.DONE
    assert run_file(message(product(), number=3, sender="Un autre")).state is RunState.DONE
    assert run_file(message(product(), number=11)).state is RunState.DONE


def test_a_message_that_became_old_while_waiting_is_refused(any_app: Flask, tmp_path: Path) -> None:
    first, second = (
        received(tmp_path, message(product(), number=1)),
        received(tmp_path, message(product(), number=2)),
    )
    running.carry_out(second)
    running.carry_out(first)
    assert first.state is RunState.FAILED
    assert "plus récent" in first.message


def test_the_worker_does_it_renews_its_lease_and_mails_the_end(
    app: Flask, people: SimpleNamespace, tmp_path: Path
) -> None:
    run = received(tmp_path, message(product()), by=people.root)
    service.enqueue(run)
    db.session.commit()
    assert jobs.run_due() == 1
    assert run.state is RunState.DONE
    mail = db.session.scalars(sa.select(OutboxMessage)).one()
    assert (mail.recipient, fold(mail.subject)) == ("root@equipe.example", "Import IMP-2026-000001 : terminé")
    assert "Titres créés : 1" in fold(mail.body)
    assert "/equipe/catalogue/IMP-2026-000001" in mail.body


def test_the_mail_of_a_refusal_says_why(app: Flask, people: SimpleNamespace, tmp_path: Path) -> None:
    running.carry_out(received(tmp_path, message(), by=people.root))
    mail = db.session.scalars(sa.select(OutboxMessage)).one()
    assert fold(mail.subject) == "Import IMP-2026-000001 : fichier refusé"
    assert "Le message ne contient aucune notice" in mail.body


def test_the_cost_of_a_batch_does_not_grow_with_it(
    app: Flask, tmp_path: Path, count_statements: Callable[[], Any]
) -> None:
    def statements(how_many: int) -> int:
        run = received(tmp_path, message(*many(how_many)))
        with count_statements() as counted:
            running.carry_out(run)
        return len(counted)

    few = statements(2)
    assert statements(300) == few
