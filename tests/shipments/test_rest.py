"""What is still to come: its news; what will never come, with its credit."""

import datetime as dt
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from harmattan.billing.models import Document
from harmattan.billing.rules import Kind
from harmattan.cart.rules import BackorderPolicy
from harmattan.catalogue.rules import Availability
from harmattan.core import jobs
from harmattan.core.extensions import db
from harmattan.orders import validation
from harmattan.orders.models import Order
from harmattan.orders.rules import Status
from harmattan.outbox.models import OutboxMessage
from harmattan.shipments import lookups, reception, rest
from tests import cast
from tests.browser import Browser, fold
from tests.shipments.conftest import Ship

HUGO = "hugo@equipe.example"


def page_of(order: Order) -> str:
    return f"/equipe/commandes/{order.reference}/reste"


@pytest.fixture
def invoiced(people: SimpleNamespace, shelf: SimpleNamespace) -> Order:
    """T1 × 15 and T2 × 5 (3 in stock), validated with its invoice."""
    placed = cast.order(people.karim, (shelf.t1, 15), (shelf.t2, 5))
    db.session.commit()
    validation.validate(
        placed, validation.prepare(placed, validation.propose(placed).mark, None), people.marie
    )
    db.session.commit()
    return placed


def mails(kind: str) -> list[OutboxMessage]:
    return list(db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.kind == kind)))


def credit_notes() -> list[Document]:
    return list(db.session.scalars(sa.select(Document).where(Document.kind == Kind.CREDIT_NOTE)))


def test_news_typed_by_staff_are_read_on_the_orders_page(browser: Browser, order: Order, ship: Ship) -> None:
    ship(order, 15, 3)
    browser.log_in(HUGO).open(page_of(order))
    browser.submit(page_of(order), "enregistrer", **{"nouvelles-2": "11/12/2026"})
    assert browser.url == f"/commandes/{order.reference}"
    assert "nouvelles le 11 déc. 2026" in browser.text
    assert "À nous : expédition de ce qui manque , nouvelles le vendredi 11 décembre 2026" in browser.text
    browser.open(page_of(order)).submit(page_of(order), "enregistrer", **{"nouvelles-2": ""})
    db.session.refresh(order)
    assert (order.lines[1].news_on, order.promised_on) == (None, None)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [("22/11/2026", "Choisissez un jour à venir"), ("bientôt", "Saisissez la date sous la forme jj/mm/aaaa")],
)
def test_a_day_that_is_none_is_said_at_its_title(
    browser: Browser, order: Order, ship: Ship, typed: str, fault: str
) -> None:
    ship(order, 15, 3)
    browser.log_in(HUGO).open(page_of(order))
    browser.submit(page_of(order), "enregistrer", **{"nouvelles-2": typed})
    assert browser.status == 422
    assert fault in browser.faults()[0]


def test_the_way_to_wait_no_longer_opens_once_the_catalogue_expects_nothing(
    browser: Browser, order: Order, ship: Ship, shelf: SimpleNamespace
) -> None:
    ship(order, 15, 3)
    browser.log_in(HUGO).open(page_of(order))
    assert browser.page.find("button", attrs={"name": "abandon"}) is None
    browser.post(page_of(order), {"nouvelles-2": "", "abandon": "2"})
    assert browser.status == 409
    assert "ne se modifie plus" in browser.text
    shelf.t2.availability = Availability.OUT_OF_PRINT
    db.session.commit()
    browser.open(page_of(order)).submit(page_of(order), "Ne plus l'attendre : Écrire sous les halles")
    db.session.refresh(order)
    assert (order.status, order.lines[1].cancelled) == (Status.SHIPPED, 2)
    (mail,) = mails("rest_cancelled")
    assert "« Expédiée »" in fold(mail.body)
    assert "2 exemplaires en moins" in fold(mail.body)


def test_the_last_title_given_up_delivers_an_order_whose_parcels_have_arrived(
    order: Order, ship: Ship, people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    ship(order, 15, 3)
    reception.receive(order, lookups.of_order(order.id)[0].parcel, people.karim)
    shelf.t2.availability = Availability.OUT_OF_PRINT
    rest.give_up(order, order.lines[1].id, people.hugo)
    assert order.status is Status.DELIVERED


def test_what_was_invoiced_and_will_not_come_is_credited_by_the_worker_and_mailed(
    invoiced: Order, ship: Ship, people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    ship(invoiced, 15, 3)
    shelf.t2.availability = Availability.OUT_OF_PRINT
    rest.give_up(invoiced, invoiced.lines[1].id, people.hugo)
    db.session.commit()
    assert credit_notes() == []
    jobs.run_due()
    (note,) = credit_notes()
    assert [(line.isbn, line.quantity) for line in note.lines] == [("9782296000018", 2)]
    assert note.cited[0].invoice.number == invoiced.invoice_number
    (mail,) = mails("rest_credited")
    assert note.number in mail.subject
    assert [name for _, _, name in mail.attachments] == [f"{note.number}.pdf"]


def test_what_is_missing_of_a_title_not_to_be_noted_is_credited_too(invoiced: Order, ship: Ship) -> None:
    invoiced.lines[0].backorder_policy = BackorderPolicy.SKIP
    db.session.commit()
    ship(invoiced, 14, 3)
    jobs.run_due()
    (note,) = credit_notes()
    assert [(line.isbn, line.quantity) for line in note.lines] == [("9782343000015", 1)]


def test_an_order_without_invoice_owes_no_credit(
    order: Order, ship: Ship, people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    ship(order, 15, 3)
    shelf.t2.availability = Availability.OUT_OF_PRINT
    rest.give_up(order, order.lines[1].id, people.hugo)
    assert db.session.scalar(sa.select(jobs.Job.id).where(jobs.Job.kind == rest.JOB)) is None


def test_nothing_left_to_wait_for_is_said(browser: Browser, order: Order, ship: Ship) -> None:
    ship(order, 15, 5)
    browser.log_in(HUGO).open(page_of(order))
    assert "Il ne reste rien à livrer" in browser.text


def test_news_have_a_day_in_the_mail_of_a_partial_shipment(
    order: Order, ship: Ship, shelf: SimpleNamespace
) -> None:
    shelf.t2.expected_on = dt.date(2026, 12, 11)
    ship(order, 15, 3)
    (mail,) = mails("parcels_left")
    assert "2 × Écrire sous les halles, nouvelles le 11 décembre 2026" in fold(mail.body)
