"""What a quote comes to: usual, asked for and granted side by side, in euros and in days. Pure.

Each column is the same copies at the same public prices; only the discount and the term differ.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from harmattan.cart.rules import line_amount
from harmattan.core import money
from harmattan.core.money import Totals
from harmattan.core.terms import PaymentTerm


@dataclass(frozen=True)
class Part:
    """Copies of one title that are sold at one discount."""

    quantity: int
    price_cents: int
    """Public price TTC, in force when the offer was made."""
    product_vat_bp: int
    """The rate within it."""
    vat_bp: int
    """The rate where the books go."""
    discount_bp: int

    def amount_cents(self, discount_bp: int | None = None) -> int:
        """HT, at this discount or at the part's own."""
        rate = self.discount_bp if discount_bp is None else discount_bp
        return line_amount(self.quantity, self.price_cents, self.product_vat_bp, rate)

    @property
    def net_unit_micros(self) -> int:
        """The unit price HT after discount, in millionths of a euro."""
        unit = money.net_unit_price(self.price_cents, self.product_vat_bp, self.discount_bp)
        return int(unit * 1_000_000)


@dataclass(frozen=True)
class Carriage:
    """What carriage adds: its fee HT, None where it is computed at validation; the rate it bears alone."""

    fee_cents: int | None
    vat_bp: int


@dataclass(frozen=True)
class Column:
    """The same parts under one set of terms."""

    amounts: tuple[int, ...]
    """HT, part by part."""
    public_cents: int
    """The same copies at their public price HT."""
    totals: Totals
    term: PaymentTerm
    due: dt.date
    """For an invoice of the day asked about."""

    @property
    def goods_cents(self) -> int:
        return self.totals.goods_cents

    @property
    def discount_bp(self) -> int:
        """On the whole."""
        return money.rate_of(self.public_cents - self.goods_cents, self.public_cents)


def column(
    parts: Sequence[Part], discounts: Sequence[int], carriage: Carriage, term: PaymentTerm, today: dt.date
) -> Column:
    """These parts at these discounts, part by part."""
    amounts = tuple(part.amount_cents(rate) for part, rate in zip(parts, discounts, strict=True))
    rates = [part.vat_bp for part in parts]
    totals = money.totals(zip(rates, amounts, strict=True), carriage.fee_cents or 0, carriage.vat_bp)
    public = sum(part.amount_cents(0) for part in parts)
    return Column(amounts, public, totals, term, term.due(today))


@dataclass(frozen=True)
class Wish:
    """What the shop asks for; None leaves it as usual."""

    discount_bp: int | None
    term: PaymentTerm | None


@dataclass(frozen=True)
class Comparison:
    """The three columns; nothing is granted yet where there is no offer."""

    parts: tuple[Part, ...]
    carriage: Carriage
    usual: Column
    wish: Wish
    wished: Column
    granted: Column | None

    @property
    def current(self) -> Column:
        """What holds: the granted terms, else the usual ones."""
        return self.granted or self.usual

    @property
    def gesture_cents(self) -> int:
        """What sales give beyond the usual discount, HT."""
        return self.usual.goods_cents - self.current.goods_cents

    @property
    def extra_days(self) -> int:
        """How much later than usual it is to be paid."""
        return (self.current.due - self.usual.due).days

    @property
    def wished_cents(self) -> int:
        """What the shop asked sales to give, HT."""
        return self.usual.goods_cents - self.wished.goods_cents

    def differs(self, part: Part) -> bool:
        """Whether this part is granted another discount than was asked for."""
        return self.wish.discount_bp is not None and part.discount_bp != self.wish.discount_bp

    @property
    def term_differs(self) -> bool:
        return bool(self.wish.term and self.granted and self.granted.due != self.wished.due)


def compare(
    parts: Sequence[Part],
    carriage: Carriage,
    usual: tuple[int, PaymentTerm],
    wish: Wish,
    granted: PaymentTerm | None,
    today: dt.date,
) -> Comparison:
    """Put the account's own terms, the wished ones and those of the parts and of `granted` side by side."""
    usual_bp, usual_term = usual
    wished_bp = usual_bp if wish.discount_bp is None else wish.discount_bp
    each = len(parts)
    return Comparison(
        parts=tuple(parts),
        carriage=carriage,
        usual=column(parts, [usual_bp] * each, carriage, usual_term, today),
        wish=wish,
        wished=column(parts, [wished_bp] * each, carriage, wish.term or usual_term, today),
        granted=column(parts, [part.discount_bp for part in parts], carriage, granted, today)
        if granted
        else None,
    )
