"""What time does to offers: a reminder two working days before the last one, and the end (R49)."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.settings import house
from harmattan.core.typography import date_long
from harmattan.quotes import granting
from harmattan.quotes.models import Offer, Quote
from harmattan.quotes.rules import Action, Outcome, Status
from harmattan.quotes.service import PORTAL, act, tell

JOB = "quotes.offers"


def daily() -> None:
    """End the offers whose last day is over, remind shops of those that end soon; again it does nothing."""
    end()
    remind()
    db.session.commit()


def end() -> None:
    """Note down which offers are over; nobody could accept them since midnight anyway."""
    over = sa.select(Offer).where(Offer.outcome == Outcome.OPEN, Offer.valid_until < clock.today())
    for offer in db.session.scalars(over.options(joinedload(Offer.quote))):
        offer.outcome = Outcome.EXPIRED
        if offer.quote.status is Status.OFFERED:
            act(offer.quote, Action.EXPIRE, PORTAL, f"Valable jusqu’au {date_long(offer.valid_until)}")


def remind() -> None:
    """Write once to each shop whose offer ends in two working days (J7)."""
    today, closed = clock.today(), house().closing_days
    waiting = sa.select(Offer).where(
        Offer.outcome == Outcome.OPEN, Offer.valid_until >= today, Offer.reminded_at.is_(None)
    )
    quote = joinedload(Offer.quote).joinedload(Quote.requested_by)
    for offer in db.session.scalars(waiting.options(quote)):
        day = granting.reminded_on(offer.valid_until, closed)
        if clock.in_paris(offer.made_at).date() < day <= today:
            offer.reminded_at = clock.now()
            tell(offer.quote, "quote_reminder", offer=offer)
