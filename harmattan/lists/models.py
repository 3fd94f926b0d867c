"""Order lists under review: what was read, kept on the server so that it can be left and found again."""

import datetime as dt
import secrets
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from harmattan.access.models import Account, User
from harmattan.access.scope import Owned
from harmattan.cart.models import Cart
from harmattan.core import clock
from harmattan.core.extensions import Base
from harmattan.lists.rules import ListKind, ListState, Row


class OrderList(Owned):
    """One list as it was received, with the corrections made since."""

    __tablename__ = "order_lists"
    __table_args__ = (
        sa.Index("ix_order_lists_account_id_created_at", "account_id", "created_at"),
        sa.Index("ix_order_lists_account_id_order_number", "account_id", "order_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(32), unique=True, default=lambda: secrets.token_urlsafe(16))
    """Its random word in addresses."""
    account_id: Mapped[int] = mapped_column(sa.ForeignKey(Account.id))
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id))
    created_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    kind: Mapped[ListKind]
    source_name: Mapped[str] = mapped_column(sa.String(120), default="")
    """The file's name; empty for a pasted list."""
    order_number: Mapped[str] = mapped_column(sa.String(40), default="")
    """The shop's own number in a Dilicom or EDIFACT order, unique for a year."""
    interchange: Mapped[str] = mapped_column(sa.String(80), default="")
    """Sender and reference of the EDIFACT interchange it came in: the same one is taken once."""
    notes: Mapped[list[Any]] = mapped_column(default=list)
    """What was read without being ordered: header lines, the scanner rule."""
    rows: Mapped[list[Any]] = mapped_column(default=list)
    """`rules.Row`s, as lists."""
    version: Mapped[int] = mapped_column(default=1)
    """Raised by every change: an addition to the cart is made for one version only."""
    state: Mapped[ListState] = mapped_column(default=ListState.WAITING)
    applied: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What entered the cart so far: {"lines": …, "copies": …, "by": …, "at": …}."""
    cart_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Cart.id))
    """The cart it was added to, which leads to the order it became."""

    created_by: Mapped[User] = relationship()

    @property
    def title(self) -> str:
        """What it is called: the file, the order that is ordered again, or a pasted list."""
        return self.source_name or "Liste collée"

    @property
    def is_done(self) -> bool:
        """Whether every row is in the cart."""
        return all(Row(*row).added for row in self.rows)


class RefusedFile(Base):
    """An order file that could not be taken, with the reason; for our services alone."""

    __tablename__ = "refused_files"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "sha256"),
        sa.Index("ix_refused_files_refused_at", "refused_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(32), unique=True, default=lambda: secrets.token_urlsafe(16))
    """Its random word in addresses."""
    account_id: Mapped[int] = mapped_column(sa.ForeignKey(Account.id))
    sent_by_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id))
    refused_at: Mapped[dt.datetime]
    name: Mapped[str] = mapped_column(sa.String(120))
    octets: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    reason: Mapped[str] = mapped_column(sa.String(500))
    times: Mapped[int]
    """How often the very same file was sent."""
    is_kept: Mapped[bool]
    """Whether its bytes are: not where it was too heavy, or no text."""
    content: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)

    account: Mapped[Account] = relationship()
    sent_by: Mapped[User] = relationship()
