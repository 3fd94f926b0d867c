"""Numbers, weights and links of parcels; when they may leave."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.core.settings import Carrier, House
from harmattan.deliveries.rules import Delays, DeliveryMode, arrival_of, departure_for
from harmattan.shipments import rules
from harmattan.shipments.rules import TRANSITIONS, ParcelState

FACTS = House()
DELAYS = Delays(FACTS.order_cut_off, FACTS.preparation_days, FACTS.transit_days)
LA_POSTE, GEODIS = FACTS.carriers["colissimo"], FACTS.carriers["geodis"]


def test_every_state_has_its_row_and_its_words() -> None:
    assert set(TRANSITIONS) == set(ParcelState)
    assert all(state.label and state.tone for state in ParcelState)


@pytest.mark.parametrize(
    ("typed", "number"), [("6a 123 456 789 01", "6A12345678901"), ("XY-1234", "XY-1234"), (" 0012 ", "0012")]
)
def test_a_tracking_number_is_read_as_it_is_printed(typed: str, number: str) -> None:
    assert rules.parse_number(typed, LA_POSTE) == number


@pytest.mark.parametrize("typed", ["12", "a" * 41, "6A/../x", "6A?u=1", "https://mechant.example"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(rules.Unreadable, match="Vérifiez le numéro de suivi"):
        rules.parse_number(typed, LA_POSTE)


def test_a_number_is_asked_for_where_parcels_can_be_followed() -> None:
    assert rules.parse_number("", GEODIS) == ""
    with pytest.raises(rules.Unreadable, match="Saisissez le numéro de suivi Colissimo"):
        rules.parse_number(" ", LA_POSTE)


@given(st.text(max_size=60))
def test_a_link_always_leads_to_the_carrier(typed: str) -> None:
    try:
        number = rules.parse_number(typed, LA_POSTE)
    except rules.Unreadable:
        number = typed
    url = rules.tracking_url(LA_POSTE, number)
    assert url == "" or url.startswith("https://www.laposte.fr/outils/suivre-vos-envois?code=")
    assert not set(url[50:]) & set(" <>\"'/?#&")


def test_no_link_without_a_number_a_pattern_or_a_carrier() -> None:
    assert rules.tracking_url(LA_POSTE, "") == rules.tracking_url(GEODIS, "123456") == ""
    assert rules.tracking_url(None, "123456") == ""


@pytest.mark.parametrize("pattern", ["http://colis.example/{number}", "https://colis.example/", "{number}"])
def test_a_pattern_that_is_no_safe_address_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="no address of the form"):
        Carrier("Colis", pattern)


@pytest.mark.parametrize(
    ("typed", "grams"),
    [("12,4", 12_400), ("12.4 kg", 12_400), ("850 g", 850), ("3", 3_000), ("0,25", 250), ("", None)],
)
def test_weights_are_read_in_kilograms(typed: str, grams: int | None) -> None:
    assert rules.parse_weight(typed) == grams


@pytest.mark.parametrize("typed", ["lourd", "-3", "0", "1 000 000", "1e9", "12,4 t"])
def test_an_unlikely_weight_is_refused(typed: str) -> None:
    with pytest.raises(rules.Unreadable, match="kilogrammes"):
        rules.parse_weight(typed)


# pas de livraison avant le


def test_a_delivery_before_the_day_asked_for_is_explained_with_the_day_it_may_leave() -> None:
    said = rules.too_early(dt.date(2026, 11, 30), dt.date(2026, 12, 1), DeliveryMode.STANDARD, DELAYS)
    assert "« Pas de livraison avant le » mardi 1er\u00a0décembre 2026" in said
    assert "arriverait le lundi 30\u00a0novembre 2026" in said
    assert "Faites-le partir le vendredi 27\u00a0novembre 2026 au plus tôt" in said


DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31))


@given(DAYS, DAYS, st.sampled_from(DeliveryMode))
def test_what_leaves_on_the_day_that_is_said_arrives_in_time(
    delivery_on: dt.date, not_before: dt.date, mode: DeliveryMode
) -> None:
    said = rules.too_early(delivery_on, not_before, mode, DELAYS)
    assert bool(said) == (delivery_on < not_before)
    leaves = departure_for(not_before, mode, DELAYS)
    assert arrival_of(leaves, mode, DELAYS) >= not_before
    assert arrival_of(leaves - dt.timedelta(days=1), mode, DELAYS) <= arrival_of(leaves, mode, DELAYS)
