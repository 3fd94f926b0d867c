"""What people do to the cart. Every change raises its version and says who made it (F16)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from harmattan.access.models import Account, User
from harmattan.cart import rules
from harmattan.cart.models import Cart, CartLine
from harmattan.cart.overview import CartOverview, lines, overview, territory
from harmattan.cart.rules import BackorderPolicy, CartState, Choices, LineChange
from harmattan.catalogue.models import Title
from harmattan.core import clock, database
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.deliveries import rules as delivery_rules
from harmattan.deliveries import service as deliveries
from harmattan.deliveries.models import DeliveryAddress
from harmattan.deliveries.rules import Territory
from harmattan.deliveries.two_dates import Fix

__all__ = ["CartOverview", "Choices", "LineChange", "lines", "overview", "territory"]

_ROWS_A_STATEMENT = 500
_SUMMED = ("quantity", "price_cents", "vat_bp", "line_cents", "weight_g")


class NotOrderable(Refusal):
    """The title cannot stand on an order."""

    title = "Ce titre ne peut pas être commandé"

    def __init__(self, title: Title):
        super().__init__(rules.not_orderable(title.title, title.availability))


def current(account_id: int) -> Cart | None:
    """The account's open cart, for reading."""
    return db.session.scalar(_open(account_id))


def open_cart(account_id: int) -> Cart:
    """The account's open cart, made when absent; locked until the commit."""
    query = _open(account_id).with_for_update(of=Cart)
    cart = db.session.scalar(query)
    if cart is None:
        usual = sa.select(DeliveryAddress.id).where(DeliveryAddress.account_id == account_id)
        by_use = usual.order_by(DeliveryAddress.is_default.desc(), DeliveryAddress.id).limit(1)
        values = {"account_id": account_id, "address_id": by_use.scalar_subquery()}
        db.session.execute(
            database.insert(Cart)
            .values(**values)
            .on_conflict_do_nothing(index_elements=["account_id"], index_where=sa.text("state = 'open'"))
        )
        cart = db.session.scalars(query).one()
    return cart


def find_line(account_id: int, isbn: str) -> CartLine | None:
    """A line of the account's open cart with its cart and title, locked until the commit."""
    return db.session.scalar(
        sa.select(CartLine)
        .join(CartLine.cart)
        .join(CartLine.title)
        .where(Cart.account_id == account_id, Cart.state == CartState.OPEN, Title.isbn == isbn)
        .options(
            contains_eager(CartLine.cart).joinedload(Cart.address),
            contains_eager(CartLine.title),
        )
        .with_for_update(of=Cart)
        .execution_options(populate_existing=True)
    )


def lines_of(cart: Cart, isbns: Collection[str]) -> Sequence[CartLine]:
    """The cart's lines of these ISBN, with their titles."""
    return db.session.scalars(
        sa.select(CartLine)
        .join(CartLine.title)
        .where(CartLine.cart_id == cart.id, Title.isbn.in_(isbns))
        .options(contains_eager(CartLine.title))
        .execution_options(populate_existing=True)
    ).all()


def is_ordered(account_id: int, cart_id: int) -> bool | None:
    """Whether this cart of the account became an order; None where the account has no such cart."""
    query = sa.select(Cart.state).where(Cart.id == cart_id, Cart.account_id == account_id)
    state = db.session.scalar(query)
    return None if state is None else state is CartState.ORDERED


def add(
    cart: Cart, quantities: Mapping[Title, int], by: User, policy: BackorderPolicy | None = None
) -> CartOverview:
    """Put copies into the cart; those of a title already there are added up, 9 999 at most.

    Raises `NotOrderable` for a title that is sold out, withdrawn or unpriced.
    """
    account = _account(by)
    known = {
        title_id: (quantity, kept, price)
        for title_id, quantity, kept, price in db.session.execute(
            sa.select(
                CartLine.title_id, CartLine.quantity, CartLine.backorder_policy, CartLine.price_cents
            ).where(CartLine.cart_id == cart.id)
        )
    }
    destination = territory(cart, account)
    rows = []
    for title, quantity in quantities.items():
        if not title.is_orderable:
            raise NotOrderable(title)
        there, kept, price = known.get(title.id, (0, BackorderPolicy.NOTE, title.price_cents or 0))
        chosen = policy or kept
        copies = _kept(title, min(there + quantity, rules.MAXIMUM_QUANTITY), chosen)
        facts = _amounts(title, copies, price, account, destination)
        rows.append(
            facts
            | {"cart_id": cart.id, "title_id": title.id, "backorder_policy": chosen, "added_by": by.name}
        )
    _upsert(rows)
    return _settle(cart, account, by)


