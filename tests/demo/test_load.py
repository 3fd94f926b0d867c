"""`flask demo load`: everybody, everything, in every state, once."""

import socket
from collections.abc import Iterable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import InstrumentedAttribute

from harmattan import serving
from harmattan.access.models import User
from harmattan.accounts import lookups
from harmattan.accounts.rules import AccessState
from harmattan.banking.models import BankLine
from harmattan.billing.models import Document
from harmattan.billing.rules import State
from harmattan.cart import lookups as cart_lookups
from harmattan.catalogue.models import Title
from harmattan.conversations.models import InternalNote, Message, Thread, ThreadEvent
from harmattan.conversations.rules import ThreadState
from harmattan.core import clock
from harmattan.core.extensions import Base, db
from harmattan.core.services import ANSWERING
from harmattan.demo import run
from harmattan.imports.models import CatalogueImport
from harmattan.lcr.models import Bill, Mandate, Remittance
from harmattan.orders.models import Order, OrderEvent
from harmattan.orders.rules import TRANSITIONS, Action, Status, UrgentDateState
from harmattan.payments.models import PaymentOrder
from harmattan.quotes.models import Quote
from harmattan.quotes.rules import Status as QuoteStatus
from harmattan.returns.models import ReturnSlip
from harmattan.shipments.models import Parcel
from harmattan.shipments.rules import ParcelState
from tests import cast
from tests.browser import Browser


def counts() -> dict[str, int]:
    return {
        name: db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for name, table in Base.metadata.tables.items()
    }


def texts(column: Iterable[object]) -> str:
    return "\n".join(str(text) for text in db.session.scalars(sa.select(column)))


def test_a_second_run_changes_nothing_and_says_so(loaded: Flask) -> None:
    before = counts()
    assert "rien n’a changé" in loaded.test_cli_runner().invoke(args=["demo", "load"]).output
    assert counts() == before


def test_it_is_refused_in_production(app: Flask) -> None:
    app.config["ENV_NAME"] = "production"
    result = app.test_cli_runner().invoke(args=["demo", "load"])
    assert result.exit_code == 1
    assert "production" in result.output


@pytest.mark.parametrize(
    "email",
    [
        "anne@grandlarge.example",
        "karim@grandlarge.example",
        "lucie@grandlarge.example",
        "paul@quais.example",
        "marie@equipe.example",
        "hugo@equipe.example",
        "ines@equipe.example",
        "root@equipe.example",
    ],
)
def test_everybody_logs_in_and_finds_every_link_of_the_start_page_open(loaded: Flask, email: str) -> None:
    browser = Browser(loaded.test_client()).log_in(email, cast.PASSWORD)
    assert "Bonjour" in browser.text
    for address in {link["href"] for link in browser.page.select("main a[href^='/']")}:
        assert Browser(browser.client).open(address).status == 200, address


def test_the_catalogue_came_through_the_onix_reader_without_a_fault(loaded: Flask) -> None:
    message = db.session.scalars(sa.select(CatalogueImport)).one()
    assert (message.created, message.rejected, message.warnings) == (65, 0, 0)
    figures = db.session.execute(
        sa.select(Title.price_cents, Title.weight_g, Title.stock).where(Title.isbn == "9782343000015")
    ).one()
    assert tuple(figures) == (2500, 320, 40)


def test_orders_stand_in_every_state(loaded: Flask) -> None:
    assert set(db.session.scalars(sa.select(Order.status))) == set(Status)
    assert set(db.session.scalars(sa.select(Order.urgent_date_state))) == set(UrgentDateState)


def test_quotes_and_parcels_stand_in_every_state(loaded: Flask) -> None:
    assert set(db.session.scalars(sa.select(Quote.status))) == set(QuoteStatus)
    assert set(db.session.scalars(sa.select(Parcel.state))) == set(ParcelState)


