"""What is copied of a cart when it becomes an order or a request for a quote: the columns, and their filling.

Prices, texts and addresses as they are at that moment, so that nothing changes under a bookseller later.
"""

import datetime as dt
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from harmattan.access.models import Account
from harmattan.cart.lookups import Line
from harmattan.cart.overview import CartOverview
from harmattan.cart.rules import BackorderPolicy
from harmattan.catalogue.models import Title
from harmattan.catalogue.rules import Availability
from harmattan.core import money
from harmattan.core.places import Address, Territory
from harmattan.core.terms import PaymentTerm
from harmattan.deliveries.rules import DeliveryMode


class CartSnapshot:
    """What a cart says and comes to, as an order or a request for a quote keeps it."""

    own_reference: Mapped[str] = mapped_column(sa.String(40), default="")
    comment: Mapped[str] = mapped_column(sa.Text, default="")
    mode: Mapped[DeliveryMode]
    territory: Mapped[Territory]
    address: Mapped[Address]
    """Where it is delivered."""
    deliver_by: Mapped[dt.date | None]
    not_before: Mapped[dt.date | None]
    discount_bp: Mapped[int]
    """The account's own; each line has the one it is sold at."""
    payment_term: Mapped[PaymentTerm]
    goods_cents: Mapped[int]
    carriage_cents: Mapped[int | None]
    """HT; None when it is computed at validation (R85)."""
    vat: Mapped[list[Any]]
    """[{"rate_bp": 550, "basis_cents": …, "vat_cents": …}, …]"""
    gross_cents: Mapped[int]
    line_count: Mapped[int]
    copy_count: Mapped[int]
    weight_g: Mapped[int]

    def copied(self) -> dict[str, Any]:
        """The same facts, for the next document that keeps them."""
        return {name: getattr(self, name) for name in CartSnapshot.__annotations__}


class LineSnapshot:
    """A line of a cart with its title and price, as an order or a request for a quote keeps it."""

    title_id: Mapped[int] = mapped_column(sa.ForeignKey(Title.id))
    isbn: Mapped[str] = mapped_column(sa.String(13))
    title: Mapped[str] = mapped_column(sa.String(600))
    authors: Mapped[str] = mapped_column(sa.String(300), default="")
    quantity: Mapped[int]
    """Ordered."""
    backorder_policy: Mapped[BackorderPolicy]
    own_reference: Mapped[str] = mapped_column(sa.String(40), default="")
    availability: Mapped[Availability]
    expected_on: Mapped[dt.date | None]
    price_cents: Mapped[int]
    """Public price TTC."""
    product_vat_bp: Mapped[int]
    """The rate within the public price."""
    vat_bp: Mapped[int]
    """The rate at the delivery territory."""
    discount_bp: Mapped[int]
    net_unit_micros: Mapped[int] = mapped_column(sa.BigInteger)
    """Unit price HT after discount, in millionths of a euro (six decimals, BT-146)."""
    line_cents: Mapped[int]
    weight_g: Mapped[int]

    def copied(self) -> dict[str, Any]:
        """The same facts, for the next document that keeps them."""
        return {name: getattr(self, name) for name in LineSnapshot.__annotations__}


def of_cart(seen: CartOverview) -> dict[str, Any]:
    """The columns of `CartSnapshot`, as the cart stands now."""
    cart, account = seen.cart, seen.account
    return {
        "own_reference": cart.own_reference,
        "comment": cart.comment,
        "mode": cart.mode,
        "territory": seen.territory,
        "address": seen.delivery_address,
        "deliver_by": cart.deliver_by,
        "not_before": cart.not_before,
        "discount_bp": account.discount_bp,
        "payment_term": account.payment_term,
        "goods_cents": seen.totals.goods_cents,
        "carriage_cents": seen.carriage_cents,
        "vat": [asdict(share) for share in seen.totals.vat],
        "gross_cents": seen.totals.gross_cents,
        "line_count": seen.title_count,
        "copy_count": seen.copies,
        "weight_g": seen.weight_g,
    }


def of_lines(seen: CartOverview) -> list[dict[str, Any]]:
    """The columns of `LineSnapshot` for each line of the cart."""
    return [_of_line(line, seen.account) for line in seen.lines]


def _of_line(line: Line, account: Account) -> dict[str, Any]:
    price = line.price_now or 0
    unit = money.net_unit_price(price, line.product_vat_bp, account.discount_bp)
    return {
        "title_id": line.title_id,
        "isbn": line.isbn,
        "title": line.full_title,
        "authors": line.authors,
        "quantity": line.quantity,
        "backorder_policy": line.backorder_policy,
        "own_reference": line.own_reference,
        "availability": line.availability,
        "expected_on": line.expected_on,
        "price_cents": price,
        "product_vat_bp": line.product_vat_bp,
        "vat_bp": line.vat_bp,
        "discount_bp": account.discount_bp,
        "net_unit_micros": int(unit * 1_000_000),
        "line_cents": line.amount_cents(account.discount_bp),
        "weight_g": line.weight_g,
    }