def change_line(line: CartLine, change: LineChange, by: User) -> CartOverview:
    """Another quantity or another way with what is missing."""
    account = _account(by)
    _apply(line, change, account, territory(line.cart, account))
    return _settle(line.cart, account, by)


def save(
    cart: Cart,
    by: User,
    choices: Choices,
    changes: Iterable[tuple[CartLine, LineChange]] = (),
    prices_seen: Mapping[str, int] | None = None,
) -> CartOverview:
    """Keep everything the cart's form says (R43, R54, R61, R87)."""
    account = _account(by)
    _choose(cart, choices, account)
    destination = territory(cart, account)
    for line, change in changes:
        _apply(line, change, account, destination)
    _accept(cart, account, prices_seen or {})
    return _settle(cart, account, by)


def remove(cart: Cart, isbns: Sequence[str], by: User) -> CartOverview:
    """Take titles out of the cart."""
    _remove(cart, isbns)
    return _settle(cart, _account(by), by)


def apply_fix(cart: Cart, key: str, by: User) -> Fix | None:
    """Take one of the ways out that the verdict on the two dates offers; None when it offers no such one."""
    account = _account(by)
    offered = overview(cart, account, clock.now(), shown=()).verdict.fixes
    fix = next((fix for fix in offered if fix.key == key), None)
    if fix is None:
        return None
    before = territory(cart, account)
    cart.mode, cart.deliver_by, cart.not_before = fix.wish.mode, fix.wish.deliver_by, fix.wish.not_before
    cart.deliver_by_is_request = fix.wish.is_request
    _tax(cart, account, before)
    _remove(cart, fix.remove)
    _note_apart(cart, fix.note_apart)
    _settle(cart, account, by)
    return fix


def close(cart_id: int, version: int) -> bool:
    """Make the cart the key of its order: true for one caller only, and only at this version (R42)."""
    closed = db.session.execute(
        sa.update(Cart)
        .where(Cart.id == cart_id, Cart.state == CartState.OPEN, Cart.version == version)
        .values(state=CartState.ORDERED)
        .execution_options(synchronize_session="fetch")
    )
    return bool(closed.rowcount == 1)  # type: ignore[attr-defined]


def header(account_id: int) -> tuple[int, int]:
    """How many titles the open cart holds, and its total TTC in cents, as of its last change."""
    query = sa.select(Cart.line_count, Cart.gross_cents)
    row = db.session.execute(
        query.where(Cart.account_id == account_id, Cart.state == CartState.OPEN)
    ).one_or_none()
    return (row.line_count, row.gross_cents) if row else (0, 0)


def _open(account_id: int) -> sa.Select[Cart]:
    return (
        sa.select(Cart)
        .where(Cart.account_id == account_id, Cart.state == CartState.OPEN)
        .options(joinedload(Cart.address))
        .execution_options(populate_existing=True)
    )


def _account(by: User) -> Account:
    if by.account is None:
        raise TypeError("only people of a shop have a cart")
    return by.account


def _kept(title: Title, quantity: int, policy: BackorderPolicy) -> int:
    at_once = rules.copies_at_once(title.availability, title.stock, quantity)
    return rules.quantity_kept(quantity, at_once, policy)


def _amounts(
    title: Title, quantity: int, price: int, account: Account, destination: Territory
) -> dict[str, int]:
    """What a line keeps; the price is the one seen: a new one is shown before it is taken."""
    return {
        "quantity": quantity,
        "price_cents": price,
        "vat_bp": delivery_rules.vat_rate(title.vat_bp, destination, bool(account.vat_number)),
        "line_cents": rules.line_amount(quantity, price, title.vat_bp, account.discount_bp),
        "weight_g": quantity * delivery_rules.copy_weight(title.weight_g, title.pages, title.form),
    }


