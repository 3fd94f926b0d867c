"""Amounts: integer cents, rates in basis points, one rounding (half up). Source: domain.md §5.6.

Nothing else in the house rounds or formats money.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

BASIS_POINTS = 10_000
"""One whole, in basis points: 550 is 5.5 %."""

MICROS = 1_000_000
"""One euro, in millionths: how unit prices are kept."""

_CENT = Decimal("0.01")
_MICRO = Decimal("0.000001")


def _half_up(value: Decimal, unit: Decimal) -> Decimal:
    return value.quantize(unit, rounding=ROUND_HALF_UP)


def _cents(euros: Decimal) -> int:
    return int(_half_up(euros, _CENT) * 100)


def euros(cents: int) -> Decimal:
    """The same amount in euros, exactly."""
    return Decimal(cents) / 100


def hundredths(whole: str, decimals: str | None) -> int:
    """Cents, or basis points, of digits as they were typed: « 12 » and « 5 » are 1250."""
    return int(whole) * 100 + int((decimals or "").ljust(2, "0"))


def net_of_tax(gross_cents: int, vat_bp: int) -> int:
    """The public price HT (cents) of a public price TTC (cents)."""
    return _cents(euros(gross_cents) * BASIS_POINTS / (BASIS_POINTS + vat_bp))


@lru_cache(maxsize=5_000)  # books have few prices: a long order asks for the same ones again and again
def net_unit_price(gross_cents: int, vat_bp: int, discount_bp: int) -> Decimal:
    """The bookseller's unit price HT in euros, kept to six decimals (BT-146)."""
    public_net = euros(net_of_tax(gross_cents, vat_bp))
    return _half_up(public_net * (BASIS_POINTS - discount_bp) / BASIS_POINTS, _MICRO)


def micros(cents: int) -> int:
    """The same amount in millionths of a euro, as unit prices are kept."""
    return cents * MICROS // 100


def from_micros(amount: int) -> Decimal:
    """A unit price kept in millionths of a euro, in euros."""
    return Decimal(amount) / MICROS


def before_discount(net_unit_micros: int, discount_bp: int) -> int:
    """The public price HT (cents) that a net unit price was made from."""
    kept = BASIS_POINTS - discount_bp
    return _cents(from_micros(net_unit_micros) * BASIS_POINTS / kept) if kept else 0


def line_total(quantity: int, net_unit: Decimal) -> int:
    """A line HT in cents: quantity × unit price, rounded once (BT-131)."""
    return _cents(quantity * net_unit)


def vat_amount(basis_cents: int, vat_bp: int) -> int:
    """The VAT in cents on a basis in cents; called once per rate."""
    return _cents(euros(basis_cents) * vat_bp / BASIS_POINTS)


def rate_of(part_cents: int, whole_cents: int) -> int:
    """What share of the whole that is, in basis points; 0 of nothing."""
    if not whole_cents:
        return 0
    return int(_half_up(Decimal(part_cents) * BASIS_POINTS / whole_cents, Decimal(1)))


def pro_rata(amount_cents: int, weights: dict[int, int]) -> dict[int, int]:
    """Split an amount (cents) over keys by weight, without losing a cent: the largest share takes the rest.

    Without any weight nothing is split, and the answer is empty.
    """
    total = sum(weights.values())
    if not total:
        return {}
    shares = {key: _cents(euros(amount_cents) * weight / total) for key, weight in weights.items()}
    largest = max(weights, key=lambda key: (weights[key], key))
    shares[largest] += amount_cents - sum(shares.values())
    return shares


@dataclass(frozen=True)
class VatShare:
    """What one VAT rate contributes: goods and carriage HT, and the tax, in cents."""

    rate_bp: int
    basis_cents: int
    vat_cents: int


@dataclass(frozen=True)
class Totals:
    """The amounts of a cart, an order or an invoice, in cents."""

    goods_cents: int
    carriage_cents: int
    vat: tuple[VatShare, ...]

    @property
    def net_cents(self) -> int:
        return self.goods_cents + self.carriage_cents

    @property
    def vat_cents(self) -> int:
        return sum(share.vat_cents for share in self.vat)

    @property
    def gross_cents(self) -> int:
        return self.net_cents + self.vat_cents


def totals(lines: Iterable[tuple[int, int]], carriage_cents: int, carriage_vat_bp: int = 0) -> Totals:
    """Add up (VAT rate in bp, line HT in cents) and carriage, which follows the goods' rates pro rata.

    A carriage without goods bears `carriage_vat_bp`.
    """
    goods: dict[int, int] = {}
    for rate_bp, line_cents in lines:
        goods[rate_bp] = goods.get(rate_bp, 0) + line_cents
    carriage = pro_rata(carriage_cents, goods) or {carriage_vat_bp: carriage_cents}
    basis = {rate: goods.get(rate, 0) + carriage.get(rate, 0) for rate in goods.keys() | carriage.keys()}
    shares = tuple(
        VatShare(rate, basis[rate], vat_amount(basis[rate], rate)) for rate in sorted(basis) if basis[rate]
    )
    return Totals(sum(goods.values()), carriage_cents, shares)
