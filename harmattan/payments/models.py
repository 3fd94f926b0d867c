"""What shops announced to pay, and what the payment page told us of it."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from harmattan.access.models import Account
from harmattan.access.scope import Owned
from harmattan.billing.models import Payment
from harmattan.core import clock
from harmattan.core.extensions import Base
from harmattan.payments.rules import Action, Means, Status


class PaymentOrder(Owned):
    """An order of payment: which documents, how much, by which means; whether it has arrived."""

    __tablename__ = "payment_orders"
    __table_args__ = (
        sa.Index("ix_payment_orders_account_id", "account_id", "id"),
        sa.Index("ix_payment_orders_status", "status", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey(Account.id))
    means: Mapped[Means]
    status: Mapped[Status] = mapped_column(default=Status.AWAITED)
    """Written by `payments.service.act` alone."""
    status_since: Mapped[dt.datetime] = mapped_column(default=clock.now)
    announced_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    announced_by: Mapped[str] = mapped_column(sa.String(120))
    amount_cents: Mapped[int]
    documents: Mapped[list[str]] = mapped_column(sa.JSON)
    """Their numbers, invoices first."""

    account: Mapped[Account] = relationship()
    events: Mapped[list["PaymentEvent"]] = relationship(order_by="PaymentEvent.id")

    @property
    def label(self) -> str:
        """What came, or should come, with the money."""
        return " ".join(self.documents)

    @property
    def why_given_up(self) -> str:
        """What accounting wrote to the shop; nothing where the shop took it back itself."""
        withdrawals = (each for each in reversed(self.events) if each.action is Action.WITHDRAW)
        return next((each.text for each in withdrawals), "")


class PaymentEvent(Base):
    """What happened to an order of payment, dated and signed (R106)."""

    __tablename__ = "payment_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey(PaymentOrder.id), index=True)
    at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    actor: Mapped[str] = mapped_column(sa.String(120))
    action: Mapped[Action]
    status: Mapped[Status]
    text: Mapped[str] = mapped_column(sa.String(300), default="")
    payment_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Payment.id), index=True)
    """What came, where it says that something did."""


class Notification(Base):
    """What the payment page told us, as it came; a transaction of theirs counts once."""

    __tablename__ = "payment_notifications"

    id: Mapped[int] = mapped_column(primary_key=True)
    transaction: Mapped[str] = mapped_column(sa.String(80), unique=True)
    order_id: Mapped[int | None] = mapped_column(sa.ForeignKey(PaymentOrder.id), index=True)
    payment_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Payment.id))
    received_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    raw: Mapped[str] = mapped_column(sa.Text)
