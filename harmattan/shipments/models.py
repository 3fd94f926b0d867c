"""What left for an order: shipments with their delivery note, their parcels, the copies in each."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from harmattan.access.models import Account, User
from harmattan.access.scope import Owned
from harmattan.core import clock
from harmattan.core.extensions import Base
from harmattan.core.places import Address
from harmattan.core.settings import house
from harmattan.orders.models import Order, OrderLine
from harmattan.shipments import rules
from harmattan.shipments.rules import ParcelState


class Shipment(Owned):
    """Parcels that left together, under one delivery note."""

    __tablename__ = "shipments"
    __table_args__ = (sa.UniqueConstraint("order_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    """BL-2026-000123, the delivery note's number."""
    account_id: Mapped[int] = mapped_column(sa.ForeignKey(Account.id))
    order_id: Mapped[int] = mapped_column(sa.ForeignKey(Order.id))
    number: Mapped[int]
    """First, second… of its order."""
    left_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    recorded_by: Mapped[str] = mapped_column(sa.String(120))
    delivery_on: Mapped[dt.date]
    """When it should arrive."""
    address: Mapped[Address]
    """Where it went: the order's may change for what leaves later."""
    remaining: Mapped[dict[str, Any]]
    """Copies still to come after it, by order line."""

    order: Mapped[Order] = relationship()
    parcels: Mapped[list["Parcel"]] = relationship(back_populates="shipment", order_by="Parcel.number")


class Parcel(Base):
    __tablename__ = "parcels"
    __table_args__ = (
        sa.UniqueConstraint("order_id", "number"),
        sa.Index(
            "uq_parcels_tracking",
            "carrier",
            "tracking_number",
            unique=True,
            sqlite_where=sa.text("tracking_number <> ''"),
            postgresql_where=sa.text("tracking_number <> ''"),
        ),
        sa.Index("ix_parcels_thread_reference", "thread_reference"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    shipment_id: Mapped[int] = mapped_column(sa.ForeignKey(Shipment.id), index=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey(Order.id))
    number: Mapped[int]
    """First, second… of its order; its word in addresses."""
    carrier: Mapped[str] = mapped_column(sa.String(20))
    """Its word in `House.carriers`."""
    tracking_number: Mapped[str] = mapped_column(sa.String(40), default="")
    weight_g: Mapped[int | None]
    state: Mapped[ParcelState] = mapped_column(default=ParcelState.SENT)
    """Written by `shipments.reception` alone."""
    received_at: Mapped[dt.datetime | None]
    received_by: Mapped[str] = mapped_column(sa.String(120), default="")
    thread_reference: Mapped[str] = mapped_column(sa.String(20), default="")
    """The message to after-sales about what is missing or damaged."""

    shipment: Mapped[Shipment] = relationship(back_populates="parcels")
    lines: Mapped[list["ParcelLine"]] = relationship(order_by="ParcelLine.id")

    @property
    def carrier_label(self) -> str:
        """The carrier's name; its bare word where it has left our list since."""
        carrier = house().carriers.get(self.carrier)
        return carrier.label if carrier else self.carrier

    @property
    def tracking_url(self) -> str:
        """Where the parcel is followed, or nothing."""
        return rules.tracking_url(house().carriers.get(self.carrier), self.tracking_number)


class ParcelLine(Base):
    """The copies of one title in one parcel."""

    __tablename__ = "parcel_lines"
    __table_args__ = (
        sa.CheckConstraint(
            "quantity > 0 AND missing >= 0 AND damaged >= 0 AND missing + damaged <= quantity", name="copies"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    parcel_id: Mapped[int] = mapped_column(sa.ForeignKey(Parcel.id), index=True)
    order_line_id: Mapped[int] = mapped_column(sa.ForeignKey(OrderLine.id))
    quantity: Mapped[int]
    missing: Mapped[int] = mapped_column(default=0)
    damaged: Mapped[int] = mapped_column(default=0)

    order_line: Mapped[OrderLine] = relationship()


class Watch(Base):
    """« Prévenez-moi »: somebody wants to hear of a title of an order as soon as there is news."""

    __tablename__ = "watches"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id), primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey(Order.id), primary_key=True, index=True)
    isbn: Mapped[str] = mapped_column(sa.String(13), primary_key=True)
    told: Mapped[str] = mapped_column(sa.Text)
    """The last news that the person knows."""

    user: Mapped[User] = relationship()
    order: Mapped[Order] = relationship()
