"""Place an order: a cart becomes one, once (R37, R42); prices, texts and addresses as they are now."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from harmattan.access.models import User
from harmattan.cart import service as carts
from harmattan.cart.models import Cart
from harmattan.cart.overview import CartOverview
from harmattan.cart.rules import CartState
from harmattan.catalogue.rules import fold
from harmattan.core import clock, numbering
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.orders import checked, lookups, snapshots
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
    refuse_a_second_order(cart)
    try:
        seen = take(cart, by, version=version, shown=shown, became=CartState.ORDERED)
    except CheckAgain:
        refuse_a_second_order(cart)
        raise
    order = record(by, snapshots.of_cart(seen), snapshots.of_lines(seen), cart_id=cart.id)
    note(order, Action.PLACE, by, f"Confirmation par courriel à {by.email}")
    confirm(order, by)
    return order


def refuse_a_second_order(cart: Cart) -> None:
    """Raise `AlreadyOrdered` where the cart is an order."""
    if earlier := lookups.of_cart(cart.id):
        raise AlreadyOrdered(earlier.reference)


def take(cart: Cart, by: User, *, version: int, shown: checked.Checked, became: CartState) -> CartOverview:
    """Close a cart that is still what the check page showed, for one caller only; else `CheckAgain`."""
    if by.account is None:
        raise TypeError("only people of a shop have a cart")
    seen = carts.overview(cart, by.account, clock.now())
    differences = checked.differences(shown, seen)
    if seen.problems or differences or version != cart.version:
        raise CheckAgain(differences)
    if not carts.close(cart.id, cart.version, became):
        raise CheckAgain([])
    return seen


def record(by: User, facts: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], **own: Any) -> Order:
    """Write down a new order: what was copied of its cart (`snapshots`), and what is the order's own."""
    now = clock.now()
    order = Order(
        **facts,
        **own,
        reference=numbering.next_reference("CMD", clock.today()),
        account_id=by.account_id,
        placed_by_id=by.id,
        placed_at=now,
        status=Status.RECORDED,
        status_since=now,
        folded_own_reference=fold(facts["own_reference"]),
        urgent_date_state=UrgentDateState.REQUESTED if facts["deliver_by"] else UrgentDateState.NONE,
    )
    db.session.add(order)
    db.session.flush()
    write_lines(order, lines)
    return order


def write_lines(order: Order, lines: Sequence[Mapping[str, Any]]) -> None:
    """All of them in one statement, as rows and not as objects: an order may have hundreds."""
    ids = {"order_id": order.id, "account_id": order.account_id}
    db.session.execute(sa.insert(_LINES), [{**line, **ids} for line in lines])


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
