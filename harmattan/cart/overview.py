"""The cart as it stands now: lines, amounts, what forbids ordering, prices that changed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from harmattan.access.models import Account
from harmattan.cart import rules
from harmattan.cart.lookups import Line, lines
from harmattan.cart.models import Cart, CartLine
from harmattan.cart.rules import BackorderPolicy
from harmattan.catalogue.models import Title
from harmattan.catalogue.rules import Availability
from harmattan.core import clock, money, places, vat
from harmattan.core.extensions import db
from harmattan.core.money import Totals
from harmattan.core.places import Address, Territory
from harmattan.deliveries import service as deliveries
from harmattan.deliveries.models import DeliveryAddress
from harmattan.deliveries.service import PriceList
from harmattan.deliveries.two_dates import Circumstances, LateTitle, Option, Verdict, Wish, verdict

_LATE_MARGIN = dt.timedelta(days=30)
"""Titles expected this long before the urgent date are looked at: preparing and carrying take days."""

_NOTED_ONLY = [state for state in Availability if state.is_orderable and not state.ships_from_stock]


@dataclass(frozen=True)
class PriceChange:
    """A public price TTC that changed since the bookseller last saw it."""

    isbn: str
    title: str
    old_cents: int
    new_cents: int


@dataclass(frozen=True)
class CartOverview:
    """Everything the cart comes to, at the prices of now."""

    cart: Cart
    account: Account
    lines: Sequence[Line]
    """Those asked for, else all."""
    title_count: int
    copies: int
    weight_g: int
    """Books alone; estimated for titles without a weight."""
    weight_is_estimated: bool
    blocked: frozenset[str]
    """ISBN of lines that cannot be ordered; they count in no amount."""
    territory: Territory
    prices: PriceList
    options: tuple[Option, ...]
    totals: Totals
    carriage_cents: int | None
    carriage_reason: str
    """Why carriage is « calculés à la validation » (R85)."""
    verdict: Verdict
    problems: tuple[tuple[str, str], ...]
    """(anchor on the cart page, message) of everything that forbids ordering."""
    changes: tuple[PriceChange, ...]

    @property
    def earliest(self) -> dt.date:
        """The first day on which the chosen mode can deliver."""
        return next(option.earliest for option in self.options if option.mode is self.cart.mode)

    @property
    def address(self) -> DeliveryAddress | None:
        return self.cart.address

    @property
    def delivery_address(self) -> Address:
        """Where the books go; the account's own address where none was chosen."""
        return self.cart.address.place if self.cart.address else self.account.place


def territory(cart: Cart, account: Account) -> Territory:
    """Where the goods go: what is collected stays on the mainland."""
    if cart.mode.is_collected:
        return Territory.MAINLAND
    if cart.address:
        return cart.address.territory
    return places.territory(account.postal_code, account.country)


def overview(
    cart: Cart, account: Account, now: dt.datetime, shown: Sequence[Line] | None = None
) -> CartOverview:
    """The cart at the prices of now; `shown` are the lines already at hand, else all are read."""
    figures = _Figures(cart, account, clock.in_paris(now).date())
    destination = territory(cart, account)
    prices = deliveries.price_list(destination, now)
    options = prices.options(figures.weight_g)
    chosen = next(option for option in options if option.mode is cart.mode)
    rate = vat.rate(vat.FULL_RATE_BP, destination, account.vat_number)
    found = verdict(
        Wish(cart.mode, cart.deliver_by, cart.not_before, cart.deliver_by_is_request),
        Circumstances(prices.wall.date(), prices.delays, options, figures.late),
    )
    return CartOverview(
        cart=cart,
        account=account,
        lines=lines(cart) if shown is None else shown,
        title_count=figures.title_count,
        copies=figures.copies,
        weight_g=figures.weight_g,
        weight_is_estimated=figures.weight_is_estimated,
        blocked=frozenset(figures.blocked),
        territory=destination,
        prices=prices,
        options=options,
        totals=money.totals(figures.goods, chosen.fee_cents or 0, rate),
        carriage_cents=chosen.fee_cents,
        carriage_reason=chosen.reason,
        verdict=found,
        problems=_problems(figures, found),
        changes=tuple(figures.changes),
    )


def _problems(figures: "_Figures", found: Verdict) -> tuple[tuple[str, str], ...]:
    problems = list(figures.problems)
    if not figures.title_count:
        problems.append(("isbn", "Ajoutez au moins un titre"))
    if not found.finding.allows_ordering:
        problems.append((found.field, found.sentence))
    return tuple(problems)


