"""Orders of payment: announced by the shop, received, or not (R73–R82)."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from harmattan.access.models import Account, User
from harmattan.billing import allocation, matching
from harmattan.billing.allocation import Cheque
from harmattan.billing.models import Document, Payment
from harmattan.billing.models import Means as BookedMeans
from harmattan.billing.rules import Kind
from harmattan.core import audit, clock, database, numbering, registry
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.core.typography import date_long, euros, moment
from harmattan.outbox import service as outbox
from harmattan.payments import rules
from harmattan.payments.choice import chosen
from harmattan.payments.models import PaymentEvent, PaymentOrder
from harmattan.payments.rules import TRANSITIONS, Action, Means, Status

SERIES = "PAI"
PATIENCE = dt.timedelta(minutes=15)
"""How long the page of an online payment looks by itself for what the payment page tells."""


class NotInThisState(Refusal):
    """The payment is in a state in which this cannot be done."""


class NothingToPay(Refusal):
    """What is ticked is covered by credit notes, or is settled already."""

    title = "Il n’y a rien à payer"


class TakenByLcr(Refusal):
    """An LCR that is at the bank takes this invoice already: it would be paid twice (R80)."""

    title = "Cette facture est déjà réglée par LCR"


def announce(account: Account, documents: Sequence[Document], means: Means, by: User) -> PaymentOrder:
    """The shop says that it pays these documents; accounting sees it as awaited.

    Raises `NothingToPay`, and `TakenByLcr`.
    """
    _refuse_taken(account.id, documents)
    what = chosen(documents)
    if not what.to_pay_cents:
        raise NothingToPay("Les avoirs cochés couvrent les factures cochées : déduisez-les sans rien payer.")
    order = PaymentOrder(
        reference=numbering.next_reference(SERIES, clock.today()),
        account_id=account.id,
        means=means,
        announced_by=by.name,
        amount_cents=what.to_pay_cents,
        documents=what.numbers,
    )
    db.session.add(order)
    db.session.flush()
    audit.record("payments.announce", order.reference, actor=by.name, account_id=account.id)
    return order


def may_still_be_told(order: PaymentOrder) -> bool:
    """Whether the payment page may tell any moment what became of this order."""
    return order.status is Status.AWAITED and clock.now() - order.announced_at < PATIENCE


def deduct(documents: Sequence[Document], by: User) -> int:
    """Let credit notes that cover the invoices ticked settle them, without any payment (R82).

    Returns what was settled, in cents. Raises `billing.allocation.NotEnoughLeft` where another got there
    first, `NothingToPay` where credit notes do not cover them, and `TakenByLcr`.
    """
    if documents:
        _refuse_taken(documents[0].account_id, documents)
    what = chosen(documents)
    if what.to_pay_cents or not what.owed_cents:
        raise NothingToPay("Cochez des factures ouvertes et des avoirs qui les couvrent.")
    known = {each.number: each for each in documents}
    for part in matching.deduct(what.credit_notes, what.invoices):
        allocation.allocate(known[part.credit_note], known[part.invoice], part.cents, by.name)
    return what.owed_cents


def _refuse_taken(account_id: int, documents: Sequence[Document]) -> None:
    taken = registry.ask("lcr.taken", account_id) or {}
    for number in (each.number for each in documents if each.number in taken):
        raise TakenByLcr(
            f"{number} : la LCR est présentée à votre banque le {date_long(taken[number].on)}. Décochez cette"
            " facture, ou écrivez à la comptabilité."
        )


def receive(
    order: PaymentOrder,
    amount_cents: int,
    actor: str,
    told: str = "",
    received_on: dt.date | None = None,
    cheque: Cheque | None = None,
) -> Payment:
    """Book money for an order and settle its documents; what differs is for accounting to look at.

    `told` is what whoever brought the money has to say about it already; it came today unless said.
    """
    payment = allocation.record_payment(
        order.account,
        amount_cents,
        received_on=received_on or clock.today(),
        means=BookedMeans(order.means),
        actor=actor,
        label=order.label[:140],
        cheque=cheque,
    )
    left_cents = _settle(order, payment, actor)
    doubt = told or rules.difference(order.amount_cents, amount_cents, left_cents)
    act(order, Action.DOUBT if doubt else Action.BOOK, actor, doubt or euros(amount_cents), payment)
    return payment


def undo(payment: Payment, actor: str) -> None:
    """A payment was undone: unless another one came for it, what was announced is not received any more."""
    came = sa.select(PaymentEvent.order_id).where(PaymentEvent.payment_id == payment.id)
    order = db.session.scalar(sa.select(PaymentOrder).where(PaymentOrder.id.in_(came)))
    if order is None:
        return
    others = sa.select(Payment.id).join(PaymentEvent, PaymentEvent.payment_id == Payment.id)
    stays = others.where(PaymentEvent.order_id == order.id, Payment.undone_on.is_(None))
    if db.session.scalar(stays.limit(1)) is None:
        act(order, Action.UNDO, actor, f"{payment.reference}, {euros(payment.amount_cents)}")


def give_up(order: PaymentOrder, reason: str, actor: str) -> None:
    """Accounting no longer await what never came: the shop reads why, and reminders may leave (R106).

    Money that arrives all the same is booked as any other.
    """
    act(order, Action.WITHDRAW, actor, reason)
    unpaid = [each for each in documents_of(order) if each.kind is Kind.INVOICE and each.open_cents]
    outbox.queue(
        "payment_given_up", order.account.email, service=Service.ACCOUNTING, account_id=order.account_id,
        reference=order.reference, order=order, unpaid=unpaid,
    )  # fmt: skip


def _settle(order: PaymentOrder, payment: Payment, actor: str) -> int:
    """Credit notes first, then the money; returns what of it settles none of the order's documents."""
    what = chosen(documents_of(order, held=True))
    parts = list(matching.deduct(what.credit_notes, what.invoices, payment.amount_cents))
    matching.apply(payment, parts, actor)
    return payment.open_cents


def documents_of(order: PaymentOrder, *, held: bool = False) -> Sequence[Document]:
    """The documents of an order, by due date; `held` as they are now, for nobody else to settle meanwhile."""
    rows = sa.select(Document).where(
        Document.account_id == order.account_id, Document.number.in_(order.documents)
    )
    rows = rows.order_by(Document.due_on, Document.id)
    if not held:
        return db.session.scalars(rows).all()
    now = db.session.scalars(rows.with_for_update(), execution_options={"populate_existing": True})
    return now.all()


def act(
    order: PaymentOrder, action: Action, actor: str, text: str = "", payment: Payment | None = None
) -> None:
    """Lead an order to its next state: the only writer of `status`; of two at once one is refused."""
    target = TRANSITIONS[order.status].get(action)
    moved = (
        sa.update(PaymentOrder)
        .where(PaymentOrder.id == order.id, PaymentOrder.status == order.status)
        .values(status=target, status_since=clock.now())
    )
    if target is None or not database.changed_rows(moved):
        db.session.refresh(order, ["status", "status_since"])
        raise NotInThisState(
            f"Ce règlement est « {order.status.label} » depuis le {moment(order.status_since)} : cette action"
            " n’y est plus prévue."
        )
    db.session.refresh(order, ["status", "status_since"])
    order.events.append(
        PaymentEvent(
            at=clock.now(),
            actor=actor,
            action=action,
            status=order.status,
            text=text,
            payment_id=payment.id if payment else None,
        )
    )
    audit.record(f"payments.{action}", order.reference, actor=actor, account_id=order.account_id)
