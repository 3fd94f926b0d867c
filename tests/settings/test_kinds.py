"""What is typed into settings: read, given back, kept, refused with what to type instead (R105)."""

import contextlib
import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.core.settings import House, PostalAddress
from harmattan.demo.house import LEGAL_FACTS
from harmattan.settings import kinds, sections
from harmattan.settings.kinds import Kind

HOUSE = House(**LEGAL_FACTS)
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2099, 12, 31))


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (kinds.PHONE, "0140467913", "01 40 46 79 13"),
        (kinds.PHONE, "+33 1.40-46 79 13", "01 40 46 79 13"),
        (kinds.TIME, "9h", dt.time(9)),
        (kinds.TIME, "17 h 30", dt.time(17, 30)),
        (kinds.TIME, "09:05", dt.time(9, 5)),
        (kinds.DAYS, "24/12/2026\n\n 2.1.2027 ", frozenset({dt.date(2026, 12, 24), dt.date(2027, 1, 2)})),
        (kinds.DAYS, "", frozenset()),
        (kinds.count(0, 20), " 3 ", 3),
        (kinds.RATE, "33,5 %", 3350),
        (
            kinds.ADDRESS,
            "Harmattan\r\n 7  rue X \n75005 Paris",
            PostalAddress(("Harmattan", "7 rue X", "75005 Paris")),
        ),
        (kinds.SIREN, "999 123 458", "999123458"),
        (kinds.SIREN.or_nothing(), " ", ""),
        (kinds.IBAN, "FR76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189"),
        (kinds.BIC, "agrifrpp xxx", "AGRIFRPPXXX"),
        (kinds.SERVICE, "after_sales", "after_sales"),
    ],
)
def test_people_type_as_they_write(kind: Kind, typed: str, value: Any) -> None:
    assert kind.read(typed) == value


@pytest.mark.parametrize(
    ("kind", "typed", "word"),
    [
        (kinds.PHONE, "01 40 46 79", "10 chiffres"),
        (kinds.PHONE, "rappelez-nous", "10 chiffres"),
        (kinds.TIME, "25 h", "9 h ou 17 h 30"),
        (kinds.TIME, "midi", "9 h ou 17 h 30"),
        (kinds.DAYS, "24/12/2026\n31/02/2027", "31/02/2027"),
        (kinds.DAYS, "Noël", "Noël"),
        (kinds.count(1, 20), "0", "de 1 à 20"),
        (kinds.count(1, 20), "deux", "de 1 à 20"),
        (kinds.count(1, 20), "9" * 400, "de 1 à 20"),
        (kinds.RATE, "133", "entre 0 et 100"),
        (kinds.ADDRESS, "Paris", "enveloppe"),
        (kinds.ADDRESS, "\n".join(["rue"] * 7), "enveloppe"),
        (kinds.text(10), "", "Remplissez"),
        (kinds.text(10), "x" * 11, "10 caractères"),
        (kinds.SIREN, "999 123 459", "clé"),
        (kinds.SIREN, "99912345", "il en manque 1"),
        (kinds.IBAN, "FR76 3000 6000 0112 3456 7890 188", "clé"),
        (kinds.BIC, "AGRI", "8 ou 11"),
        (kinds.GLN, "3025999000001", "clé"),
        (kinds.SERVICE, "settings", "Choisissez"),
        (kinds.SERVICE, "", "Choisissez"),
    ],
)
def test_what_is_refused_says_what_to_type(kind: Kind, typed: str, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        kind.read(typed)


@pytest.mark.parametrize(
    "setting", [each for section in sections.OF_THE_HOUSE for each in section.settings], ids=lambda s: s.key
)
def test_every_fact_of_the_house_is_given_back_as_it_can_be_typed(setting: Any) -> None:
    value = setting.of(HOUSE)
    assert setting.kind.read(setting.kind.write(value)) == value
    kept = json.loads(json.dumps(setting.kind.keep(value)))
    assert setting.kind.take(kept) == value


@given(st.frozensets(DAYS))
def test_days_come_back_as_they_were_typed(days: frozenset[dt.date]) -> None:
    assert kinds.DAYS.read(kinds.DAYS.write(days)) == days
    assert kinds.DAYS.take(json.loads(json.dumps(kinds.DAYS.keep(days)))) == days


@given(st.times().map(lambda time: time.replace(second=0, microsecond=0)))
def test_times_come_back_as_they_were_typed(time: dt.time) -> None:
    assert kinds.TIME.read(kinds.TIME.write(time)) == time


@given(st.integers(0, 10_000))
def test_rates_come_back_as_they_were_typed(rate: int) -> None:
    assert kinds.RATE.read(kinds.RATE.write(rate)) == rate


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    for setting in (each for section in sections.SECTIONS for each in section.settings):
        with contextlib.suppress(ValueError):  # any other fault is ours
            setting.kind.write(setting.kind.read(typed))
