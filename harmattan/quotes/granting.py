"""What may be granted: a discount, on how many copies, until when (R45–R49, J7). Pure.

The public price is the publisher's, fixed by the loi 81-766 for everybody: nothing here changes it. What is
asked and granted is the discount on it, and the time to pay.
"""

import datetime as dt
import re
from collections.abc import Collection, Sequence

from harmattan.core import dates
from harmattan.core.money import BASIS_POINTS, hundredths
from harmattan.core.typography import date_long, percent, plural

REMINDED_BEFORE = 2
"""Working days before the last one, when the shop is reminded of an offer."""


class Unreadable(ValueError):
    """What was typed means nothing here; the message says in French what to type."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


_RATE = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))?%?")


def parse_rate(text: str) -> int:
    """A discount as typed (« 40 », « 38,5 % »), in basis points; raises `Unreadable`."""
    match = _RATE.fullmatch("".join(text.split()))
    if match is None:
        raise Unreadable("Saisissez la remise en pour cent, par exemple 40 ou 38,5")
    rate = hundredths(match[1], match[2])
    if rate >= BASIS_POINTS:
        raise Unreadable("Saisissez une remise de moins de 100 %")
    return rate


def rate_fault(rate_bp: int, usual_bp: int) -> str:
    """Why this discount is none to ask for or to grant; nothing where it is."""
    if rate_bp < usual_bp:
        return f"La remise habituelle est de {percent(usual_bp)} : un devis ne la diminue pas"
    return ""


def split_fault(quantities: Sequence[int], asked: int) -> str:
    """Why these parts are not the line that was asked for; nothing where they are."""
    if sum(quantities) == asked:
        return ""
    return f"Répartissez {plural(asked, 'exemplaire')} : les quantités en font {sum(quantities)}"


def last_day_for(needed_by: dt.date, lead_days: int, closed: Collection[dt.date]) -> dt.date:
    """The last day on which accepting, even in the evening, lets the books arrive by then.

    `lead_days` are the working days of preparation and carriage.
    """
    day = dates.previous_working_day(needed_by, closed)
    for _ in range(lead_days + 1):
        day = dates.previous_working_day(day - dt.timedelta(days=1), closed)
    return day


def validity_fault(valid_until: dt.date, today: dt.date, last_day: dt.date | None) -> str:
    """Why an offer cannot be open until that day; nothing where it can."""
    if valid_until < today:
        return f"Choisissez une date de validité à partir du {date_long(today)}"
    if last_day and today <= last_day < valid_until:
        return (
            f"Choisissez une validité au plus tard le {date_long(last_day)} : acceptés après, les livres"
            " arriveraient trop tard"
        )
    return ""


def reminded_on(valid_until: dt.date, closed: Collection[dt.date]) -> dt.date:
    """The day on which the shop is reminded: two working days before the last one."""
    day = valid_until
    for _ in range(REMINDED_BEFORE):
        day = dates.previous_working_day(day - dt.timedelta(days=1), closed)
    return day