def _upsert(rows: Sequence[dict[str, Any]]) -> None:
    """Write lines in few statements; the cart is locked, so their sums are right."""
    for start in range(0, len(rows), _ROWS_A_STATEMENT):
        statement = database.insert(CartLine).values(rows[start : start + _ROWS_A_STATEMENT])
        replaced = {name: statement.excluded[name] for name in (*_SUMMED, "backorder_policy")}
        db.session.execute(
            statement.on_conflict_do_update(index_elements=["cart_id", "title_id"], set_=replaced)
        )


def _apply(line: CartLine, change: LineChange, account: Account, destination: Territory) -> None:
    if change.policy is not None:
        line.backorder_policy = change.policy
    quantity = line.quantity if change.quantity is None else change.quantity
    kept = _kept(line.title, quantity, line.backorder_policy)
    for name, value in _amounts(line.title, kept, line.price_cents, account, destination).items():
        setattr(line, name, value)


def _choose(cart: Cart, choices: Choices, account: Account) -> None:
    before = territory(cart, account)
    if (choices.deliver_by, choices.mode) != (cart.deliver_by, cart.mode):
        cart.deliver_by_is_request = False
    cart.mode = choices.mode
    cart.deliver_by, cart.not_before = choices.deliver_by, choices.not_before
    cart.own_reference, cart.comment = choices.own_reference, choices.comment
    if choices.address_id != cart.address_id:
        cart.address = next(
            (row for row in deliveries.addresses(account.id) if row.id == choices.address_id), cart.address
        )
    _tax(cart, account, before)


def _tax(cart: Cart, account: Account, before: Territory) -> None:
    """Give every line the rates of the place where the goods now go."""
    destination = territory(cart, account)
    if destination is before:
        return
    products = sa.select(Title.vat_bp).join(CartLine, CartLine.title_id == Title.id)
    for product_bp in db.session.scalars(products.where(CartLine.cart_id == cart.id).distinct()).all():
        rate = delivery_rules.vat_rate(product_bp, destination, bool(account.vat_number))
        titles = sa.select(Title.id).where(Title.vat_bp == product_bp)
        db.session.execute(
            sa.update(CartLine)
            .where(CartLine.cart_id == cart.id, CartLine.title_id.in_(titles))
            .values(vat_bp=rate)
            .execution_options(synchronize_session=False)
        )


def _accept(cart: Cart, account: Account, shown: Mapping[str, int]) -> None:
    if not shown:
        return
    changed = sa.select(CartLine).join(CartLine.title).options(contains_eager(CartLine.title))
    destination = territory(cart, account)
    for line in db.session.scalars(
        changed.where(CartLine.cart_id == cart.id, Title.price_cents != CartLine.price_cents)
    ):
        price = line.title.price_cents
        if price is not None and shown.get(line.title.isbn) == price:
            line.price_cents = price
            _apply(line, LineChange(), account, destination)


def _titles_of(isbns: Sequence[str]) -> sa.Select[int]:
    return sa.select(Title.id).where(Title.isbn.in_(isbns))


def _remove(cart: Cart, isbns: Sequence[str]) -> None:
    if isbns:
        db.session.execute(
            sa.delete(CartLine)
            .where(CartLine.cart_id == cart.id, CartLine.title_id.in_(_titles_of(isbns)))
            .execution_options(synchronize_session=False)
        )


def _note_apart(cart: Cart, isbns: Sequence[str]) -> None:
    if isbns:
        db.session.execute(
            sa.update(CartLine)
            .where(CartLine.cart_id == cart.id, CartLine.title_id.in_(_titles_of(isbns)))
            .values(noted_apart=True, backorder_policy=BackorderPolicy.NOTE)
            .execution_options(synchronize_session=False)
        )


def _settle(cart: Cart, account: Account, by: User) -> CartOverview:
    """End a change: version, who and when, and what the header shows."""
    now = clock.now()
    result = overview(cart, account, now, shown=())
    cart.version += 1
    cart.updated_at, cart.updated_by = now, by.name
    cart.line_count, cart.gross_cents = result.title_count, result.totals.gross_cents
    return result
