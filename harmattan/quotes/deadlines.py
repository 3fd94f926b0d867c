"""Until when an offer can be accepted so that the books still arrive in time."""

import datetime as dt

from harmattan.core import clock, dates
from harmattan.core.settings import house
from harmattan.deliveries import service as deliveries
from harmattan.quotes import granting
from harmattan.quotes.models import Quote


def last_day(quote: Quote) -> dt.date | None:
    """The last day on which accepting lets the books arrive in time; None where nothing hurries."""
    needed = [quote.deliver_by] if quote.deliver_by else []
    if quote.event_on:
        needed.append(quote.event_on - dt.timedelta(days=1))
    if not needed:
        return None
    promise = deliveries.delays()
    lead = promise.preparation_days + promise.transit_days.get(quote.mode.value, 0)
    return granting.last_day_for(min(needed), lead, promise.closed)


def usual_last_day(quote: Quote) -> dt.date:
    """How long an offer is open unless sales say otherwise; never so long that the books come too late."""
    usual = dates.add_working_days(clock.today(), house().quote_valid_days, house().closing_days)
    last = last_day(quote)
    return min(usual, last) if last and last >= clock.today() else usual
