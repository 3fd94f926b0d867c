"""Ask for a quote: a cart becomes a request, once; the shop has a fresh cart (R44–R48)."""

from collections.abc import Sequence

import sqlalchemy as sa

from harmattan.access.models import User
from harmattan.cart import service as carts
from harmattan.cart.models import Cart
from harmattan.cart.rules import MAXIMUM_QUANTITY, CartState
from harmattan.catalogue.models import Title
from harmattan.conversations import rules as clocks
from harmattan.core import clock, numbering
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.core.settings import house
from harmattan.orders import checked, placing, snapshots
from harmattan.quotes import lookups
from harmattan.quotes.models import Quote, QuoteLine
from harmattan.quotes.proposals import Ask
from harmattan.quotes.rules import Action, Status
from harmattan.quotes.service import note, tell


class AlreadyRequested(Refusal):
    """The cart is a request already: `reference` is that one's."""

    def __init__(self, reference: str):
        super().__init__(f"Ce panier est déjà la demande de devis {reference}.")
        self.reference = reference


def request(cart: Cart, by: User, ask: Ask, *, version: int, shown: checked.Checked) -> Quote:
    """Turn a cart into a request for a quote, once: nothing is ordered, shipped or invoiced (R48).

    Raises `AlreadyRequested`, or `placing.AlreadyOrdered`, where the cart was closed before or at the same
    moment; `placing.CheckAgain` where it is not what was shown. The mail goes to the person who asks.
    """
    _refuse_a_second(cart)
    try:
        seen = placing.take(cart, by, version=version, shown=shown, became=CartState.QUOTED)
    except placing.CheckAgain:
        _refuse_a_second(cart)
        raise
    facts = snapshots.of_cart(seen) | {"comment": ask.comment}
    quote = _write(cart, by, ask, facts, snapshots.of_lines(seen))
    note(quote, Action.REQUEST, by.name, ask.comment)
    tell(quote, "quote_requested")
    return quote


def _refuse_a_second(cart: Cart) -> None:
    if earlier := lookups.of_cart(cart.id):
        raise AlreadyRequested(earlier.reference)
    placing.refuse_a_second_order(cart)


def _write(
    cart: Cart, by: User, ask: Ask, facts: dict[str, object], lines: Sequence[dict[str, object]]
) -> Quote:
    now = clock.now()
    quote = Quote(
        **facts,
        reference=numbering.next_reference("DEV", clock.today()),
        account_id=by.account_id,
        cart_id=cart.id,
        requested_by=by,
        requested_at=now,
        status=Status.REQUESTED,
        status_since=now,
        answer_by=clocks.answer_by(now, Service.SALES, house()),
        event_kind=ask.event_kind,
        event_name=ask.event_name,
        event_on=ask.event_on,
        wished_discount_bp=ask.discount_bp,
        wished_term=ask.term,
    )
    db.session.add(quote)
    db.session.flush()
    db.session.execute(sa.insert(QuoteLine), [{**line, "quote_id": quote.id} for line in lines])
    return quote


def ask_again(quote: Quote, by: User) -> list[str]:
    """Put the quote's titles into the open cart, for a new request; answers the titles that cannot be had."""
    if by.account_id is None:
        raise TypeError("only people of a shop have a cart")
    wanted: dict[int, int] = {}
    for line in quote.lines:
        wanted[line.title_id] = min(wanted.get(line.title_id, 0) + line.quantity, MAXIMUM_QUANTITY)
    titles = db.session.scalars(sa.select(Title).where(Title.id.in_(wanted))).all()
    cart = carts.open_cart(by.account_id)
    carts.add(cart, {title: wanted[title.id] for title in titles if title.is_orderable}, by)
    if not cart.comment:
        cart.comment = quote.comment
    return [title.title for title in titles if not title.is_orderable]
