"""A payment that came back or was a mistake is undone by accounting, plain and with HTMX (R82)."""

import datetime as dt
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.billing import allocation, statements
from harmattan.billing.models import Allocation, Means, Payment
from harmattan.core import clock, database
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.lcr import collecting, drawing, presenting, remitting
from harmattan.lcr import service as mandates
from harmattan.lcr.rules import Action as LcrAction
from harmattan.ledger import lookups, reversing
from harmattan.outbox.models import OutboxMessage
from harmattan.payments import service as payments
from harmattan.payments.models import PaymentOrder
from harmattan.payments.rules import Action, Status
from harmattan.payments.rules import Means as Announced
from tests import cast
from tests.browser import Browser, fold
from tests.core.test_database import in_threads
from tests.lcr.conftest import IBAN

INES = "ines@equipe.example"
PAGE = "/equipe/comptabilite/comptes/104512"
REVERSAL = f"{PAGE}/contrepassation"
TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def papers(people: SimpleNamespace) -> SimpleNamespace:
    return cast.documents(people, cast.titles())


@pytest.fixture
def paid(papers: SimpleNamespace) -> Payment:
    """A cheque of 111,37 that settles F4."""
    made = allocation.record_payment(
        papers.f4.account, 11137, received_on=dt.date(2026, 11, 16), means=Means.CHEQUE, actor="Inès"
    )
    allocation.allocate(made, papers.f4, 11137, "Inès")
    db.session.commit()
    return made


@pytest.fixture
def ines(browser: Browser, paid: Payment) -> Browser:
    return browser.log_in(INES).open(PAGE)


def test_a_cheque_that_came_back_leaves_its_invoice_open_and_both_entries_on_the_statement(
    ines: Browser, papers: SimpleNamespace, paid: Payment
) -> None:
    ines.submit(REVERSAL, reglement=f" {paid.reference.lower()} ", repris="20/11/2026")
    assert f"Règlement {paid.reference} contrepassé : 111,37 €." in ines.text
    db.session.expire_all()
    assert (paid.undone_on, paid.open_cents, papers.f4.open_cents) == (dt.date(2026, 11, 20), 0, 11137)
    told = statements.statement(papers.f4.account_id, dt.date(2026, 11, 1), TODAY)
    assert [(each.on.day, each.label, each.amount_cents) for each in told.entries] == [
        (16, "Chèque", -11137),
        (20, "Chèque, contrepassé", 11137),
    ]


def told() -> list[str]:
    rows = sa.select(OutboxMessage).where(OutboxMessage.kind == "payment_reversed")
    return [f"{each.recipient} {fold(each.body)}" for each in db.session.scalars(rows)]


def test_the_shop_reads_what_is_to_be_paid_again(
    ines: Browser, papers: SimpleNamespace, paid: Payment
) -> None:
    ines.submit(REVERSAL, reglement=paid.reference, repris="20/11/2026")
    (mail,) = told()
    assert mail.startswith(papers.f4.account.email)
    assert f"la facture {papers.f4.number} : 111,37 €" in mail


@pytest.fixture
def announced(papers: SimpleNamespace, people: SimpleNamespace) -> PaymentOrder:
    """Lucie announced a transfer for F4."""
    order = payments.announce(people.grand_large, [papers.f4], Announced.TRANSFER, people.lucie)
    db.session.commit()
    return order


def test_what_was_announced_and_came_back_no_longer_reads_received(
    browser: Browser, papers: SimpleNamespace, announced: PaymentOrder
) -> None:
    came = payments.receive(announced, announced.amount_cents, "Inès")
    db.session.commit()
    browser.log_in(INES).open(PAGE).submit(REVERSAL, reglement=came.reference, repris="23/11/2026")
    db.session.expire_all()
    assert announced.status is Status.UNDONE
    assert "Contrepassé" in browser.open("/equipe/comptabilite/reglements?etat=contrepasses").text
    assert announced.reference in browser.text
    browser.log_out()
    browser.log_in("lucie@grandlarge.example").open(f"/paiement/{announced.reference}")
    assert "Contrepassé depuis le" in browser.text
    assert "de nouveau à régler" in browser.text
    assert browser.page.find("a", href=f"/paiement?document={papers.f4.number}") is not None
    payments.receive(announced, announced.amount_cents, "Inès")
    db.session.commit()
    assert announced.status is Status.BOOKED


def test_what_came_twice_is_still_received_once_the_second_time_is_undone(
    app: Flask, announced: PaymentOrder, people: SimpleNamespace
) -> None:
    """Accounting look at it until they have cleared it."""
    payments.receive(announced, announced.amount_cents, "Inès")
    again = payments.receive(announced, announced.amount_cents, "Inès", "Payé deux fois")
    reversing.reverse(again, TODAY, people.ines, tell=False)
    db.session.commit()
    assert announced.status is Status.TO_CHECK
    payments.act(announced, Action.CLEAR, "Inès")
    assert announced.status is Status.BOOKED


