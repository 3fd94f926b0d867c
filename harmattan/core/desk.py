"""When our phones are answered: desk hours on working days, Paris time (R105)."""

import datetime as dt
from collections.abc import Callable

from harmattan.core import clock, dates
from harmattan.core.settings import House
from harmattan.core.typography import date_weekday, time_text

HouseOn = Callable[[dt.date], House]
"""The facts in force on a day: hours that begin tomorrow are tomorrow's."""


def is_open(now: dt.datetime, house: House) -> bool:
    """Whether somebody answers now."""
    wall = clock.in_paris(now)
    return (
        dates.is_working_day(wall.date(), house.closing_days)
        and house.desk_opens <= wall.time() < house.desk_closes
    )


def next_opening(now: dt.datetime, house_on: HouseOn) -> dt.datetime:
    """When somebody answers again: now while the desk is open."""
    wall = clock.in_paris(now)
    today = house_on(wall.date())
    if is_open(now, today):
        return now
    first = wall.date() if wall.time() < today.desk_opens else wall.date() + dt.timedelta(days=1)
    day = dates.next_working_day(first, today.closing_days)
    return clock.at_paris(day, house_on(day).desk_opens)


def hours_text(house: House) -> str:
    """« du lundi au vendredi, de 9 h à 17 h »"""
    return f"du lundi au vendredi, de {time_text(house.desk_opens)} à {time_text(house.desk_closes)}"


def opening_text(now: dt.datetime, house_on: HouseOn) -> str:
    """« ouvert jusqu’à 17 h » or « fermé, réouverture lundi à 9 h »."""
    today = clock.in_paris(now).date()
    if is_open(now, house_on(today)):
        return f"ouvert jusqu’à {time_text(house_on(today).desk_closes)}"
    opening = next_opening(now, house_on)
    day = _day_text(clock.in_paris(opening).date(), today)
    return f"fermé, réouverture {day} à {time_text(opening)}"


def _day_text(day: dt.date, today: dt.date) -> str:
    ahead = (day - today).days
    if ahead < 2:
        return ("aujourd’hui", "demain")[ahead]
    return dates.WEEKDAYS[day.weekday()] if ahead < 7 else f"le {date_weekday(day)}"
