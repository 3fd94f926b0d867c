"""« Complément demandé »: asked inside the order, answered there, and back to sales (R40, R41, J8)."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from harmattan.conversations import service as conversations
from harmattan.conversations.attachments import NewFile
from harmattan.conversations.rules import ThreadState
from harmattan.conversations.service import Writer
from harmattan.core.extensions import db
from harmattan.orders import changes, questions, service
from harmattan.orders.models import Order
from harmattan.orders.rules import Status
from harmattan.outbox.models import OutboxMessage
from tests import cast

PDF = NewFile("kbis.pdf", "application/pdf", b"%PDF-1.7")


@pytest.fixture
def order(people: SimpleNamespace) -> Order:
    asked = cast.order(people.karim)
    questions.ask(asked, "SIRET de facturation ?", people.marie)
    db.session.commit()
    return asked


def test_the_question_is_a_thread_of_the_order_and_one_mail(order: Order, people: SimpleNamespace) -> None:
    thread = questions.latest(order)
    assert thread is not None
    assert (thread.about, thread.opened_by_id) == (order.reference, people.karim.id)
    assert thread.state is ThreadState.WAITING_FOR_CUSTOMER
    assert order.status is Status.DETAILS_REQUESTED
    [mail] = db.session.scalars(sa.select(OutboxMessage))
    assert (mail.kind, mail.recipient) == ("order_changed", "karim@grandlarge.example")
    assert "SIRET de facturation ?" in mail.body


def test_the_answer_brings_the_order_back_to_sales(order: Order, people: SimpleNamespace) -> None:
    questions.answer(order, "812 345 676 00017", [PDF], people.anne)
    db.session.refresh(order)
    assert order.status is Status.RECORDED
    assert [(event.actor, event.text.replace("\u00a0", " ")) for event in order.events[2:]] == [
        ("Anne Le Goff", "Avec 1 pièce jointe")
    ]
    thread = questions.latest(order)
    assert thread is not None
    assert thread.messages[-1].attachments[0].name == "kbis.pdf"


def test_an_answer_among_the_messages_brings_it_back_too(order: Order, people: SimpleNamespace) -> None:
    thread = questions.latest(order)
    assert thread is not None
    conversations.write(thread, Writer.of(people.karim), "812 345 676 00017")
    db.session.refresh(order)
    assert order.status is Status.RECORDED
    conversations.write(thread, Writer.of(people.karim), "Et merci.")
    assert order.status is Status.RECORDED


def test_an_answer_by_phone_is_written_down(order: Order, people: SimpleNamespace) -> None:
    questions.note_answer(order, "812 345 676 00017", people.marie)
    thread = questions.latest(order)
    assert thread is not None
    assert (order.status, thread.state) == (Status.RECORDED, ThreadState.CLOSED)


def test_what_was_not_asked_is_not_answered(order: Order, people: SimpleNamespace) -> None:
    changes.cancel(order, people.marie, "Sans réponse.")
    with pytest.raises(service.NotInThisState, match="Annulée"):
        questions.answer(order, "trop tard ?", [], people.karim)
