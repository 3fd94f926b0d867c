"""Other terms after an acceptance: the order of the quote may still change, or no more (J7, R51)."""

from collections import Counter

from harmattan.core.errors import Refusal
from harmattan.orders import lookups as orders
from harmattan.orders.models import Order
from harmattan.quotes.models import Quote


class OrderIsFinal(Refusal):
    """The order of an accepted quote is validated or cancelled: its terms change no more (R51)."""

    title = "La commande de ce devis ne change plus"


class OrderHasChanged(Refusal):
    """The order is no longer what was accepted: sales change it with the shop, on its own page."""

    title = "La commande de ce devis a été modifiée"


def is_possible(quote: Quote) -> bool:
    """Whether other terms can still be offered for what was accepted."""
    try:
        return order_to_change(quote) is not None
    except Refusal:
        return False


def order_to_change(quote: Quote) -> Order | None:
    """The quote's order, where an acceptance changes it; None where it makes it.

    Raises `OrderIsFinal` or `OrderHasChanged`.
    """
    order = orders.of_cart(quote.cart_id)
    if order is None:
        return None
    named = f"La commande {order.reference} est « {order.status.label} »"
    if not order.status.may_change:
        raise OrderIsFinal(
            f"{named} : ses conditions ne changent plus. Pour d’autres exemplaires, la librairie fait une"
            " nouvelle demande."
        )
    if not _is_as_accepted(quote, order):
        raise OrderHasChanged(f"{named} et n’est plus celle du devis : elle se modifie sur sa propre page.")
    return order


def _is_as_accepted(quote: Quote, order: Order) -> bool:
    accepted = quote.accepted_offer
    kept = [part for part in accepted.parts if not part.is_set_aside] if accepted else []
    agreed = Counter((part.line.title_id, part.quantity, part.discount_bp) for part in kept)
    present = Counter((line.title_id, line.quantity, line.discount_bp) for line in order.lines)
    return agreed == present and (order.mode, order.territory) == (quote.mode, quote.territory)
