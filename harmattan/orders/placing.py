"""Place an order: a cart becomes one, once (R37, R42); prices, texts and addresses as they are now."""

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from harmattan.access.models import Account, User
from harmattan.cart import service as carts
from harmattan.cart.lookups import Line
from harmattan.cart.models import Cart
from harmattan.cart.overview import CartOverview
from harmattan.catalogue.rules import fold
from harmattan.core import clock, money, numbering
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.orders import checked, lookups
from harmattan.orders.models import Order, OrderLine
from harmattan.orders.rules import Action, Status, UrgentDateState
from harmattan.orders.service import note, standing_of
from harmattan.outbox import service as outbox

_LINES: Any = OrderLine.__table__


class CheckAgain(Refusal):
    """The cart is not, or no longer, what the check page showed, or cannot be ordered as it is."""

    title = "La commande n’est pas partie"

    def __init__(self, differences: list[str]):
        super().__init__("Le panier a changé depuis votre vérification : relisez-le avant de commander.")
        self.differences = differences


class AlreadyOrdered(Refusal):
    """The cart is an order already: `reference` is that one's."""

    def __init__(self, reference: str):
        super().__init__(f"Ce panier est déjà la commande {reference}.")
        self.reference = reference


def place(cart: Cart, by: User, *, version: int, shown: checked.Checked) -> Order:
    """Turn a cart into its order, once (R37, R42): prices, texts and addresses are copied as they are now.

    Raises `AlreadyOrdered` where it was ordered before, or at the same moment; `CheckAgain` where it has
    changed since the check page showed it or something forbids ordering. The mail goes to the person
    who orders.
    """
    account = by.account
    if account is None:
        raise TypeError("only people of a shop place orders")
    _refuse_a_second_order(cart)
    seen = carts.overview(cart, account, clock.now())
    titles = {line.isbn: line.full_title for line in seen.lines}
    differences = checked.differences(shown, checked.taken_down(seen), titles)
    if seen.problems or differences or version != cart.version:
        raise CheckAgain(differences)
    if not carts.close(cart.id, cart.version):
        _refuse_a_second_order(cart)
        raise CheckAgain([])
    order = _record(seen, account, by)
    _copy_lines(order, seen, account)
    note(order, Action.PLACE, by, f"Confirmation par courriel à {by.email}")
    confirm(order, by)
    return order


def _refuse_a_second_order(cart: Cart) -> None:
    if earlier := lookups.of_cart(cart.id):
        raise AlreadyOrdered(earlier.reference)


def _record(seen: CartOverview, account: Account, by: User) -> Order:
    cart, now = seen.cart, clock.now()
    order = Order(
        reference=numbering.next_reference("CMD", clock.today()),
        account_id=account.id,
        cart_id=cart.id,
        placed_by_id=by.id,
        placed_at=now,
        status=Status.RECORDED,
        status_since=now,
        own_reference=cart.own_reference,
        folded_own_reference=fold(cart.own_reference),
        comment=cart.comment,
        mode=cart.mode,
        territory=seen.territory,
        address=seen.delivery_address,
        deliver_by=cart.deliver_by,
        urgent_date_state=UrgentDateState.REQUESTED if cart.deliver_by else UrgentDateState.NONE,
        not_before=cart.not_before,
        discount_bp=account.discount_bp,
        payment_term=account.payment_term,
        goods_cents=seen.totals.goods_cents,
        carriage_cents=seen.carriage_cents,
        vat=[asdict(share) for share in seen.totals.vat],
        gross_cents=seen.totals.gross_cents,
        line_count=seen.title_count,
        copy_count=seen.copies,
        weight_g=seen.weight_g,
    )
    db.session.add(order)
    db.session.flush()
    return order


def _copy_lines(order: Order, seen: CartOverview, account: Account) -> None:
    """All lines in one statement, as rows and not as objects: an order may have hundreds."""
    rows = [_copy(line, account) | {"order_id": order.id, "account_id": account.id} for line in seen.lines]
    db.session.execute(sa.insert(_LINES), rows)


def _copy(line: Line, account: Account) -> dict[str, Any]:
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
        "vat_bp": line.vat_bp,
        "discount_bp": account.discount_bp,
        "net_unit_micros": int(unit * 1_000_000),
        "line_cents": line.amount_cents(account.discount_bp),
        "weight_g": line.weight_g,
    }


def confirm(order: Order, by: User) -> None:
    """Tell whoever ordered that the order is recorded (R37)."""
    outbox.queue(
        "order_recorded",
        by.email,
        service=Service.SALES,
        account_id=order.account_id,
        reference=order.reference,
        order=order,
        standing=standing_of(order),
    )
