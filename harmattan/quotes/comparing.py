"""Quotes and offers as `pricing` sees them: parts, the carriage of the day they were made, columns."""

import datetime as dt
from collections.abc import Collection, Sequence

import sqlalchemy as sa

from harmattan.catalogue.models import Title
from harmattan.core import clock, vat
from harmattan.core.extensions import db
from harmattan.core.terms import PaymentTerm
from harmattan.deliveries import service as deliveries
from harmattan.quotes import pricing
from harmattan.quotes.models import Offer, OfferPart, Quote, QuoteLine
from harmattan.quotes.pricing import Carriage, Comparison, Part, Wish
from harmattan.quotes.proposals import Granted

NOTHING: frozenset[int] = frozenset()


def part(line: QuoteLine, quantity: int, price_cents: int, discount_bp: int) -> Part:
    """Copies of this line at a price and a discount."""
    return Part(quantity, price_cents, line.product_vat_bp, line.vat_bp, discount_bp)


def of_request(quote: Quote, today: dt.date) -> Comparison:
    """What was asked for beside what is usual, at the prices of the request."""
    parts = [part(line, line.quantity, line.price_cents, quote.discount_bp) for line in quote.lines]
    return _compared(quote, parts, Carriage(quote.carriage_cents, _carriage_rate(quote)), None, today)


def of_offer(offer: Offer, today: dt.date, set_aside: Collection[int] = NOTHING) -> Comparison:
    """What was granted beside what was asked for and what is usual, without the parts set aside.

    Carriage is by the tariff of the day on which the offer was made: it binds us (R84).
    """
    made_on = clock.in_paris(offer.made_at).date()
    return of_parts(offer.quote, kept_parts(offer, set_aside), offer.term, made_on, today)


def of_parts(
    quote: Quote, parts: Sequence[OfferPart], term: PaymentTerm, tariff_day: dt.date, today: dt.date
) -> Comparison:
    """These parts, granted at this term, with carriage by the tariff of that day."""
    fee = _carriage(quote, sum(weight(each) for each in parts), tariff_day)
    priced = [part(each.line, each.quantity, each.price_cents, each.discount_bp) for each in parts]
    return _compared(quote, priced, fee, term, today)


def _compared(
    quote: Quote, parts: Sequence[Part], fee: Carriage, granted: PaymentTerm | None, today: dt.date
) -> Comparison:
    usual = (quote.discount_bp, quote.payment_term)
    wish = Wish(quote.wished_discount_bp, quote.wished_term)
    return pricing.compare(parts, fee, usual, wish, granted, today)


def drafted(quote: Quote, granted: Sequence[Granted]) -> list[OfferPart]:
    """The parts as an offer would have them now, at the public prices in force (loi 81-766)."""
    titles = [line.title_id for line in quote.lines]
    known = db.session.execute(sa.select(Title.id, Title.price_cents).where(Title.id.in_(titles)))
    prices = {row.id: row.price_cents for row in known}
    return [
        OfferPart(
            position=position,
            line=each.line,
            quantity=each.quantity,
            price_cents=prices[each.line.title_id] or each.line.price_cents,
            discount_bp=each.discount_bp,
        )
        for position, each in enumerate(granted, start=1)
    ]


def kept_parts(offer: Offer, set_aside: Collection[int] = NOTHING) -> list[OfferPart]:
    """The parts of an offer but those at these positions."""
    return [each for each in offer.parts if each.position not in set_aside]


def weight(each: OfferPart) -> int:
    """What these copies weigh, in grams."""
    return each.line.weight_g // each.line.quantity * each.quantity


def _carriage(quote: Quote, weight_g: int, day: dt.date) -> Carriage:
    found = deliveries.fee(quote.mode, quote.territory, weight_g, day)
    return Carriage(found.fee_cents, _carriage_rate(quote))


def _carriage_rate(quote: Quote) -> int:
    return vat.rate(vat.FULL_RATE_BP, quote.territory, quote.account.vat_number)
