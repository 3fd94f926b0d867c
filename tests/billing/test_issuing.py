"""Documents in their series: numbers without gaps, dates that never go back, bytes that never change."""

import datetime as dt
import hashlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from unittest import mock

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.billing import drafts, lookups, rules, service
from harmattan.billing.models import Document, DocumentFile, DocumentLine, Form
from harmattan.core import documents, numbering
from harmattan.core.documents import DocumentNotMade
from harmattan.core.extensions import db
from harmattan.core.places import Territory
from harmattan.core.vat import Regime
from tests import cast
from tests.configuration import say_otherwise
from tests.core.test_database import in_threads

TODAY = cast.MONDAY.date()


@pytest.fixture
def shop(any_app: Flask) -> SimpleNamespace:
    """The journeys' shops and titles, on both databases."""
    people, titles = cast.everybody(), cast.titles()
    db.session.commit()
    return SimpleNamespace(app=any_app, **vars(people), **vars(titles))


@pytest.fixture
def ours(people: SimpleNamespace) -> SimpleNamespace:
    """The same, where the database does not matter."""
    return SimpleNamespace(**vars(people), **vars(cast.titles()))


@pytest.fixture
def stand_in_papers() -> Iterator[mock.Mock]:
    """Papers that cost nothing, and how often they were set."""
    with mock.patch.object(drafts, "papers") as papers:
        papers.side_effect = lambda number, _: {form: number.encode() for form in Form}
        yield papers


def draft(shop: SimpleNamespace, quantity: int = 1, **details: object) -> drafts.Draft:
    account = shop.grand_large
    return drafts.invoice(
        account,
        [cast.billed(shop.t1, quantity, account)],
        delivery=drafts.Delivery(Territory.MAINLAND, account.place),
        term=account.payment_term,
        **details,
    )


