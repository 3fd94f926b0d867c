"""« Date de livraison impérative » and « Pas de livraison avant le »: what the two allow (R54–R64, J6).

Pure. A verdict says in one sentence whether the wish may be sent, and which one-click fixes it offers.
"""

import datetime as dt
import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace

from harmattan.core import dates
from harmattan.core.typography import date_long, date_weekday, euros, plural
from harmattan.deliveries.rules import Delays, DeliveryMode, delivered_from

LATEST_WISH = dt.timedelta(days=731)
"""Two years: nothing further away is looked at."""

URGENT, DEFERRED = "deliver_by", "not_before"
"""The two fields."""

TO_CONFIRM = "possible, à confirmer par le service commercial"


class Finding(enum.StrEnum):
    """What is the matter with the two dates."""

    NO_DATE = "no_date"
    POSSIBLE = "possible"
    REQUESTED = "requested"
    TOO_FAR = "too_far"
    PAST = "past"
    CONTRADICTORY = "contradictory"
    NO_WORKING_DAY = "no_working_day"
    DAY_OFF = "day_off"
    TOO_EARLY = "too_early"
    LATE_TITLE = "late_title"

    @property
    def allows_ordering(self) -> bool:
        return self in (Finding.NO_DATE, Finding.POSSIBLE, Finding.REQUESTED)


@dataclass(frozen=True)
class Wish:
    """What the bookseller asks for."""

    mode: DeliveryMode
    deliver_by: dt.date | None = None
    not_before: dt.date | None = None
    is_request: bool = False
    """To be sent although the urgent date is not feasible as computed: sales will answer (R56)."""


@dataclass(frozen=True)
class Option:
    """One delivery mode as it stands for this cart."""

    mode: DeliveryMode
    fee_cents: int | None
    earliest: dt.date
    reason: str = ""


@dataclass(frozen=True)
class LateTitle:
    """A title of the order that is not out yet."""

    isbn: str
    title: str
    expected_on: dt.date


@dataclass(frozen=True)
class Fix:
    """One way out: the wish as it would be, and what becomes of titles that come too late."""

    key: str
    label: str
    wish: Wish
    remove: tuple[str, ...] = ()
    note_apart: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    finding: Finding
    sentence: str = ""
    field: str = URGENT
    """The field the sentence stands at."""
    fixes: tuple[Fix, ...] = ()


@dataclass(frozen=True)
class Circumstances:
    """Everything a verdict depends on besides the wish."""

    today: dt.date
    delays: Delays
    options: Sequence[Option]
    late_titles: Sequence[LateTitle] = ()

    def earliest(self, mode: DeliveryMode) -> dt.date:
        return next(option.earliest for option in self.options if option.mode is mode)


def verdict(wish: Wish, facts: Circumstances) -> Verdict:
    """The first objection to the two dates, or what they mean (the matrix of J6)."""
    if wish.deliver_by is None and wish.not_before is None:
        return Verdict(Finding.NO_DATE)
    for objection in (_out_of_range, _contradictory, _no_working_day):
        if found := objection(wish, facts):
            return found
    if not wish.is_request and (found := _day_off(wish, facts) or _too_early(wish, facts)):
        return found
    return _late_title(wish, facts) or _possible(wish, facts)


def _out_of_range(wish: Wish, facts: Circumstances) -> Verdict | None:
    for field, label in ((URGENT, "Date de livraison impérative"), (DEFERRED, "Pas de livraison avant le")):
        day: dt.date | None = getattr(wish, field)
        if day is None:
            continue
        if day < facts.today:
            return _past(wish, facts, field, label, day)
        if day - facts.today > LATEST_WISH:
            last = date_long(facts.today + LATEST_WISH)
            return Verdict(
                Finding.TOO_FAR, f"« {label} » : choisissez une date au plus tard le {last}", field
            )
    return None


def _past(wish: Wish, facts: Circumstances, field: str, label: str, day: dt.date) -> Verdict:
    earliest = facts.earliest(wish.mode)
    if field == URGENT:
        way_on = f"choisissez une date à partir du {date_weekday(earliest)}"
        fix = Fix("earliest", f"Choisir le {date_weekday(earliest)}", replace(wish, deliver_by=earliest))
    else:
        way_on = "choisissez une date à venir ou effacez-la"
        fix = Fix("no-not-before", "Effacer cette date", replace(wish, not_before=None))
    sentence = f"« {label} » : le {date_long(day)} est passé, {way_on}"
    return Verdict(Finding.PAST, sentence, field, (fix,))


def _contradictory(wish: Wish, _facts: Circumstances) -> Verdict | None:
    by, after = wish.deliver_by, wish.not_before
    if by is None or after is None or after <= by:
        return None
    sentence = (
        f"« Pas de livraison avant le » ({date_long(after)}) doit être au plus tard le {date_long(by)}, "
        "date de livraison impérative"
    )
    fixes = (
        Fix("keep-deliver-by", f"Garder l’impérative, {date_long(by)}", replace(wish, not_before=None)),
        Fix(
            "keep-not-before",
            f"Garder le pas-avant, {date_long(after)}",
            replace(wish, deliver_by=None, is_request=False),
        ),
    )
    return Verdict(Finding.CONTRADICTORY, sentence, DEFERRED, fixes)