class _Figures:
    """Sums over the lines in one statement, whatever their number.

    Lines that need a word of their own (not orderable, price changed, out too late, neither in stock nor
    noted) come one by one; all others come summed by VAT rate.
    """

    def __init__(self, cart: Cart, account: Account, today: dt.date):
        self.account, self.today = account, today
        self.title_count = self.copies = self.weight_g = 0
        self.weight_is_estimated = False
        self.goods: list[tuple[int, int]] = []
        self.blocked: list[str] = []
        self.problems: list[tuple[str, str]] = []
        self.changes: list[PriceChange] = []
        self.late: list[LateTitle] = []
        urgent = cart.deliver_by
        asked: dict[str, Any] = {"cart_id": cart.id}
        if urgent:
            asked |= {"late_from": max(urgent, dt.date.min + _LATE_MARGIN) - _LATE_MARGIN}
        for row in db.session.execute(_sums(is_urgent=urgent is not None), asked):
            self._count(row)

    def _count(self, row: Any) -> None:
        self.title_count += row.titles
        self.copies += row.copies
        if row.alone is not None and self._is_blocked(row):
            return
        self.weight_g += row.weight_g
        self.weight_is_estimated |= bool(row.estimated)
        self.goods.append((row.vat_bp, row.goods_cents if row.alone is None else self._alone(row)))

    def _is_blocked(self, row: Any) -> bool:
        reason = _reason_against(row)
        if reason:
            self.blocked.append(row.isbn)
            self.problems.append((f"q-{row.isbn}", f"Retirez « {row.title} » : {reason}"))
        return bool(reason)

    def _alone(self, row: Any) -> int:
        """What a line that comes alone amounts to, at its price of now."""
        if row.nothing_ships:
            message = f"Retirez « {row.title} », ou choisissez de le noter : rien n’est disponible"
            self.problems.append((f"q-{row.isbn}", message))
        if row.expected_on and row.expected_on >= self.today and not row.decided_apart:
            self.late.append(LateTitle(row.isbn, row.title, row.expected_on))
        if row.price_now == row.price_seen:
            return int(row.goods_cents)
        self.changes.append(PriceChange(row.isbn, row.title, row.price_seen, row.price_now))
        return rules.line_amount(row.copies, row.price_now, row.product_vat_bp, self.account.discount_bp)


def _reason_against(row: Any) -> str:
    """Why a line cannot be ordered; empty where it can."""
    if row.deleted_at is not None:
        return "il n’est plus au catalogue"
    if not row.availability.is_orderable:
        return rules.lowered(row.availability.label)
    return "son prix n’est pas connu" if row.price_now is None else ""


@cache
def _sums(*, is_urgent: bool) -> sa.Select[Any]:
    """Written once: making it anew for each change of a quantity would cost more than running it."""
    nothing_ships = sa.and_(
        CartLine.backorder_policy == BackorderPolicy.SKIP,
        sa.or_(
            Title.availability.in_(_NOTED_ONLY),
            sa.and_(Title.availability == Availability.AVAILABLE, Title.stock <= 0),
        ),
    )
    remarks = [~Title.is_orderable, Title.price_cents != CartLine.price_cents, nothing_ships]
    if is_urgent:
        remarks.append(
            sa.and_(
                Title.availability.in_(_NOTED_ONLY),
                Title.expected_on > sa.bindparam("late_from", type_=sa.Date),
                ~CartLine.noted_apart,
            )
        )
    alone = sa.case((sa.or_(*remarks), CartLine.id), else_=sa.null()).label("alone")
    return (
        sa.select(
            alone,
            CartLine.vat_bp,
            sa.func.count().label("titles"),
            sa.func.sum(CartLine.quantity).label("copies"),
            sa.func.sum(CartLine.line_cents).label("goods_cents"),
            sa.func.sum(CartLine.weight_g).label("weight_g"),
            sa.func.max(sa.case((Title.weight_g.is_(None), 1), else_=0)).label("estimated"),
            sa.func.max(sa.case((nothing_ships, 1), else_=0)).label("nothing_ships"),
            sa.func.max(sa.case((CartLine.noted_apart, 1), else_=0)).label("decided_apart"),
            sa.func.min(Title.isbn).label("isbn"),
            sa.func.min(Title.title).label("title"),
            sa.func.min(Title.availability).label("availability"),
            sa.func.min(Title.expected_on).label("expected_on"),
            sa.func.min(Title.deleted_at).label("deleted_at"),
            sa.func.min(Title.price_cents).label("price_now"),
            sa.func.min(CartLine.price_cents).label("price_seen"),
            sa.func.min(Title.vat_bp).label("product_vat_bp"),
        )
        .join(CartLine.title)
        .where(CartLine.cart_id == sa.bindparam("cart_id"))
        .group_by(sa.literal_column("alone"), CartLine.vat_bp)
    )
