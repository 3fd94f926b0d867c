"""The open cart as it is read once more before it is sent: as an order, or as a request for a quote."""

import datetime as dt
from typing import Any

from harmattan.access.models import Account
from harmattan.cart import lookups as cart_lookups
from harmattan.cart import page as cart_page
from harmattan.cart import service as carts
from harmattan.core import clock
from harmattan.core.settings import house
from harmattan.orders import checked, lookups


def context(account: Account) -> dict[str, Any]:
    """What the templates of the check page need; `seen` is None where the cart is empty."""
    cart = cart_lookups.current(account.id)
    seen = carts.overview(cart, account, clock.now()) if cart else None
    since = clock.now() - dt.timedelta(days=house().recent_order_days)
    shown = seen.lines[: lookups.LINES_A_PAGE] if seen else ()
    isbns = [line.isbn for line in shown]
    return {
        "seen": seen if isbns else None,
        "taken_down": checked.written(checked.taken_down(seen)) if seen else "",
        "prices_to_come": cart_lookups.prices_to_come(seen.cart, seen.earliest) if seen else [],
        "ordered_before": lookups.of_isbns(account.id, isbns, since) if isbns else {},
        "entries": [cart_page.entry(line, account.discount_bp) for line in shown],
    }