def test_a_mistake_of_ours_need_not_be_told(ines: Browser, paid: Payment) -> None:
    ines.submit(REVERSAL, reglement=paid.reference, repris="20/11/2026", sans_courriel="y")
    db.session.expire_all()
    assert paid.undone_on is not None
    assert told() == []


@pytest.mark.parametrize(
    ("number", "day", "said"),
    [
        ("", "20/11/2026", "Saisissez le numéro du règlement"),
        ("REG-2026-009999", "20/11/2026", "Aucun règlement de ce compte"),
        ("1", "20/11/2026", "Aucun règlement de ce compte"),
        ("FA-2026-000001", "20/11/2026", "Aucun règlement de ce compte"),
        ("the cheque", "", "Saisissez le jour"),
        ("the cheque", "15/11/2026", "Saisissez un jour du 16/11/2026 à aujourd'hui"),
        ("the cheque", "24/11/2026", "Saisissez un jour du 16/11/2026 à aujourd'hui"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_kept(
    ines: Browser, paid: Payment, number: str, day: str, said: str
) -> None:
    number = paid.reference if number == "the cheque" else number
    ines.submit(REVERSAL, reglement=number, repris=day)
    assert ines.status == 422
    assert said in ines.text
    assert ines.page.select_one("#reglement").get("value", "") == number
    db.session.expire_all()
    assert paid.undone_on is None


def test_another_shops_payment_is_none_of_this_account(
    ines: Browser, papers: SimpleNamespace, paid: Payment
) -> None:
    theirs = allocation.record_payment(
        papers.f9.account, 100, received_on=TODAY, means=Means.TRANSFER, actor="Inès"
    )
    db.session.commit()
    ines.submit(REVERSAL, reglement=theirs.reference, repris="23/11/2026")
    assert "Aucun règlement de ce compte" in ines.text


def test_what_is_undone_is_not_undone_again(ines: Browser, paid: Payment) -> None:
    allocation.undo_payment(paid, dt.date(2026, 11, 20), "Inès")
    db.session.commit()
    ines.submit(REVERSAL, reglement=paid.reference, repris="23/11/2026")
    assert "est déjà contrepassé, le 20/11/2026" in ines.text


def test_what_a_bill_brought_comes_back_by_its_remittance(
    browser: Browser, people: SimpleNamespace, papers: SimpleNamespace
) -> None:
    mandate = mandates.ask(people.grand_large, "SARL", IBAN, people.lucie)
    mandates.act(mandate, LcrAction.ACCEPT, people.ines)
    remittance = remitting.prepare(dt.date(2026, 11, 30), people.ines)
    presenting.create(remittance, drawing.mark(drawing.drafts(remittance)), people.ines)
    clock.start_at(clock.at_paris(dt.date(2026, 12, 1), dt.time(10)))
    collecting.book(remittance, people.ines)
    db.session.commit()
    (bill,) = remittance.bills
    browser.log_in(INES).open(PAGE)
    browser.submit(REVERSAL, reglement=bill.payment.reference, repris="01/12/2026")
    assert "notez-la impayée dans son lot" in browser.text


def test_cash_entered_by_mistake_does_not_count_against_the_days_limit(people: SimpleNamespace) -> None:
    def cash() -> Payment:
        return allocation.record_payment(
            people.grand_large, 90_000, received_on=TODAY, means=Means.CASH, actor="Inès"
        )

    allocation.undo_payment(cash(), TODAY, "Inès")
    cash()
    with pytest.raises(allocation.TooMuchCash):
        cash()


def test_undone_by_two_at_once_it_is_undone_once(any_app: Flask) -> None:
    papers = cast.documents(cast.everybody(), cast.titles())
    paid = cast.pay(papers.f4, TODAY)
    db.session.commit()
    key, done = paid.id, []

    def undo() -> None:
        database.writing()
        try:
            allocation.undo_payment(db.session.get_one(Payment, key), TODAY, "Inès")
            db.session.commit()
            done.append(True)
        except Refusal:
            db.session.rollback()

    in_threads(any_app, undo, 8)
    db.session.expire_all()
    assert len(done) == 1
    assert papers.f4.open_cents == papers.f4.total_cents
    assert not db.session.scalar(sa.select(Allocation.id).where(Allocation.payment_id == key))


def test_older_allocations_stand_on_later_pages_and_can_be_taken_back(
    ines: Browser, papers: SimpleNamespace, paid: Payment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookups, "ALLOCATIONS_A_PAGE", 1)
    latest = ines.open(PAGE).page.select_one("#latest").text
    assert paid.reference in latest
    ines.open(ines.page.select_one("#latest a[rel=next]")["href"])
    assert paid.reference not in ines.page.select_one("#latest").text
    ines.submit(f"{PAGE}/annulation")
    assert "annulée." in ines.text
