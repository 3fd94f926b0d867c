"""A month's documents, asked for by Lucie: the worker makes them as soon as it runs."""

import datetime as dt

from harmattan.core import clock
from harmattan.core.terms import months_later
from harmattan.demo.people import Cast
from harmattan.dossiers import service

_F4_DAYS_AGO = 69
"""The invoice that the journeys look at (`demo.documents`)."""


def add(cast: Cast) -> None:
    """The month of F4."""
    first = (clock.today() - dt.timedelta(days=_F4_DAYS_AGO)).replace(day=1)
    service.of_month(cast.grand_large, first, months_later(first, 0, 31), cast.lucie)
