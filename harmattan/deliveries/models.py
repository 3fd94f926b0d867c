"""Delivery addresses of accounts, and what carriage costs."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from harmattan.access.models import Account
from harmattan.access.scope import Owned
from harmattan.core.extensions import Base
from harmattan.core.places import Address, Territory
from harmattan.deliveries.rules import DeliveryMode


class DeliveryAddress(Owned):
    """Where an account may have its books delivered."""

    __tablename__ = "delivery_addresses"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey(Account.id), index=True)
    recipient: Mapped[str] = mapped_column(sa.String(120))
    street: Mapped[str] = mapped_column(sa.String(200))
    postal_code: Mapped[str] = mapped_column(sa.String(12))
    city: Mapped[str] = mapped_column(sa.String(80))
    country: Mapped[str] = mapped_column(sa.String(2), default="FR")
    territory: Mapped[Territory]
    """Derived once from the postal code; staff may correct it."""
    is_default: Mapped[bool] = mapped_column(default=False)

    @property
    def place(self) -> Address:
        """The address itself, as an order keeps it."""
        return Address(self.recipient, self.street, self.postal_code, self.city, self.country)

    @property
    def lines(self) -> tuple[str, ...]:
        """As it is printed."""
        return self.place.lines


class Tariff(Base):
    """One weight band of a carrier's tariff, between two dates (R84)."""

    __tablename__ = "tariffs"
    __table_args__ = (sa.UniqueConstraint("mode", "territory", "up_to_g", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mode: Mapped[DeliveryMode]
    territory: Mapped[Territory]
    up_to_g: Mapped[int]
    fee_cents: Mapped[int]
    """HT"""
    valid_from: Mapped[dt.date]
    valid_until: Mapped[dt.date | None]
    """Last day in force; None while it is."""
