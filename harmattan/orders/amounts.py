"""What an order comes to once its titles or its delivery change: reckoned as in the cart (domain.md §5.6)."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from harmattan.core import clock, money, places, vat
from harmattan.core.money import Totals
from harmattan.core.places import Address, Territory
from harmattan.deliveries import service as deliveries
from harmattan.deliveries.rules import Carriage, DeliveryMode
from harmattan.orders.models import Order


def territory(order: Order, mode: DeliveryMode, address: Address) -> Territory:
    """Where the goods go: what is collected stays on the mainland; staff may have corrected an address."""
    if mode.is_collected:
        return Territory.MAINLAND
    known = {row.place: row.territory for row in deliveries.addresses(order.account_id)}
    return known.get(address) or places.territory(address.postal_code, address.country)


def carriage(order: Order, mode: DeliveryMode, destination: Territory, weight_g: int) -> Carriage:
    """The fee by the tariff of the day on which it was placed, which the order keeps (R84)."""
    return deliveries.fee(mode, destination, weight_g, clock.in_paris(order.placed_at).date())


def line_cents(quantity: int, net_unit_micros: int) -> int:
    """A line HT at its unit price."""
    return money.line_total(quantity, money.from_micros(net_unit_micros))


def totals(
    order: Order, destination: Territory, goods: Sequence[tuple[int, int]], carriage_cents: int | None
) -> Totals:
    """Of goods, (VAT rate in bp, line HT in cents) each, and of a carriage that may still be open."""
    rate = vat.rate(vat.FULL_RATE_BP, destination, order.account.vat_number)
    return money.totals(goods, carriage_cents or 0, rate)


def as_columns(found: Totals, carriage_cents: int | None) -> dict[str, Any]:
    """As an order keeps them."""
    return {
        "goods_cents": found.goods_cents,
        "carriage_cents": carriage_cents,
        "vat": [asdict(share) for share in found.vat],
        "gross_cents": found.gross_cents,
    }
