"""The shop's cart: one open at a time, shared by the people of the account, kept across log-outs."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from harmattan.access.models import Account
from harmattan.access.scope import Owned
from harmattan.cart.rules import BackorderPolicy, CartState, Choices
from harmattan.catalogue.models import Title
from harmattan.core import clock
from harmattan.core.extensions import Base
from harmattan.deliveries.models import DeliveryAddress
from harmattan.deliveries.rules import DeliveryMode


class Cart(Owned):
    """What is about to be ordered. The cart itself is the key of its order (R42)."""

    __tablename__ = "carts"
    __table_args__ = (
        sa.Index(
            "uq_carts_open",
            "account_id",
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey(Account.id), index=True)
    state: Mapped[CartState] = mapped_column(default=CartState.OPEN)
    version: Mapped[int] = mapped_column(default=1)
    """Raised by every change, so that a page drawn earlier is recognised."""
    mode: Mapped[DeliveryMode] = mapped_column(default=DeliveryMode.STANDARD)
    address_id: Mapped[int | None] = mapped_column(sa.ForeignKey(DeliveryAddress.id))
    deliver_by: Mapped[dt.date | None]
    """« Date de livraison impérative » (R54)."""
    deliver_by_is_request: Mapped[bool] = mapped_column(default=False)
    """Sent as a request although the date is not feasible as computed (R64)."""
    not_before: Mapped[dt.date | None]
    """« Pas de livraison avant le » (R61)."""
    own_reference: Mapped[str] = mapped_column(sa.String(40), default="")
    comment: Mapped[str] = mapped_column(sa.Text, default="")
    updated_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    updated_by: Mapped[str] = mapped_column(sa.String(120), default="")
    """Who changed it last, by name: the last write is never anonymous (F16)."""
    line_count: Mapped[int] = mapped_column(default=0)
    gross_cents: Mapped[int] = mapped_column(default=0)
    """Count and total TTC as of the last change, so that the header of every page reads one row."""

    address: Mapped[DeliveryAddress | None] = relationship()

    @property
    def choices(self) -> Choices:
        """What it says beside its lines."""
        return Choices(
            self.mode, self.address_id, self.deliver_by, self.not_before, self.own_reference, self.comment
        )


class CartLine(Base):
    """One title in a cart, priced when it was last touched."""

    __tablename__ = "cart_lines"
    __table_args__ = (sa.UniqueConstraint("cart_id", "title_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cart_id: Mapped[int] = mapped_column(sa.ForeignKey(Cart.id, ondelete="CASCADE"))
    title_id: Mapped[int] = mapped_column(sa.ForeignKey(Title.id))
    quantity: Mapped[int]
    backorder_policy: Mapped[BackorderPolicy] = mapped_column(default=BackorderPolicy.NOTE)
    noted_apart: Mapped[bool] = mapped_column(default=False)
    """Comes out after the urgent date, and the bookseller chose to have it noted apart (J6)."""
    own_reference: Mapped[str] = mapped_column(sa.String(40), default="")
    price_cents: Mapped[int]
    """The public price TTC as the bookseller last saw it: a change since is shown before sending."""
    vat_bp: Mapped[int]
    """The rate at the delivery territory."""
    line_cents: Mapped[int]
    """HT, so that totals need no title."""
    weight_g: Mapped[int]
    """Of the whole line."""
    added_by: Mapped[str] = mapped_column(sa.String(120))
    """The person's name as it was."""
    added_at: Mapped[dt.datetime] = mapped_column(default=clock.now)

    cart: Mapped[Cart] = relationship()
    title: Mapped[Title] = relationship()