@pytest.mark.parametrize(
    "column",
    [
        Mandate.state,
        Remittance.state,
        Bill.state,
        PaymentOrder.status,
        PaymentOrder.means,
        ReturnSlip.status,
        ReturnSlip.route,
        BankLine.state,
    ],
    ids=str,
)
def test_money_and_returns_stand_in_every_state(loaded: Flask, column: InstrumentedAttribute[Any]) -> None:
    assert set(db.session.scalars(sa.select(column))) == set(column.type.python_type)


def test_documents_stand_in_every_state(loaded: Flask) -> None:
    today = clock.today()
    assert {each.state(today) for each in db.session.scalars(sa.select(Document))} == set(State)


def test_every_order_came_to_its_state_by_the_table_and_in_the_order_of_time(loaded: Flask) -> None:
    for order in db.session.scalars(sa.select(Order)):
        events = db.session.scalars(
            sa.select(OrderEvent).where(OrderEvent.order_id == order.id).order_by(OrderEvent.id)
        ).all()
        state, last = Status.RECORDED, order.placed_at
        assert events[0].action == Action.PLACE
        for event in events[1:]:
            state = TRANSITIONS[state][Action(event.action)]
            assert last <= event.at <= clock.now(), order.own_reference
            last = event.at
        assert state == order.status


def test_messages_stand_in_every_state_and_wait_in_every_service(loaded: Flask) -> None:
    assert set(db.session.scalars(sa.select(Thread.state))) == set(ThreadState)
    waiting = sa.select(Thread.service).where(Thread.state == ThreadState.OPEN)
    assert set(db.session.scalars(waiting)) == set(ANSWERING)


def test_nothing_happens_to_a_message_before_it_is_received(loaded: Flask) -> None:
    happened = sa.select(ThreadEvent).join(Thread, ThreadEvent.thread_id == Thread.id)
    assert db.session.scalars(happened.where(ThreadEvent.at < Thread.received_at)).all() == []


def test_one_cart_waits(loaded: Flask) -> None:
    account_id = db.session.scalar(sa.select(Order.account_id).where(Order.comment.contains("CANARI-104512")))
    titles, total = cart_lookups.header(account_id)
    assert titles == 4
    assert total > 0


@pytest.mark.parametrize("number", ["104512", "104733"])
def test_an_accounts_canary_sings_in_a_comment_and_a_message_of_that_account(
    loaded: Flask, number: str
) -> None:
    canary = f"CANARI-{number}"
    for table, text in ((Order, Order.comment), (Thread, Message.body)):
        owners = sa.select(table.account_id).where(text.contains(canary))
        if table is Thread:
            owners = owners.join(Message, Message.thread_id == Thread.id)
        numbers = {
            db.session.connection()
            .exec_driver_sql(f"SELECT number FROM accounts WHERE id = {owner}")
            .scalar()
            for owner in db.session.scalars(owners)
        }
        assert numbers == {number}


def test_a_services_canary_sings_in_an_internal_note_alone(loaded: Flask) -> None:
    notes = texts(InternalNote.body)
    for canary in ("CANARI-COMMERCIAL", "CANARI-SAV", "CANARI-COMPTA"):
        assert notes.count(canary) == 1
        assert canary not in texts(Message.body) + texts(Order.comment)


def test_a_taken_port_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind((serving.HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SystemExit, match=f"Le port {port} est déjà pris"):
            run.take_port(port)


def test_somebody_was_invited_never_came_or_is_suspended(loaded: Flask) -> None:
    found = {each.account.number: each.state for each in lookups.page_of({}).standings}
    assert found["104512"] is AccessState.CONNECTED
    assert found["104800"] is AccessState.INVITED
    assert "104800" in {each.account.number for each in lookups.page_of({"etat": lookups.NEVER}).standings}
    suspended = db.session.scalars(sa.select(User).where(User.disabled_at.is_not(None))).all()
    assert [person.name for person in suspended] == ["Salomé Petit"]
    assert db.session.scalar(sa.select(User.last_log_in_at).where(User.first_name == "Jules")) is None
