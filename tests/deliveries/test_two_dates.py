"""The matrix of J6: what « impérative » and « pas avant » allow together."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.deliveries import rules
from harmattan.deliveries.rules import DeliveryMode
from harmattan.deliveries.two_dates import Circumstances, Finding, LateTitle, Option, Verdict, Wish, verdict
from tests.browser import fold
from tests.deliveries.test_rules import DELAYS, at

TODAY = dt.date(2026, 11, 23)
NOW = at(2026, 11, 23, 10)
T4 = LateTitle("9782343123455", "Petite grammaire", dt.date(2026, 12, 15))
FEES = {DeliveryMode.STANDARD: 590, DeliveryMode.EXPRESS: 1180}


def circumstances(*late: LateTitle, now: dt.datetime = NOW) -> Circumstances:
    options = [
        Option(mode, FEES.get(mode, 0), rules.earliest_delivery(now, mode, DELAYS)) for mode in DeliveryMode
    ]
    return Circumstances(now.date(), DELAYS, options, late)


def judge(after: str | None, by: str | None, *late: LateTitle, is_request: bool = False) -> Verdict:
    def day(text: str | None) -> dt.date | None:
        return dt.datetime.strptime(text, "%d/%m/%Y").replace(tzinfo=dt.UTC).date() if text else None

    return verdict(Wish(DeliveryMode.STANDARD, day(by), day(after), is_request), circumstances(*late))


@pytest.mark.parametrize(
    ("after", "by", "late", "finding", "says", "keys"),
    [
        (None, None, (), "no_date", "", []),
        (
            None,
            "26/11/2026",
            (),
            "possible",
            "au plus tard le jeudi 26 novembre 2026 : possible, à confirmer par le service commercial",
            [],
        ),
        (
            None,
            "25/11/2026",
            (),
            "too_early",
            "Livraison au plus tôt le jeudi 26 novembre 2026",
            ["mode-express", "request"],
        ),
        (None, "24/11/2026", (), "too_early", "au plus tôt le jeudi 26 novembre 2026", ["request"]),
        (None, "22/11/2026", (), "past", "le 22 novembre 2026 est passé", ["earliest"]),
        (
            None,
            "28/11/2026",
            (),
            "day_off",
            "samedi 28 novembre 2026 n'est pas un jour ouvré",
            ["on-2026-11-27", "on-2026-11-30", "request"],
        ),
        ("20/11/2026", None, (), "past", "le 20 novembre 2026 est passé", ["no-not-before"]),
        (
            "05/12/2026",
            "06/12/2026",
            (),
            "no_working_day",
            "Aucun jour ouvré du 5 décembre 2026 au 6 décembre 2026",
            ["next-working-day"],
        ),
        ("01/12/2026", "04/12/2026", (), "possible", "une fenêtre de 4 jours ouvrés", []),
        ("01/12/2026", "01/12/2026", (), "possible", "exactement le 1er décembre 2026", []),
        (
            "04/12/2026",
            "01/12/2026",
            (),
            "contradictory",
            "(4 décembre 2026) doit être au plus tard le 1er décembre 2026",
            ["keep-deliver-by", "keep-not-before"],
        ),
        ("25/12/2026", None, (), "possible", "Première livraison possible : lundi 28 décembre 2026", []),
        ("24/11/2026", None, (), "possible", "Première livraison possible : jeudi 26 novembre 2026", []),
        (
            "01/12/2026",
            "10/12/2026",
            (T4,),
            "late_title",
            "« Petite grammaire » paraît le 15 décembre 2026",
            ["without", "apart", "later"],
        ),
        ("01/12/2026", "18/12/2026", (T4,), "possible", "une fenêtre de 14 jours ouvrés", []),
        (None, "24/11/2028", (), "too_far", "au plus tard le 23 novembre 2028", []),
        (None, "31/12/9999", (), "too_far", "au plus tard le 23 novembre 2028", []),
        ("31/12/9999", None, (), "too_far", "au plus tard le 23 novembre 2028", []),
        (None, "01/01/0001", (), "past", "le 1er janvier 1 est passé", ["earliest"]),
    ],
)
def test_the_matrix_of_the_two_dates(
    after: str | None,
    by: str | None,
    late: tuple[LateTitle, ...],
    finding: str,
    says: str,
    keys: list[str],
) -> None:
    found = judge(after, by, *late)
    assert found.finding == finding
    assert says in fold(found.sentence)
    assert [fix.key for fix in found.fixes] == keys


def test_express_is_offered_with_its_day_and_fee() -> None:
    express = judge(None, "25/11/2026").fixes[0]
    assert fold(express.label) == "Passer en express : dès le mercredi 25 novembre 2026, port 11,80 € HT"
    assert verdict(express.wish, circumstances()).finding is Finding.POSSIBLE


@pytest.mark.parametrize("by", ["25/11/2026", "28/11/2026"])
def test_a_date_sent_as_a_request_may_be_ordered(by: str) -> None:
    found = judge(None, by, is_request=True)
    assert found.finding is Finding.REQUESTED
    assert found.finding.allows_ordering


@pytest.mark.parametrize(("after", "by"), [(None, "22/11/2026"), ("04/12/2026", "01/12/2026")])
def test_a_request_does_not_excuse_a_refused_date(after: str | None, by: str) -> None:
    assert judge(after, by, is_request=True) == replace(
        judge(after, by), fixes=judge(after, by, is_request=True).fixes
    )
    assert not judge(after, by, is_request=True).finding.allows_ordering


def test_several_late_titles_are_fixed_together() -> None:
    other = LateTitle("9782343000015", "Autre", dt.date(2027, 1, 4))
    found = judge(None, "10/12/2026", T4, other)
    assert found.fixes[0].remove == (T4.isbn, other.isbn)
    assert found.fixes[1].note_apart == (T4.isbn, other.isbn)
    assert fold(found.fixes[2].label) == "Changer la date : jeudi 7 janvier 2027"


_DAYS = st.none() | st.dates(dt.date(2026, 11, 1), dt.date(2027, 2, 28))


@given(_DAYS, _DAYS, st.sampled_from(list(DeliveryMode)), st.booleans())
def test_every_fix_that_changes_the_wish_leads_out_in_at_most_two_steps(
    by: dt.date | None, after: dt.date | None, mode: DeliveryMode, is_request: bool
) -> None:
    found = verdict(Wish(mode, by, after, is_request), circumstances(T4))
    for fix in found.fixes:
        if fix.remove or fix.note_apart:
            continue
        then = verdict(fix.wish, circumstances())
        assert (then.finding, then.field) != (found.finding, found.field)
        assert then.finding.allows_ordering or then.fixes


@given(_DAYS, _DAYS, st.sampled_from(list(DeliveryMode)))
def test_what_may_be_ordered_is_never_past_nor_contradictory(
    by: dt.date | None, after: dt.date | None, mode: DeliveryMode
) -> None:
    facts = circumstances()
    if verdict(Wish(mode, by, after), facts).finding is Finding.POSSIBLE:
        assert by is None or by >= facts.earliest(mode)
        assert after is None or after >= TODAY
        assert by is None or after is None or after <= by


@given(st.dates(), st.dates(), st.booleans())
def test_any_two_dates_get_an_answer(by: dt.date, after: dt.date, is_request: bool) -> None:
    found = verdict(Wish(DeliveryMode.STANDARD, by, after, is_request), circumstances(T4))
    assert found.sentence
