"""The life of a thread between a customer and a service, and its answer-by clock (R100, J14)."""

import enum


class ThreadState(enum.StrEnum):
    OPEN = "open"
    WAITING_FOR_CUSTOMER = "waiting_for_customer"
    CLOSED = "closed"


class Action(enum.StrEnum):
    ANSWER = "answer"
    WRITE = "write"
    CLOSE = "close"


TRANSITIONS: dict[ThreadState, dict[Action, ThreadState]] = {
    ThreadState.OPEN: {
        Action.ANSWER: ThreadState.WAITING_FOR_CUSTOMER,
        Action.WRITE: ThreadState.OPEN,
        Action.CLOSE: ThreadState.CLOSED,
    },
    ThreadState.WAITING_FOR_CUSTOMER: {
        Action.ANSWER: ThreadState.WAITING_FOR_CUSTOMER,
        Action.WRITE: ThreadState.OPEN,
        Action.CLOSE: ThreadState.CLOSED,
    },
    ThreadState.CLOSED: {Action.ANSWER: ThreadState.WAITING_FOR_CUSTOMER, Action.WRITE: ThreadState.OPEN},
}
