"""What people do to the cart. Every change raises its version and says who made it (F16)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import sqlalchemy as sa

from harmattan.access.models import Account, User
from harmattan.cart import lookups, rules
from harmattan.cart.lookups import Line
from harmattan.cart.models import Cart, CartLine
from harmattan.cart.overview import CartOverview, overview, territory
from harmattan.cart.rules import BackorderPolicy, CartState, Choices, LineChange
from harmattan.catalogue.models import Title
from harmattan.catalogue.rules import Availability
from harmattan.core import clock, database, vat
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.places import Territory
from harmattan.deliveries import rules as delivery_rules
from harmattan.deliveries import service as deliveries
from harmattan.deliveries.models import DeliveryAddress
from harmattan.deliveries.two_dates import Fix

__all__ = ["CartOverview", "Choices", "LineChange", "overview", "territory"]

_ROWS_A_STATEMENT = 500
_KEPT = ("quantity", "price_cents", "vat_bp", "line_cents", "weight_g", "backorder_policy")
"""What a change of a line rewrites."""


class NotOrderable(Refusal):
    """The title cannot stand on an order."""

    title = "Ce titre ne peut pas être commandé"

    def __init__(self, title: Title):
        super().__init__(rules.not_orderable(title.title, title.availability))


def open_cart(account_id: int) -> Cart:
    """The account's open cart, made when absent; locked until the commit."""
    cart = lookups.current(account_id, locked=True)
    if cart is None:
        usual = sa.select(DeliveryAddress.id).where(DeliveryAddress.account_id == account_id)
        by_use = usual.order_by(DeliveryAddress.is_default.desc(), DeliveryAddress.id).limit(1)
        values = {"account_id": account_id, "address_id": by_use.scalar_subquery()}
        db.session.execute(
            database.insert(Cart)
            .values(**values)
            .on_conflict_do_nothing(index_elements=["account_id"], index_where=sa.text("state = 'open'"))
        )
        cart = lookups.current(account_id, locked=True)
    return cast("Cart", cart)


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
        copies = _kept(title.availability, title.stock, min(there + quantity, rules.MAXIMUM_QUANTITY), chosen)
        weight_g = delivery_rules.copy_weight(title.weight_g, title.pages, title.form)
        facts = _amounts(copies, price, title.vat_bp, weight_g, account, destination)
        rows.append(
            facts
            | {"cart_id": cart.id, "title_id": title.id, "backorder_policy": chosen, "added_by": by.name}
        )
    _upsert(rows)
    return _settle(cart, account, by)


def change_line(cart: Cart, line: Line, change: LineChange, by: User) -> tuple[Line, CartOverview]:
    """Another quantity or another way with what is missing."""
    account = _account(by)
    changed = _changed(line, change, account, territory(cart, account))
    _keep([changed])
    return changed, _settle(cart, account, by)


def save(
    cart: Cart,
    by: User,
    choices: Choices,
    changes: Iterable[tuple[Line, LineChange]] = (),
    prices_seen: Mapping[str, int] | None = None,
) -> CartOverview:
    """Keep everything the cart's form says (R43, R54, R61, R87)."""
    account = _account(by)
    _choose(cart, choices, account)
    destination = territory(cart, account)
    _keep([_changed(line, change, account, destination) for line, change in changes])
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


def close(cart_id: int, version: int, became: CartState = CartState.ORDERED) -> bool:
    """Make the cart the key of what it became: true for one caller only, and only at this version (R42)."""
    closed = db.session.execute(
        sa.update(Cart)
        .where(Cart.id == cart_id, Cart.state == CartState.OPEN, Cart.version == version)
        .values(state=became)
        .execution_options(synchronize_session="fetch")
    )
    return bool(closed.rowcount == 1)  # type: ignore[attr-defined]


def _account(by: User) -> Account:
    if by.account is None:
        raise TypeError("only people of a shop have a cart")
    return by.account


def _kept(availability: Availability, stock: int, quantity: int, policy: BackorderPolicy) -> int:
    at_once = rules.copies_at_once(availability, stock, quantity)
    return rules.quantity_kept(quantity, at_once, policy)


def _amounts(
    quantity: int,
    price: int,
    product_vat_bp: int,
    copy_weight_g: int,
    account: Account,
    destination: Territory,
) -> dict[str, Any]:
    """What a line keeps; the price is the one seen: a new one is shown before it is taken."""
    return {
        "quantity": quantity,
        "price_cents": price,
        "vat_bp": vat.rate(product_vat_bp, destination, account.vat_number),
        "line_cents": rules.line_amount(quantity, price, product_vat_bp, account.discount_bp),
        "weight_g": quantity * copy_weight_g,
    }


def _upsert(rows: Sequence[dict[str, Any]]) -> None:
    """Write lines in few statements; the cart is locked, so their sums are right."""
    for start in range(0, len(rows), _ROWS_A_STATEMENT):
        statement = database.insert(CartLine).values(rows[start : start + _ROWS_A_STATEMENT])
        replaced = {name: statement.excluded[name] for name in _KEPT}
        db.session.execute(
            statement.on_conflict_do_update(index_elements=["cart_id", "title_id"], set_=replaced)
        )


def _changed(line: Line, change: LineChange, account: Account, destination: Territory) -> Line:
    """The line as it is to be kept."""
    policy = change.policy or line.backorder_policy
    quantity = line.quantity if change.quantity is None else change.quantity
    kept = _kept(line.availability, line.stock, quantity, policy)
    weight_g = delivery_rules.copy_weight(line.copy_weight_g, line.pages, line.form)
    amounts = _amounts(kept, line.price_cents, line.product_vat_bp, weight_g, account, destination)
    return line._replace(backorder_policy=policy, **amounts)


def _keep(lines: Sequence[Line]) -> None:
    """Write what may have changed of lines, in one statement."""
    if lines:
        rows = [{name: getattr(line, name) for name in ("id", *_KEPT)} for line in lines]
        db.session.execute(sa.update(CartLine), rows)


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
        rate = vat.rate(product_bp, destination, account.vat_number)
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
    destination = territory(cart, account)
    accepted = [
        _changed(line._replace(price_cents=line.price_now or 0), LineChange(), account, destination)
        for line in lookups.lines_whose_price_changed(cart)
        if shown.get(line.isbn) == line.price_now
    ]
    _keep(accepted)


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