def count(table: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def numbers() -> list[str]:
    return list(db.session.scalars(sa.select(Document.number).order_by(Document.id)))


def test_the_documents_of_the_journeys_have_their_amounts(ours: SimpleNamespace) -> None:
    found = cast.documents(ours, ours)
    f4, a1 = found.f4, found.a1
    assert (f4.goods_cents, f4.vat[0]["vat_cents"], f4.total_cents) == (10556, 581, 11137)
    assert (a1.goods_cents, a1.vat[0]["vat_cents"], a1.total_cents) == (4550, 250, 4800)
    assert f4.due_on == dt.date(2026, 11, 30)
    assert (found.f3.open_cents, f4.open_cents, a1.open_cents) == (0, 11137, 4800)


def test_the_bytes_are_kept_as_they_were_set_and_never_set_again(ours: SimpleNamespace) -> None:
    prepared = draft(ours)
    document = service.issue(prepared, "Marie Duval")
    db.session.commit()
    with mock.patch.object(documents, "pdf", side_effect=AssertionError):
        kept = {form: lookups.content(document, form) for form in Form}
    assert kept == prepared.papers
    rows = db.session.scalars(sa.select(DocumentFile)).all()
    assert {row.form: row.sha256 for row in rows} == {
        form: hashlib.sha256(content).hexdigest() for form, content in kept.items()
    }


@pytest.mark.usefixtures("stand_in_papers")
def test_eight_at_once_take_eight_numbers_without_a_gap(shop: SimpleNamespace) -> None:
    start = threading.Barrier(8)

    def work() -> None:
        mine = SimpleNamespace(grand_large=db.session.merge(shop.grand_large), t1=db.session.merge(shop.t1))
        prepared = draft(mine)
        db.session.commit()
        start.wait()
        service.issue(prepared, "Marie Duval")
        db.session.commit()

    in_threads(shop.app, work, count=8)
    assert sorted(numbers()) == [f"FA-2026-{number:06}" for number in range(1, 9)]
    papers = db.session.scalars(sa.select(DocumentFile).where(DocumentFile.form == Form.PDF)).all()
    assert all(each.content.decode() == each.document.number for each in papers)


@pytest.mark.usefixtures("stand_in_papers")
def test_a_rollback_leaves_no_gap_and_no_trace(shop: SimpleNamespace) -> None:
    for number in range(6):
        service.issue(draft(shop), "Marie Duval")
        if number % 2:
            db.session.rollback()
        else:
            db.session.commit()
    assert numbers() == ["FA-2026-000001", "FA-2026-000002", "FA-2026-000003"]
    assert count(DocumentLine) == 3


def test_a_draft_is_set_again_only_where_its_number_was_taken(
    ours: SimpleNamespace, stand_in_papers: mock.Mock
) -> None:
    first, second = draft(ours), draft(ours)
    service.issue(first, "Marie Duval")
    assert stand_in_papers.call_count == 2
    assert service.issue(second, "Marie Duval").number == "FA-2026-000002"
    assert stand_in_papers.call_count == 3


@pytest.mark.usefixtures("stand_in_papers")
def test_a_document_never_bears_a_date_before_the_last_of_its_series(ours: SimpleNamespace) -> None:
    service.issue(draft(ours), "Marie Duval")
    db.session.commit()
    earlier = draft(ours, issued_on=TODAY - dt.timedelta(days=1))
    with pytest.raises(DocumentNotMade, match="date antérieure"):
        service.issue(earlier, "Marie Duval")
    db.session.rollback()
    assert service.issue(draft(ours), "Marie Duval").number == "FA-2026-000002"


@pytest.mark.usefixtures("stand_in_papers")
def test_each_year_begins_its_series_anew(ours: SimpleNamespace) -> None:
    for day in (TODAY, dt.date(2027, 1, 4)):
        service.issue(draft(ours, issued_on=day), "Marie Duval")
    assert numbers() == ["FA-2026-000001", "FA-2027-000001"]


@pytest.mark.parametrize("fact", ["capital", "iban", "late_penalty_text"])
def test_without_a_legal_mention_of_ours_nothing_is_made(
    app: Flask, ours: SimpleNamespace, fact: str
) -> None:
    say_otherwise(app, **{fact: ""})
    with pytest.raises(DocumentNotMade, match="Il manque dans les réglages"):
        draft(ours)
    assert numbering.upcoming_reference("FA", TODAY) == "FA-2026-000001"


def test_without_the_customers_siret_nothing_is_made(ours: SimpleNamespace) -> None:
    ours.grand_large.siret = ""
    with pytest.raises(DocumentNotMade, match="SIRET de Librairie Le Grand Large"):
        draft(ours)


def test_a_customer_abroad_needs_no_siret(ours: SimpleNamespace) -> None:
    ours.grand_large.siret, ours.grand_large.country, ours.grand_large.vat_number = "", "BE", "BE0403019261"
    place, line = ours.grand_large.place, replace(cast.billed(ours.t1, 1, ours.grand_large), vat_bp=0)
    delivery = drafts.Delivery(Territory.EUROPEAN_UNION, place)
    made = drafts.invoice(ours.grand_large, [line], delivery=delivery, term=cast.SIXTY_DAYS)
    assert made.facts.regime is Regime.INTRA_COMMUNITY


def test_where_the_engine_is_down_nothing_is_made(
    ours: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "TYPESETTER", "/nowhere")
    with pytest.raises(DocumentNotMade):
        draft(ours)


def test_rates_that_are_not_those_of_the_place_are_a_fault_of_the_caller(ours: SimpleNamespace) -> None:
    line = replace(cast.billed(ours.t1, 1, ours.grand_large), vat_bp=0)
    delivery = drafts.Delivery(Territory.MAINLAND, ours.grand_large.place)
    with pytest.raises(ValueError, match="VAT rates"):
        drafts.invoice(ours.grand_large, [line], delivery=delivery, term=cast.SIXTY_DAYS)


def test_what_is_collected_is_taxed_as_on_the_mainland(ours: SimpleNamespace) -> None:
    delivery = drafts.Delivery(Territory.OVERSEAS, ours.grand_large.place, is_collected=True)
    line = cast.billed(ours.t1, 1, ours.grand_large)
    assert drafts.invoice(
        ours.grand_large, [line], delivery=delivery, term=cast.SIXTY_DAYS
    ).facts.regime.is_taxed


# credit notes


def credit(invoice: Document, quantity: int) -> drafts.Draft:
    credits = [drafts.Credit(invoice, invoice.lines[0], quantity)]
    return drafts.credit_note(invoice.account, credits, reason="Retour")


@pytest.mark.usefixtures("stand_in_papers")
def test_no_more_copies_are_credited_than_were_invoiced(ours: SimpleNamespace) -> None:
    invoice = cast.invoice(ours.grand_large, (ours.t1, 4))
    cast.credit_note(invoice, 3)
    db.session.refresh(invoice.lines[0])
    with pytest.raises(drafts.AlreadyCredited, match="il reste 1 à créditer"):
        credit(invoice, 2)
    last = service.issue(credit(invoice, 1), "Inès Caron")
    assert last.number == "AV-2026-000002"
    db.session.refresh(invoice)
    assert invoice.credited_cents == invoice.net_cents


@pytest.mark.usefixtures("stand_in_papers")
def test_fifty_credits_of_one_copy_have_one_effect(shop: SimpleNamespace) -> None:
    invoice = cast.invoice(shop.grand_large, (shop.t1, 1))
    db.session.commit()
    start, refused = threading.Barrier(50), []

    def work() -> None:
        prepared = credit(db.session.get_one(Document, invoice.id), 1)
        db.session.commit()
        start.wait()
        try:
            service.issue(prepared, "Inès Caron")
            db.session.commit()
        except drafts.AlreadyCredited:
            db.session.rollback()
            refused.append(1)

    in_threads(shop.app, work, count=50)
    assert len(refused) == 49
    assert [number for number in numbers() if number.startswith("AV")] == ["AV-2026-000001"]


@pytest.mark.usefixtures("stand_in_papers")
def test_a_gesture_is_credited_too_and_bounded_by_the_invoice(ours: SimpleNamespace) -> None:
    invoice = cast.invoice(ours.grand_large, (ours.t1, 4))
    for net_cents, fits in ((500, True), (invoice.net_cents, False)):
        credits = [drafts.Credit(invoice, designation="Remise oubliée", net_cents=net_cents, vat_bp=550)]
        prepared = drafts.credit_note(ours.grand_large, credits, reason="Remise de 38 % convenue")
        if fits:
            assert service.issue(prepared, "Inès Caron").total_cents == 528
            db.session.commit()
        else:
            with pytest.raises(drafts.AlreadyCredited):
                service.issue(prepared, "Inès Caron")


@pytest.mark.usefixtures("stand_in_papers")
def test_a_credit_note_cites_every_invoice_that_it_corrects(ours: SimpleNamespace) -> None:
    invoices = [cast.invoice(ours.grand_large, (ours.t1, 4)), cast.invoice(ours.grand_large, (ours.t2, 2))]
    credits = [drafts.Credit(each, each.lines[0], 1) for each in invoices]
    found = service.issue(drafts.credit_note(ours.grand_large, credits, reason="Retour"), "Inès Caron")
    db.session.flush()
    assert [each.invoice.number for each in found.cited] == [each.number for each in invoices]
    assert [line.corrects_id for line in found.lines] == [each.lines[0].id for each in invoices]


@pytest.mark.usefixtures("stand_in_papers")
def test_a_credit_note_never_mixes_accounts(ours: SimpleNamespace) -> None:
    theirs = cast.invoice(ours.quais, (ours.t1, 4))
    with pytest.raises(ValueError, match="one account"):
        drafts.credit_note(ours.grand_large, [drafts.Credit(theirs, theirs.lines[0], 1)], reason="Retour")


def test_states_of_documents_have_names_and_tones() -> None:
    assert {state.tone for state in rules.State} <= {"fait", "att", "err", "cours"}
    assert len({state.label for state in rules.State}) == len(rules.State)
