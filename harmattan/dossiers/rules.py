"""What a dossier holds, and how its files are called. Pure: `today` is passed in."""

import datetime as dt
import enum

from harmattan.core.terms import months_later
from harmattan.core.typography import date_short, month_name

MONTHS_OFFERED = 24
MOST_DOCUMENTS = 500
"""In one dossier: some twenty minutes of printing."""


class Contents(enum.StrEnum):
    MONTH = "month"
    CHOSEN = "chosen"
    STATEMENT = "statement"

    def heading(self, first: dt.date, last: dt.date) -> str:
        """« Dossier de septembre 2026 »"""
        if self is Contents.MONTH:
            return f"Dossier {of_month(first)}"
        period = f"du {date_short(first)} au {date_short(last)}"
        return f"Relevé {period}" if self is Contents.STATEMENT else f"Documents choisis, {period}"


def of_month(first: dt.date) -> str:
    """« de septembre 2026 », « d’octobre 2026 »"""
    name = month_name(first)
    return f"d’{name}" if name[0] in "ao" else f"de {name}"


def month(text: str, today: dt.date) -> tuple[dt.date, dt.date] | None:
    """The days of the month « 2026-09 »; None where it is none, or has not begun."""
    try:
        first = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return (first, months_later(first, 0, 31)) if first <= today else None


def months(today: dt.date) -> list[dt.date]:
    """The first days of the months on offer, the latest first."""
    return [months_later(today, -back, 1) for back in range(MONTHS_OFFERED)]


def duplicate_name(issued_on: dt.date, number: str) -> str:
    """« 2026-09_FA-2026-000123.pdf »: sorted by month, whatever the folder."""
    return f"{issued_on:%Y-%m}_{number}.pdf"
