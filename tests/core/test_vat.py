"""Where addresses lie, and how deliveries there are taxed (domain.md §1, §5.4)."""

import pytest

from harmattan.core import places, vat
from harmattan.core.places import Address, Territory
from harmattan.core.vat import Regime


@pytest.mark.parametrize(
    ("postal_code", "country", "expected"),
    [
        ("44000", "FR", Territory.MAINLAND),
        ("75 005", "FR", Territory.MAINLAND),
        ("98000", "MC", Territory.MAINLAND),
        ("98000", "FR", Territory.MAINLAND),
        ("20000", "FR", Territory.CORSICA),
        ("20600", "fr", Territory.CORSICA),
        ("97133", "FR", Territory.OVERSEAS),
        ("97400", "FR", Territory.OVERSEAS),
        ("98800", "FR", Territory.OVERSEAS),
        ("97110", "GP", Territory.OVERSEAS),
        ("1000", "BE", Territory.EUROPEAN_UNION),
        ("20095", "DE", Territory.EUROPEAN_UNION),
        ("1200", "CH", Territory.WORLD),
        ("SW1A 1AA", "GB", Territory.WORLD),
        ("", "", Territory.MAINLAND),
    ],
)
def test_the_territory_follows_from_postal_code_and_country(
    postal_code: str, country: str, expected: Territory
) -> None:
    assert places.territory(postal_code, country) is expected


def test_an_address_is_printed_with_its_country_where_it_is_another() -> None:
    assert Address("Librairie", "1 rue du Port", "44000", "Nantes").lines[-1] == "44000 Nantes"
    assert Address("Librairie", "1 rue Neuve", "1000", "Bruxelles", "BE").lines[-2:] == (
        "1000 Bruxelles",
        "Belgique",
    )


@pytest.mark.parametrize(
    ("product_bp", "destination", "vat_number", "expected"),
    [
        (550, Territory.MAINLAND, "", 550),
        (2000, Territory.MAINLAND, "FR44732829320", 2000),
        (550, Territory.CORSICA, "", 210),
        (2000, Territory.CORSICA, "", 2000),
        (550, Territory.OVERSEAS, "", 0),
        (2000, Territory.WORLD, "FR44732829320", 0),
        (550, Territory.EUROPEAN_UNION, "BE0403019261", 0),
        (550, Territory.EUROPEAN_UNION, "FR44732829320", 550),
        (550, Territory.EUROPEAN_UNION, "", 550),
    ],
)
def test_the_delivery_address_decides_the_vat_rate(
    product_bp: int, destination: Territory, vat_number: str, expected: int
) -> None:
    assert vat.rate(product_bp, destination, vat_number) == expected


@pytest.mark.parametrize(
    ("destination", "postal_code", "country", "expected"),
    [
        (Territory.MAINLAND, "44000", "FR", Regime.TAXED),
        (Territory.CORSICA, "20000", "FR", Regime.TAXED),
        (Territory.OVERSEAS, "97200", "FR", Regime.OVERSEAS_EXPORT),
        (Territory.OVERSEAS, "97300", "FR", Regime.OVERSEAS_EXPORT),
        (Territory.OVERSEAS, "97110", "GP", Regime.OVERSEAS_EXPORT),
        (Territory.OVERSEAS, "97133", "FR", Regime.EXPORT),
        (Territory.OVERSEAS, "97500", "FR", Regime.EXPORT),
        (Territory.OVERSEAS, "98800", "NC", Regime.EXPORT),
        (Territory.EUROPEAN_UNION, "1000", "BE", Regime.INTRA_COMMUNITY),
        (Territory.WORLD, "1200", "CH", Regime.EXPORT),
    ],
)
def test_what_is_not_taxed_has_its_legal_mention(
    destination: Territory, postal_code: str, country: str, expected: Regime
) -> None:
    found = vat.regime(destination, "BE0403019261", postal_code, country)
    assert found is expected
    assert bool(found.mention) is not found.is_taxed
