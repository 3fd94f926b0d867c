"""The cart as its pages and other areas read it.

Statements are written once: making them anew for every page would cost more than running them.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from harmattan.cart import rules
from harmattan.cart.models import Cart, CartLine
from harmattan.cart.rules import LINES_A_PAGE, BackorderPolicy, CartState
from harmattan.catalogue.models import ComingPrice, Title
from harmattan.catalogue.rules import Availability, full_title
from harmattan.core.extensions import db


class Line(NamedTuple):
    """A line beside what its title says now: columns, not objects, since carts are long."""

    id: int
    quantity: int
    backorder_policy: BackorderPolicy
    noted_apart: bool
    own_reference: str
    price_cents: int
    """The public price TTC as the bookseller last saw it."""
    vat_bp: int
    """The rate where the goods go."""
    line_cents: int
    weight_g: int
    added_by: str
    added_at: dt.datetime
    title_id: int
    isbn: str
    title: str
    subtitle: str
    authors: str
    availability: Availability
    expected_on: dt.date | None
    is_orderable: bool
    price_now: int | None
    product_vat_bp: int
    """The product's own rate."""
    copy_weight_g: int | None
    pages: int | None
    form: str
    stock: int

    @property
    def full_title(self) -> str:
        return full_title(self.title, self.subtitle)

    def amount_cents(self, discount_bp: int) -> int:
        """HT, at the price of now."""
        if self.price_now == self.price_cents:
            return self.line_cents
        return rules.line_amount(self.quantity, self.price_now or 0, self.product_vat_bp, discount_bp)


_FACTS = (
    *(CartLine.id, CartLine.quantity, CartLine.backorder_policy, CartLine.noted_apart),
    *(CartLine.own_reference, CartLine.price_cents, CartLine.vat_bp, CartLine.line_cents, CartLine.weight_g),
    *(CartLine.added_by, CartLine.added_at),
    *(Title.id, Title.isbn, Title.title, Title.subtitle, Title.authors, Title.availability),
    *(Title.expected_on, Title.is_orderable.label("is_orderable")),
    *(Title.price_cents, Title.vat_bp, Title.weight_g, Title.pages, Title.form, Title.stock),
)
"""In the order of the fields of `Line`."""

_LINES = (
    sa.select(*_FACTS)
    .join(CartLine.title)
    .where(CartLine.cart_id == sa.bindparam("cart_id"))
    .order_by(sa.literal_column("is_orderable"), CartLine.id)
)
_PAGE = _LINES.limit(LINES_A_PAGE).offset(sa.bindparam("offset"))
_OF_ISBNS = _LINES.where(Title.isbn.in_(sa.bindparam("isbns", expanding=True)))
_CHANGED = _LINES.where(Title.price_cents != CartLine.price_cents)

_PRICES_TO_COME = (
    sa.select(
        Title.isbn,
        Title.title,
        ComingPrice.valid_from,
        ComingPrice.price_cents,
        Title.price_cents.label("now_cents"),
    )
    .join(CartLine.title)
    .join(ComingPrice, ComingPrice.title_id == Title.id)
    .where(CartLine.cart_id == sa.bindparam("cart_id"), ComingPrice.valid_from <= sa.bindparam("until"))
    .order_by(CartLine.id, ComingPrice.valid_from)
)

_OPEN = (
    sa.select(Cart)
    .where(Cart.account_id == sa.bindparam("account_id"), Cart.state == CartState.OPEN)
    .options(joinedload(Cart.address))
    .execution_options(populate_existing=True)
)
_OPEN_LOCKED = _OPEN.with_for_update(of=Cart)
_WITH_LINE = (
    _OPEN_LOCKED.add_columns(*_FACTS)
    .join(CartLine, CartLine.cart_id == Cart.id)
    .join(CartLine.title)
    .where(Title.isbn == sa.bindparam("isbn"))
)
_HEADER = sa.select(Cart.line_count, Cart.gross_cents).where(
    Cart.account_id == sa.bindparam("account_id"), Cart.state == CartState.OPEN
)


def current(account_id: int, *, locked: bool = False) -> Cart | None:
    """The account's open cart; locked until the commit where it is about to be changed."""
    return db.session.scalar(_OPEN_LOCKED if locked else _OPEN, {"account_id": account_id})


def with_line(account_id: int, isbn: str) -> tuple[Cart, Line] | None:
    """The account's open cart, locked until the commit, and its line of this ISBN."""
    row = db.session.execute(_WITH_LINE, {"account_id": account_id, "isbn": isbn}).one_or_none()
    return (row[0], Line._make(row[1:])) if row else None


def lines(cart: Cart, page: int | None = None) -> Sequence[Line]:
    """The lines of the cart, or of one page of it, those that cannot be ordered first."""
    if page is None:
        return _read(_LINES, cart)
    return _read(_PAGE, cart, offset=(page - 1) * LINES_A_PAGE)


def lines_of(cart: Cart, isbns: Collection[str]) -> Sequence[Line]:
    """The cart's lines of these ISBN."""
    return _read(_OF_ISBNS, cart, isbns=list(isbns))


def lines_whose_price_changed(cart: Cart) -> Sequence[Line]:
    """The cart's lines whose public price is not, or no longer, the one that was shown."""
    return _read(_CHANGED, cart)


def prices_to_come(cart: Cart, until: dt.date) -> Sequence[Any]:
    """Which of the cart's titles have another public price by this day, as their publisher announces."""
    return db.session.execute(_PRICES_TO_COME, {"cart_id": cart.id, "until": until}).all()


def _read(statement: sa.Select[*tuple[Any, ...]], cart: Cart, **asked: Any) -> list[Line]:
    return [Line._make(row) for row in db.session.execute(statement, {"cart_id": cart.id, **asked})]


def state_of(account_id: int, cart_id: int) -> CartState | None:
    """What became of this cart of the account; None where the account has no such cart."""
    return db.session.scalar(sa.select(Cart.state).where(Cart.id == cart_id, Cart.account_id == account_id))


def header(account_id: int) -> tuple[int, int]:
    """How many titles the open cart holds, and its total TTC in cents, as of its last change."""
    row = db.session.execute(_HEADER, {"account_id": account_id}).one_or_none()
    return (row.line_count, row.gross_cents) if row else (0, 0)
