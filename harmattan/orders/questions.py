"""« Complément demandé »: what sales ask before they validate, and the answer (R40, R41, J8)."""

from collections.abc import Sequence

import sqlalchemy as sa

from harmattan.access.models import User
from harmattan.conversations import service as conversations
from harmattan.conversations.attachments import NewFile
from harmattan.conversations.models import Thread
from harmattan.conversations.rules import ThreadState
from harmattan.conversations.service import Writer
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.core.typography import plural
from harmattan.orders.models import Order
from harmattan.orders.rules import Action, Status
from harmattan.orders.service import act, refusal

SUBJECT, TITLE = "complement", "Complément demandé"
"""The thread of a question about an order; no subject of the contact form."""


def ask(order: Order, question: str, by: User) -> None:
    """A question inside the order, and a mail (R40)."""
    act(order, Action.ASK_DETAILS, by, question)
    conversations.ask(
        order.placed_by,
        by,
        Service.SALES,
        subject=SUBJECT,
        title=TITLE,
        body=question,
        about=order.reference,
    )


def answer(order: Order, text: str, files: Sequence[NewFile], by: User) -> None:
    """The shop answers on the order's page."""
    question = latest(order)
    if order.status is not Status.DETAILS_REQUESTED or question is None:
        raise refusal(order, Action.ANSWER_DETAILS)
    conversations.write(question, Writer.of(by), text, files)


def answered(thread: Thread, writer: Writer, files: Sequence[NewFile]) -> None:
    """An answer brings the order back to sales, whichever way it came: page, messages, mail (R41)."""
    if thread.subject != SUBJECT or writer.user_id is None:
        return
    asked = (Order.reference == thread.about, Order.status == Status.DETAILS_REQUESTED)
    if order := db.session.scalar(sa.select(Order).where(*asked).with_for_update()):
        text = f"Avec {plural(len(files), 'pièce jointe', 'pièces jointes')}" if files else ""
        act(order, Action.ANSWER_DETAILS, db.session.get_one(User, writer.user_id), text)


def note_answer(order: Order, text: str, by: User) -> None:
    """The shop answered by phone: sales write down what was said."""
    act(order, Action.ANSWER_DETAILS, by, f"Par téléphone : {text}")
    close(order, by)


def close(order: Order, by: User) -> None:
    """Nothing more is asked of the shop."""
    question = latest(order)
    if question and question.state is not ThreadState.CLOSED:
        conversations.close_thread(question, by, question.version)


def latest(order: Order) -> Thread | None:
    """The latest question about it."""
    about = sa.select(Thread).where(Thread.about == order.reference, Thread.subject == SUBJECT)
    return db.session.scalar(about.order_by(Thread.id.desc()).limit(1))
