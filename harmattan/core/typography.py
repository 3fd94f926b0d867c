"""French on screen: spaces, apostrophes, amounts, dates, durations (ux.md §2).

Text written in templates is set once, when a template is compiled; text that comes from Python passes
the filter `typo`. Nobody types a non-breaking space by hand.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup, escape

from harmattan.core import clock, identifiers, isbn

NBSP, THIN = "\u00a0", "\u202f"

_RULES = (
    (re.compile(r"[ \u202f]:(?![:/\w])"), f"{NBSP}:"),
    (re.compile(r"[ \u00a0]([;!?])"), rf"{THIN}\1"),
    (re.compile(r"«[ \u202f]"), f"«{NBSP}"),
    (re.compile(r"[ \u202f]»"), f"{NBSP}»"),
    (re.compile(r"(?:(?<=\d)|^)[ ](?=(?:€|%|kg|g|mm|ko|Mo|h|min|j)(?!\w))"), NBSP),
    (re.compile(r"\b([Nn]°) "), rf"\1{NBSP}"),
    (re.compile(r"(?<=\w)'(?=\w|\Z)"), "’"),
)
"""A piece of a template may begin after a value (« {{ n }} kg ») and end before one (« l'{{ x }} »)."""


_WORTH_A_LOOK = re.compile(r"[:;!?«»°']|(?:\d|^) ")
"""What every rule needs to find: most titles and names have none of it."""


def typo(said: object) -> str:
    """The text with French spaces and apostrophes; safe markup stays safe."""
    text = said if isinstance(said, str) else str(said)
    if not _WORTH_A_LOOK.search(text):
        return text
    set_text = str(text)
    for pattern, replacement in _RULES:
        set_text = pattern.sub(replacement, set_text)
    return Markup(set_text) if isinstance(text, Markup) else set_text  # noqa: S704 -- was safe already


class FrenchText(Extension):
    """Sets the literal text of templates, leaving tags and their attributes alone."""

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        in_tag = False
        for token in stream:
            if token.type != "data":
                yield token
                continue
            text, in_tag = _set_outside_tags(token.value, in_tag)
            yield Token(token.lineno, "data", text)


def _set_outside_tags(source: str, in_tag: bool) -> tuple[str, bool]:
    pieces: list[str] = []
    for piece, is_tag in _pieces(source, in_tag):
        pieces.append(piece if is_tag else typo(piece))
        in_tag = is_tag and not piece.endswith(">")
    return "".join(pieces), in_tag


def _pieces(source: str, in_tag: bool) -> Iterator[tuple[str, bool]]:
    """Cut HTML into (text, is it inside a tag); the first piece may end a tag begun before."""
    for part in re.split(r"(?<=>)|(?=<)", source):
        if part:
            is_tag = in_tag or part.startswith("<")
            yield part, is_tag
            in_tag = is_tag and not part.endswith(">")


def euros(cents: int) -> str:
    """1 284,60 € (from cents); a true minus sign."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'−' if cents < 0 else ''}{number(whole)},{rest:02}{NBSP}€"


def unit_price(amount: int) -> str:
    """17,5936 € (from millionths of a euro): two decimals at least, six at most."""
    whole, rest = divmod(amount, 1_000_000)
    decimals = f"{rest:06}"
    return f"{number(whole)},{decimals[:2]}{decimals[2:].rstrip('0')}{NBSP}€"


@lru_cache(maxsize=1_000)
def percent(basis_points: int) -> str:
    """36 % or 5,5 % (from basis points)."""
    return f"{format_decimal(basis_points / 100, '0.##', locale='fr_FR')}{NBSP}%"


def number(value: int) -> str:
    """1 284"""
    return f"{value:,}".replace(",", THIN)


def kilograms(grams: int) -> str:
    """12,4 kg (from grams)."""
    return f"{format_decimal(grams / 1000, '0.##', locale='fr_FR')}{NBSP}kg"


def file_size(octets: int) -> str:
    """84 ko, 1,2 Mo"""
    if octets < 1_000_000:
        return f"{max(round(octets / 1_000), 1)}{NBSP}ko"
    return f"{format_decimal(octets / 1_000_000, '0.#', locale='fr_FR')}{NBSP}Mo"


def plural(count: int, singular: str, plural_form: str | None = None) -> str:
    """« 1 titre », « 4 titres »: French counts 0 as singular."""
    word = singular if abs(count) < 2 else (plural_form or f"{singular}s")
    return f"{number(count)}{NBSP}{word}"


def date_long(day: dt.date) -> str:
    """22 novembre 2026, 1er décembre 2026 (plain text)."""
    return _day_text(day, "MMMM y")


def month_name(day: dt.date) -> str:
    """novembre 2026"""
    return format_date(day, "MMMM y", locale="fr_FR")


def date_weekday(day: dt.date) -> str:
    """jeudi 26 novembre 2026 (plain text)."""
    return f"{format_date(day, 'EEEE', locale='fr_FR')} {date_long(day)}"


def date_short(day: dt.date) -> str:
    """22 nov. 2026"""
    return _day_text(day, "MMM y")


def date_digits(day: dt.date | None) -> str:
    """22/11/2026, for tables; nothing for no day."""
    return f"{day:%d/%m/%Y}" if day else ""


@lru_cache(maxsize=5_000)  # the same days come on every page, and Babel takes 0.1 ms each
def _day_text(day: dt.date, rest: str) -> str:
    ordinal = "1er" if day.day == 1 else str(day.day)
    return f"{ordinal}{NBSP}{format_date(day, rest, locale='fr_FR')}"


def time_text(instant: dt.datetime | dt.time) -> str:
    """9 h 42"""
    wall = clock.in_paris(instant) if isinstance(instant, dt.datetime) else instant
    return f"{wall.hour}{NBSP}h" + (f"{NBSP}{wall.minute:02}" if wall.minute else "")


def moment(instant: dt.datetime) -> str:
    """22 novembre 2026, 9 h 42"""
    return f"{date_long(clock.in_paris(instant).date())}, {time_text(instant)}"


def duration(minutes: int) -> str:
    """3 h 20, 35 min (from minutes of working time)."""
    hours, rest = divmod(abs(minutes), 60)
    if not hours:
        return f"{rest}{NBSP}min"
    return f"{hours}{NBSP}h" + (f"{NBSP}{rest:02}" if rest else "")


@lru_cache(maxsize=5_000)
def day_tag(day: dt.date, text: str | None = None) -> Markup:
    """A date as HTML: `<time>` for machines, « 1er » raised for people."""
    return _time_tag(day.isoformat(), text or date_long(day))


def moment_tag(instant: dt.datetime) -> Markup:
    """An instant as HTML, in Paris time."""
    wall = clock.in_paris(instant)
    return _time_tag(wall.isoformat(timespec="minutes"), moment(instant))


def day_of(moment: dt.date) -> dt.date:
    """The day as it is; of an instant, its day in Paris."""
    return clock.in_paris(moment).date() if isinstance(moment, dt.datetime) else moment


def _time_tag(machine: str, shown: str) -> Markup:
    raised = shown.replace("1er\u00a0", "1<sup>er</sup>\u00a0")
    return Markup(f'<time datetime="{machine}">{raised}</time>')  # noqa: S704 -- both are dates of ours


def lines(text: str) -> Markup:
    """Text as people typed it, its line breaks kept."""
    return Markup("<br>\n").join(escape(line) for line in text.splitlines())


def init_app(app: Flask) -> None:
    """Give templates the extension and the filters, under the names they use."""
    app.jinja_env.add_extension(FrenchText)
    app.jinja_env.filters.update(
        typo=typo,
        euros=euros,
        percent=percent,
        number=number,
        kilograms=kilograms,
        unit_price=unit_price,
        file_size=file_size,
        plural=plural,
        day=lambda day: day_tag(day_of(day)),
        day_text=date_long,
        day_short=lambda day: day_tag(day_of(day), date_short(day_of(day))),
        weekday=lambda day: day_tag(day, date_weekday(day)),
        weekday_text=date_weekday,
        moment=moment_tag,
        moment_text=moment,
        time=time_text,
        duration=duration,
        isbn=isbn.hyphenated,
        siret=identifiers.grouped_siret,
        lines=lines,
    )
