"""Quotes: the cart as it was asked for, each offer made on it, what happened."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from harmattan.access.models import Account, User
from harmattan.access.scope import Owned
from harmattan.cart.models import Cart
from harmattan.core import clock
from harmattan.core.extensions import Base
from harmattan.core.terms import PaymentTerm
from harmattan.orders.snapshots import CartSnapshot, LineSnapshot
from harmattan.quotes.rules import Action, EventKind, Outcome, Status


class Quote(CartSnapshot, Owned):
    """What a shop asked for; what it comes to at its usual terms."""

    __tablename__ = "quotes"
    __table_args__ = (
        sa.Index("ix_quotes_account_id_requested_at", "account_id", "requested_at", "id"),
        sa.Index("ix_quotes_status_answer_by", "status", "answer_by"),
        sa.Index("ix_quotes_status_valid_until", "status", "valid_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey(Account.id))
    cart_id: Mapped[int] = mapped_column(sa.ForeignKey(Cart.id), unique=True)
    """The key of the quote, and of the one order that it may become (R42, R47)."""
    requested_by_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id))
    requested_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    status: Mapped[Status] = mapped_column(default=Status.REQUESTED)
    """Written by `quotes.service.act` alone."""
    status_since: Mapped[dt.datetime] = mapped_column(default=clock.now)
    version: Mapped[int] = mapped_column(default=1)
    """Raised by every act: everybody decides on what they have seen."""
    answer_by: Mapped[dt.datetime]
    """Until when sales answer, while it is their turn (R46)."""
    valid_until: Mapped[dt.date | None]
    """The last day of the offer that waits for the shop."""
    event_kind: Mapped[EventKind | None]
    """None where time to pay alone is asked for."""
    event_name: Mapped[str] = mapped_column(sa.String(120), default="")
    event_on: Mapped[dt.date | None]
    wished_discount_bp: Mapped[int | None]
    wished_term: Mapped[PaymentTerm | None]

    requested_by: Mapped[User] = relationship()
    account: Mapped[Account] = relationship()
    lines: Mapped[list["QuoteLine"]] = relationship(back_populates="quote", order_by="QuoteLine.id")
    offers: Mapped[list["Offer"]] = relationship(back_populates="quote", order_by="Offer.number")
    events: Mapped[list["QuoteEvent"]] = relationship(back_populates="quote", order_by="QuoteEvent.id")

    @property
    def last_offer(self) -> "Offer | None":
        return self.offers[-1] if self.offers else None

    @property
    def open_offer(self) -> "Offer | None":
        """The offer that waits for the shop, in time or not."""
        last = self.last_offer
        return last if last and last.outcome is Outcome.OPEN else None

    @property
    def accepted_offer(self) -> "Offer | None":
        return next((offer for offer in self.offers if offer.outcome is Outcome.ACCEPTED), None)


class QuoteLine(LineSnapshot, Base):
    __tablename__ = "quote_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    quote_id: Mapped[int] = mapped_column(sa.ForeignKey(Quote.id), index=True)

    quote: Mapped[Quote] = relationship(back_populates="lines")


class Offer(Base):
    """One version of what sales grant. Nothing of it changes once it is sent, but what became of it."""

    __tablename__ = "offers"
    __table_args__ = (sa.UniqueConstraint("quote_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    quote_id: Mapped[int] = mapped_column(sa.ForeignKey(Quote.id))
    number: Mapped[int]
    """1, 2, 3… within its quote"""
    made_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    made_by: Mapped[str] = mapped_column(sa.String(120))
    """The person's name as it was."""
    term: Mapped[PaymentTerm]
    valid_until: Mapped[dt.date]
    """The last day on which it can be accepted."""
    text: Mapped[str] = mapped_column(sa.Text, default="")
    outcome: Mapped[Outcome] = mapped_column(default=Outcome.OPEN)
    goods_cents: Mapped[int]
    carriage_cents: Mapped[int | None]
    """HT, by the tariff in force when it was made; None when it is computed at validation."""
    gross_cents: Mapped[int]
    kept_cents: Mapped[int | None]
    """TTC, of what the shop accepted of it."""
    reminded_at: Mapped[dt.datetime | None]

    quote: Mapped[Quote] = relationship(back_populates="offers")
    parts: Mapped[list["OfferPart"]] = relationship(back_populates="offer", order_by="OfferPart.position")


class OfferPart(Base):
    """Copies of a line of the request at one discount; a line may be split into several (J7)."""

    __tablename__ = "offer_parts"
    __table_args__ = (sa.UniqueConstraint("offer_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey(Offer.id))
    position: Mapped[int]
    """1, 2, 3… within its offer: its word in forms"""
    line_id: Mapped[int] = mapped_column(sa.ForeignKey(QuoteLine.id))
    quantity: Mapped[int]
    price_cents: Mapped[int]
    """Public price TTC in force when the offer was made: nobody types it (loi 81-766)."""
    discount_bp: Mapped[int]
    is_set_aside: Mapped[bool] = mapped_column(default=False)
    """Not taken when the offer was accepted."""

    offer: Mapped[Offer] = relationship(back_populates="parts")
    line: Mapped[QuoteLine] = relationship()


class QuoteEvent(Base):
    """What happened to a quote, dated and signed (R106)."""

    __tablename__ = "quote_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    quote_id: Mapped[int] = mapped_column(sa.ForeignKey(Quote.id), index=True)
    at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    actor: Mapped[str] = mapped_column(sa.String(120))
    action: Mapped[Action]
    status: Mapped[Status]
    """The state it led to."""
    text: Mapped[str] = mapped_column(sa.Text, default="")

    quote: Mapped[Quote] = relationship(back_populates="events")
