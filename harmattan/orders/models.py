"""Orders as they were placed: lines, prices, addresses and texts are copies of that moment."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from harmattan.access.models import Account, User
from harmattan.access.scope import Owned
from harmattan.cart.models import Cart
from harmattan.conversations.models import Thread
from harmattan.core import clock
from harmattan.core.extensions import Base
from harmattan.orders.requests import RequestState
from harmattan.orders.rules import Action, Status, UrgentDateState
from harmattan.orders.snapshots import CartSnapshot, LineSnapshot

BYTEWISE = sa.String(120).with_variant(sa.String(120, collation="C"), "postgresql")
"""Compared octet by octet on both databases, so that a beginning is a range of the index."""


class Order(CartSnapshot, Owned):
    __tablename__ = "orders"
    __table_args__ = (
        sa.Index("ix_orders_account_id_placed_at", "account_id", "placed_at", "id"),
        sa.Index("ix_orders_account_id_status_placed_at", "account_id", "status", "placed_at", "id"),
        sa.Index("ix_orders_account_id_folded_own_reference", "account_id", "folded_own_reference"),
        sa.Index("ix_orders_status_placed_at", "status", "placed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey(Account.id))
    cart_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Cart.id), unique=True)
    """One order a cart, whatever is pressed twice (R42)."""
    placed_by_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id))
    placed_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    status: Mapped[Status] = mapped_column(default=Status.RECORDED)
    """Written by `orders.service.act` alone."""
    status_since: Mapped[dt.datetime] = mapped_column(default=clock.now)
    promised_on: Mapped[dt.date | None]
    """The day announced for the next step: departure, news of what is missing, delivery;
    of the check, where it does not count from the recording."""
    folded_own_reference: Mapped[str] = mapped_column(BYTEWISE, default="")
    """As it is searched by its beginning."""
    urgent_date_state: Mapped[UrgentDateState] = mapped_column(default=UrgentDateState.NONE)
    version: Mapped[int] = mapped_column(default=1)
    """Raised by every change of what was ordered or promised: sales decide on what they have seen."""
    proposed_date: Mapped[dt.date | None]
    """What sales offer where the urgent date is impossible (R57)."""
    invoice_number: Mapped[str | None] = mapped_column(sa.String(20), unique=True)
    """Issued in the act that validated it (R39)."""
    quote_reference: Mapped[str] = mapped_column(sa.String(20), default="")
    """The quote whose terms it has (R47)."""
    event_name: Mapped[str] = mapped_column(sa.String(120), default="")
    event_on: Mapped[dt.date | None]
    """What the books are for, where the shop said so in its request for a quote."""

    @property
    def date_is_proposed(self) -> bool:
        """Nothing is in the way of checking it, but the shop's word on another date (R57)."""
        return self.status is Status.RECORDED and self.urgent_date_state is UrgentDateState.PROPOSED

    @property
    def validated_at(self) -> dt.datetime | None:
        """When it became final (R51), whatever happened to it since."""
        return next((each.at for each in self.events if each.action is Action.VALIDATE), None)

    placed_by: Mapped[User] = relationship()
    account: Mapped[Account] = relationship()
    lines: Mapped[list["OrderLine"]] = relationship(back_populates="order", order_by="OrderLine.id")
    events: Mapped[list["OrderEvent"]] = relationship(back_populates="order", order_by="OrderEvent.id")


class OrderLine(LineSnapshot, Base):
    """One title of an order. Its five quantities are kept by `orders.progress` alone."""

    __tablename__ = "order_lines"
    __table_args__ = (
        sa.Index("ix_order_lines_account_id_isbn", "account_id", "isbn"),
        sa.Index(
            "ix_order_lines_noted",
            "title_id",
            sqlite_where=sa.text("reserved + cancelled < quantity"),
            postgresql_where=sa.text("reserved + cancelled < quantity"),
        ),
        sa.CheckConstraint(
            "shipped >= 0 AND cancelled >= 0 AND shipped + cancelled <= quantity", name="copies"
        ),
        sa.CheckConstraint("returned >= 0 AND returned <= shipped", name="copies_returned"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey(Order.id), index=True)
    account_id: Mapped[int]
    """The order's, repeated so that an account's orders of an ISBN are one indexed look-up."""
    reserved: Mapped[int] = mapped_column(default=0)
    """Put aside for it since validation (`orders.copies`), those that have left since included."""
    shipped: Mapped[int] = mapped_column(default=0)
    cancelled: Mapped[int] = mapped_column(default=0)
    """Neither shipped nor ever to be."""
    returned: Mapped[int] = mapped_column(default=0)
    """Of those shipped."""
    news_on: Mapped[dt.date | None]
    """When there will be news of the copies that remain."""

    order: Mapped[Order] = relationship(back_populates="lines")

    @hybrid_property
    def remaining(self) -> int:
        """Still to come (« reste »); noted once the rest of the order has left."""
        return self.quantity - self.shipped - self.cancelled

    @hybrid_property
    def accepted(self) -> int:
        """The copies that the shop gets and is invoiced for, at once or noted."""
        return self.quantity - self.cancelled


class ChangeRequest(Owned):
    """What a shop asks to have changed in a recorded order: a message to sales, with old and new (R50)."""

    __tablename__ = "change_requests"
    __table_args__ = (
        sa.Index(
            "uq_change_requests_pending",
            "order_id",
            unique=True,
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey(Order.id), index=True)
    account_id: Mapped[int]
    thread_id: Mapped[int] = mapped_column(sa.ForeignKey(Thread.id), unique=True)
    """The message that carries it; its reference is the request's word in addresses."""
    state: Mapped[RequestState] = mapped_column(default=RequestState.PENDING)
    changes: Mapped[dict[str, Any]]
    """A `requests.Wish`, as it is kept."""
    asked_by: Mapped[str] = mapped_column(sa.String(120))
    asked_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    decided_by: Mapped[str] = mapped_column(sa.String(120), default="")
    decided_at: Mapped[dt.datetime | None]

    thread: Mapped[Thread] = relationship()


class OrderEvent(Base):
    """What happened to an order, dated and signed (R106)."""

    __tablename__ = "order_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey(Order.id), index=True)
    at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    actor: Mapped[str] = mapped_column(sa.String(120))
    action: Mapped[Action]
    status: Mapped[Status]
    """The state it led to."""
    text: Mapped[str] = mapped_column(sa.Text, default="")

    order: Mapped[Order] = relationship(back_populates="events")
