"""Requests to change a recorded order: asked for, withdrawn, applied, refused, or too late (R50–R53, J8)."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from harmattan.access.models import User
from harmattan.conversations import service as conversations
from harmattan.conversations.acting import lock
from harmattan.conversations.models import Thread
from harmattan.conversations.rules import ThreadState
from harmattan.conversations.service import Writer
from harmattan.core import clock, database
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.core.typography import moment
from harmattan.orders import questions, requests
from harmattan.orders.altering import alter
from harmattan.orders.models import ChangeRequest, Order
from harmattan.orders.requests import RequestAction, RequestState, Wish
from harmattan.orders.rules import Action
from harmattan.orders.service import act, tell_the_shop

SUBJECT, TITLE = "modifier", "Modifier ou annuler une commande"
"""The subject of the contact form that such a request is about (R50, R100)."""


class AlreadyAsked(Refusal):
    """One request at a time: sales decide on one, not on their sum."""

    title = "Une demande est déjà en cours sur cette commande"


class RequestGone(Refusal):
    """The request was decided, withdrawn or replaced since the page was shown."""

    title = "Cette demande n’attend plus de réponse"


def pending(order: Order) -> ChangeRequest | None:
    """The request that waits for sales, with its message."""
    its = (ChangeRequest.order_id == order.id, ChangeRequest.state == RequestState.PENDING)
    return db.session.scalar(sa.select(ChangeRequest).where(*its).options(joinedload(ChangeRequest.thread)))


def ask(order: Order, wish: Wish, by: User) -> ChangeRequest:
    """A shop asks sales to change its order: a message of theirs, old and new beside each other (R50).

    Raises `TooLate` once it is validated (R51), `AlreadyAsked` while another request waits.
    """
    db.session.refresh(order, with_for_update={"of": Order})
    act(order, Action.REQUEST_CHANGE, by, requests.told(wish.sentences))
    if pending(order):
        raise AlreadyAsked(
            "Retirez-la sur la page de la commande, ou attendez la réponse du service commercial."
        )
    thread = conversations.open_thread(
        Writer.of(by), Service.SALES, subject=SUBJECT, title=TITLE, body=wish.message, about=order.reference
    )
    conversations.acknowledge(thread)
    request = ChangeRequest(
        order_id=order.id,
        account_id=order.account_id,
        thread=thread,
        changes=wish.as_json(),
        asked_by=by.name,
    )
    db.session.add(request)
    return request


def withdraw(order: Order, message: str, by: User) -> None:
    """The shop no longer wants it; `message` is the request's message (MSG-…)."""
    request = _decide(order, message, RequestAction.WITHDRAW, by)
    act(order, Action.WITHDRAW_CHANGE, by)
    if request.thread.state is not ThreadState.CLOSED:
        conversations.close_thread(request.thread, by, request.thread.version)


def refuse(order: Order, message: str, by: User, reason: str) -> None:
    """Sales say no, with words that the shop reads."""
    request = _decide(order, message, RequestAction.REFUSE, by)
    act(order, Action.REFUSE_CHANGE, by, reason)
    _answer(request.thread, by, reason)


def apply(order: Order, message: str, by: User) -> None:
    """Do what was asked, in one act: everything is reckoned again (J8).

    Raises `NoLongerFits` where the order is not what the request was made on.
    """
    request = _decide(order, message, RequestAction.APPLY, by)
    wish = requests.from_json(request.changes)
    alter(order, wish, by)
    if wish.cancels:
        questions.close(order, by)
    done = "La commande est annulée." if wish.cancels else "C’est fait :\n" + "\n".join(wish.sentences)
    _answer(request.thread, by, done)


def change_by_phone(order: Order, wish: Wish, by: User) -> None:
    """Sales change the order for a shop that asked by phone (R50); the shop is told by mail."""
    db.session.refresh(order, with_for_update={"of": Order})
    alter(order, wish, by)
    tell_the_shop(order, "\n".join(["À votre demande :", *wish.sentences, *filter(None, [wish.words])]))


def cancel(order: Order, by: User, reason: str) -> None:
    """Sales cancel a recorded order, never a validated one (R52); the shop reads the reason."""
    act(order, Action.CANCEL, by, reason)
    miss(order, by)
    questions.close(order, by)


def miss(order: Order, by: User) -> ChangeRequest | None:
    """The order has just been decided: a request that waits has come too late, both sides are told (R53)."""
    request = pending(order)
    if request is None:
        return None
    _decide(order, request.thread.reference, RequestAction.MISS, by)
    _answer(
        request.thread,
        by,
        f"Votre demande est arrivée trop tard : la commande {order.reference} est"
        f" « {order.status.label} » depuis le {moment(order.status_since)}.",
    )
    return request


def _decide(order: Order, message: str, action: RequestAction, by: User) -> ChangeRequest:
    """Give the request its end: the only writer of its state. Of two at once one wins."""
    db.session.refresh(order, with_for_update={"of": Order})
    request = pending(order)
    if request is None or request.thread.reference != message:
        raise RequestGone(
            f"Elle a été décidée, retirée ou remplacée entre-temps. La commande {order.reference} est"
            f" « {order.status.label} »."
        )
    ended = (
        sa.update(ChangeRequest)
        .where(ChangeRequest.id == request.id, ChangeRequest.state == request.state)
        .values(state=requests.TRANSITIONS[request.state][action], decided_by=by.name, decided_at=clock.now())
    )
    if not database.changed_rows(ended):
        raise RequestGone("Un collègue l’a décidée au même moment.")
    return request


def _answer(message: Thread, by: User, body: str) -> None:
    thread = message.merged_into or message
    lock(thread)
    conversations.answer(thread, by, body, thread.version, close=True)
