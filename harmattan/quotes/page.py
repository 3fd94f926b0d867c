"""What a quote's page shows: three columns, line by line, and what may be done now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import joinedload, selectinload

from harmattan.conversations import scope as conversations
from harmattan.core import clock
from harmattan.core.paging import Sheet
from harmattan.orders import lookups as orders
from harmattan.outbox import service as outbox
from harmattan.quotes import comparing, deadlines, rules, service, versions
from harmattan.quotes.models import Offer, OfferPart, Quote, QuoteLine
from harmattan.quotes.pricing import Comparison
from harmattan.quotes.rules import Outcome, Status

LINES_A_PAGE = 300

OPTIONS = (
    joinedload(Quote.account),
    joinedload(Quote.requested_by),
    selectinload(Quote.lines),
    selectinload(Quote.offers).selectinload(Offer.parts).joinedload(OfferPart.line),
    selectinload(Quote.events),
)
"""Everything the page reads, in a constant number of statements."""


@dataclass(frozen=True)
class Row:
    """A part of the offer, or before any offer a line of the request; amounts HT."""

    line: QuoteLine
    position: int
    quantity: int
    price_cents: int
    discount_bp: int
    usual_cents: int | None
    """None, as the other amounts, where the shop sets the line aside."""
    wished_cents: int | None
    granted_cents: int | None
    differs: bool
    """Granted another discount than was asked for."""

    @property
    def is_set_aside(self) -> bool:
        return self.usual_cents is None


def shown_offer(quote: Quote) -> Offer | None:
    """The offer that the page is about: the one that waits, else the accepted one, else the last."""
    waiting = quote.open_offer
    if waiting and quote.status is Status.ACCEPTED and not rules.is_open(waiting.valid_until, clock.today()):
        waiting = None
    return waiting or quote.accepted_offer or quote.last_offer


def total_cents(quote: Quote) -> int:
    """TTC, of what the page is about: of an accepted offer what was kept."""
    offer = shown_offer(quote)
    if offer is None:
        return quote.gross_cents
    return offer.gross_cents if offer.kept_cents is None else offer.kept_cents


def context(quote: Quote, set_aside: Collection[int], page: int) -> dict[str, Any]:
    """Everything that the templates of a quote's page need."""
    today, offer = clock.today(), shown_offer(quote)
    if offer and offer.outcome is not Outcome.OPEN:
        set_aside = [part.position for part in offer.parts if part.is_set_aside]
    comparison = comparing.of_offer(offer, today, set_aside) if offer else comparing.of_request(quote, today)
    rows = _rows(quote, offer, comparison, set_aside)
    kept = [row for row in rows if not row.is_set_aside]
    sheet = Sheet.of(page, len(rows), LINES_A_PAGE)
    return {
        "quote": quote,
        "phase": service.status_today(quote),
        "offer": offer,
        "comparison": comparison,
        "title_count": len({row.line.isbn for row in kept}),
        "copy_count": sum(row.quantity for row in kept),
        "rows": rows[sheet.offset : sheet.offset + LINES_A_PAGE],
        "set_aside": sorted(set_aside),
        "sheet": sheet,
        "may_decide": bool(
            offer and offer.outcome is Outcome.OPEN and rules.is_open(offer.valid_until, today)
        ),
        "date_is_over": bool(quote.deliver_by and quote.deliver_by < today),
        "last_day": deadlines.last_day(quote),
        "order": orders.of_cart(quote.cart_id),
        "steps": rules.timeline(quote.status, [(each.action, each.at, each.text) for each in quote.events]),
        "versions": versions.of(quote, today),
        "mails": outbox.about(quote.reference),
        "threads": conversations.about(quote.reference),
    }


def _rows(
    quote: Quote, offer: Offer | None, comparison: Comparison, set_aside: Collection[int]
) -> Sequence[Row]:
    kept = iter(range(len(comparison.parts)))
    if offer is None:
        return [_row(line, place, line, comparison, next(kept)) for place, line in enumerate(quote.lines, 1)]
    return [
        _row(part.line, part.position, part, comparison, None if part.position in set_aside else next(kept))
        for part in offer.parts
    ]


def _row(
    line: QuoteLine, position: int, said: OfferPart | QuoteLine, comparison: Comparison, place: int | None
) -> Row:
    """`place` is where the columns have it; None for what is set aside."""
    wish, granted = comparison.wish, comparison.granted
    return Row(
        line=line,
        position=position,
        quantity=said.quantity,
        price_cents=said.price_cents,
        discount_bp=said.discount_bp,
        usual_cents=None if place is None else comparison.usual.amounts[place],
        wished_cents=None if place is None or wish.discount_bp is None else comparison.wished.amounts[place],
        granted_cents=None if place is None or granted is None else granted.amounts[place],
        differs=granted is not None and wish.discount_bp not in (None, said.discount_bp),
    )