def _no_working_day(wish: Wish, facts: Circumstances) -> Verdict | None:
    by, after = wish.deliver_by, wish.not_before
    if by is None or after is None or dates.next_working_day(after, facts.delays.closed) <= by:
        return None
    opening = dates.next_working_day(by, facts.delays.closed)
    sentence = (
        f"Aucun jour ouvré du {date_long(after)} au {date_long(by)} : choisissez une date impérative "
        f"à partir du {date_weekday(opening)}"
    )
    fix = Fix(
        "next-working-day",
        f"Livrer au plus tard le {date_weekday(opening)}",
        replace(wish, deliver_by=opening),
    )
    return Verdict(Finding.NO_WORKING_DAY, sentence, URGENT, (fix,))


def _day_off(wish: Wish, facts: Circumstances) -> Verdict | None:
    """An urgent date on a day without deliveries: the working days around it."""
    by, closed = wish.deliver_by, facts.delays.closed
    if by is None or dates.is_working_day(by, closed):
        return None
    floor = max(facts.earliest(wish.mode), wish.not_before or facts.today)
    around = (dates.previous_working_day(by, closed), dates.next_working_day(by, closed))
    choices = [
        Fix(f"on-{day.isoformat()}", f"Livrer le {date_weekday(day)}", replace(wish, deliver_by=day))
        for day in around
        if day >= floor
    ]
    sentence = (
        f"Le {date_weekday(by)} n’est pas un jour ouvré : choisissez un autre jour, "
        "ou envoyez la date comme demande"
    )
    return Verdict(Finding.DAY_OFF, sentence, URGENT, (*choices, _as_request(wish)))


def _too_early(wish: Wish, facts: Circumstances) -> Verdict | None:
    """An urgent date before the earliest feasible one: a faster mode with its fee, or a request."""
    by, earliest = wish.deliver_by, facts.earliest(wish.mode)
    if by is None or by >= earliest:
        return None
    faster = tuple(
        Fix(
            f"mode-{option.mode}",
            f"Passer en {option.mode.short} : dès le {date_weekday(option.earliest)}, {_fee(option)}",
            replace(wish, mode=option.mode),
        )
        for option in facts.options
        if option.mode is DeliveryMode.EXPRESS is not wish.mode and option.earliest <= by
    )
    sentence = (
        f"Livraison au plus tôt le {date_weekday(earliest)} ({wish.mode.short}) : "
        f"le {date_long(by)} ne peut être qu’une demande"
    )
    return Verdict(Finding.TOO_EARLY, sentence, URGENT, (*faster, _as_request(wish)))


def _fee(option: Option) -> str:
    return (
        "port calculé à la validation" if option.fee_cents is None else f"port {euros(option.fee_cents)} HT"
    )


def _as_request(wish: Wish) -> Fix:
    return Fix("request", "Envoyer quand même, comme demande", replace(wish, is_request=True))


def _late_title(wish: Wish, facts: Circumstances) -> Verdict | None:
    """A title that comes out too late for the urgent date."""
    if wish.deliver_by is None:
        return None
    arrivals = {
        title: delivered_from(title.expected_on, wish.mode, facts.delays) for title in facts.late_titles
    }
    late = [title for title, arrival in arrivals.items() if arrival > wish.deliver_by]
    if not late:
        return None
    isbns, first = tuple(title.isbn for title in late), late[0]
    named = f"« {first.title} »" if len(late) == 1 else f"ces {plural(len(late), 'titre')}"
    last = max(arrivals[title] for title in late)
    others = (
        ""
        if len(late) == 1
        else f", et {plural(len(late) - 1, 'autre titre', 'autres titres')} trop tard aussi"
    )
    sentence = (
        f"« {first.title} » paraît le {date_long(first.expected_on)}{others} : "
        f"trop tard pour la date impérative du {date_long(wish.deliver_by)}"
    )
    fixes = (
        Fix("without", f"Commander sans {named}", wish, remove=isbns),
        Fix("apart", f"Garder {named}, noté à part", wish, note_apart=isbns),
        Fix("later", f"Changer la date : {date_weekday(last)}", replace(wish, deliver_by=last)),
    )
    return Verdict(Finding.LATE_TITLE, sentence, URGENT, fixes)


def _possible(wish: Wish, facts: Circumstances) -> Verdict:
    finding = Finding.REQUESTED if wish.is_request and wish.deliver_by else Finding.POSSIBLE
    return Verdict(finding, _meaning(wish, facts), DEFERRED if wish.deliver_by is None else URGENT)


def _meaning(wish: Wish, facts: Circumstances) -> str:
    by, after, closed = wish.deliver_by, wish.not_before, facts.delays.closed
    if by is None:
        first = max(facts.earliest(wish.mode), dates.next_working_day(after or facts.today, closed))
        return f"Première livraison possible : {date_weekday(first)}"
    if wish.is_request:
        return f"Livraison le {date_weekday(by)} : une demande, à laquelle le service commercial répond"
    if after is None:
        return f"Livraison au plus tard le {date_weekday(by)} : {TO_CONFIRM}"
    if after == by:
        return f"Livraison exactement le {date_long(by)} : {TO_CONFIRM}"
    days = dates.working_days_between(after, by, closed)
    return (
        f"Livraison entre le {date_long(after)} et le {date_long(by)}, "
        f"une fenêtre de {plural(days, 'jour ouvré', 'jours ouvrés')} : {TO_CONFIRM}"
    )
