"""Documents as data pass the official schematrons, wherever they go; faults do not (domain.md §5.4, §5.5)."""

from collections.abc import Callable
from typing import Any

import pytest

from harmattan.billing import einvoice
from harmattan.billing.models import Form
from harmattan.billing.rules import Facts, Kind
from harmattan.core.places import Address
from harmattan.core.settings import House
from harmattan.core.vat import Category, Regime
from harmattan.demo.house import LEGAL_FACTS
from tests.billing.conftest import facts, line
from tests.billing.schematrons import Check

HOUSE = House(**LEGAL_FACTS)
BOTH = (Form.CII, Form.UBL)


def at(postal_code: str, city: str, country: str = "FR") -> Address:
    return Address("Librairie", "1 rue du Port", postal_code, city, country)


def written(form: Form, terms: einvoice.Terms) -> bytes:
    return einvoice.cii(terms) if form is Form.CII else einvoice.ubl(terms)


PLACES = {
    "mainland": (at("44000", "Nantes"), "FR11904123452", Regime.TAXED),
    "Monaco": (at("98000", "Monaco", "MC"), "FR65000012345", Regime.TAXED),
    "Corsica": (at("20000", "Ajaccio"), "FR11904123452", Regime.TAXED),
    "Guadeloupe": (at("97100", "Basse-Terre"), "FR11904123452", Regime.OVERSEAS_EXPORT),
    "Réunion, by its own code": (at("97400", "Saint-Denis", "RE"), "", Regime.OVERSEAS_EXPORT),
    "Martinique": (at("97200", "Fort-de-France"), "", Regime.OVERSEAS_EXPORT),
    "Guyane": (at("97300", "Cayenne"), "", Regime.OVERSEAS_EXPORT),
    "Mayotte": (at("97600", "Mamoudzou"), "", Regime.OVERSEAS_EXPORT),
    "Saint-Pierre-et-Miquelon": (at("97500", "Saint-Pierre"), "", Regime.EXPORT),
    "Saint-Barthélemy": (at("97133", "Gustavia"), "", Regime.EXPORT),
    "Saint-Martin": (at("97150", "Marigot"), "", Regime.EXPORT),
    "Polynesia": (at("98714", "Papeete", "PF"), "", Regime.EXPORT),
    "New Caledonia": (at("98800", "Nouméa", "NC"), "", Regime.EXPORT),
    "Wallis-et-Futuna": (at("98600", "Mata-Utu"), "", Regime.EXPORT),
    "Terres australes": (at("98413", "Port-aux-Français"), "", Regime.EXPORT),
    "Belgium, a business": (at("1000", "Bruxelles", "BE"), "BE0403019261", Regime.INTRA_COMMUNITY),
    "Belgium, a library": (at("1000", "Bruxelles", "BE"), "", Regime.TAXED),
    "Switzerland": (at("1200", "Genève", "CH"), "", Regime.EXPORT),
    "Senegal": (at("11500", "Dakar", "SN"), "", Regime.EXPORT),
}


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("where", PLACES)
def test_a_document_passes_wherever_it_goes(check: Check, where: str, kind: Kind) -> None:
    place, vat_number, regime = PLACES[where]
    document = facts(kind, place=place, vat_number=vat_number)
    assert document.regime is regime
    terms = einvoice.terms("FA-2026-000123", document, HOUSE)
    for form in BOTH:
        assert check(form, written(form, terms)) == []


SPECIAL = {
    "goods at 20 % beside books, one carriage": facts(lines=(line(), line(2000, isbn="", price_cents=0))),
    "a free copy": facts(lines=(line(), line(net_unit_micros=0, line_cents=0, quantity=1, discount_bp=0))),
    "free copies alone": facts(
        lines=(line(net_unit_micros=0, line_cents=0, discount_bp=0),), carriage_cents=0
    ),
    "collected": facts(delivery_address=None, collected_at_counter=True, carriage_cents=0),
    "delivered another day": facts(delivered_on=facts().issued_on),
    "paid on receipt": facts(due_on=facts().issued_on),
    "control characters in what was typed": facts(
        own_reference="a\x00b\x0b\ud7ff", lines=(line(designation="x\x01y"),)
    ),
}


@pytest.mark.parametrize("what", SPECIAL)
def test_a_document_passes_whatever_it_holds(check: Check, what: str) -> None:
    terms = einvoice.terms("FA-2026-000123", SPECIAL[what], HOUSE)
    for form in BOTH:
        assert check(form, written(form, terms)) == []


def drop(*names: str) -> Callable[[einvoice.Terms], Any]:
    return lambda terms: [terms.pop(name) for name in names]


def drop_note(code: str) -> Callable[[einvoice.Terms], Any]:
    return lambda terms: terms.update({"BG-1": [note for note in terms["BG-1"] if note["BT-21"] != code]})


def drop_of_buyer(*names: str) -> Callable[[einvoice.Terms], Any]:
    return lambda terms: [terms["BG-7"].pop(name) for name in names]


FAULTS: dict[str, tuple[Callable[[einvoice.Terms], Any], str]] = {
    "no late penalties": (drop_note("PMD"), "BR-FR-05"),
    "no recovery indemnity": (drop_note("PMT"), "BR-FR-05"),
    "no word on early payment": (drop_note("AAB"), "BR-FR-05"),
    "no kind of operation": (drop("BT-23"), "BR-FR-08"),
    "a space in the number": (lambda terms: terms.update({"BT-1": "FA 2026 1"}), "BR-FR-02"),
    "no SIREN of the customer": (
        drop_of_buyer("legal_identifier", "legal_identifier_schemeid"),
        "BR-FR-11",
    ),
    "no address of the customer's platform": (
        drop_of_buyer("einvoicing_addr", "einvoicing_addr_schemeid"),
        "BR-FR-12",
    ),
    "a VAT rate that France does not know": (
        lambda terms: terms["BG-23"][0].update({"BT-119": "5.40"}),
        "BR-FR-16",
    ),
    "a total off by a cent": (
        lambda terms: terms.update({"BT-112": "166.69", "BT-115": "166.69"}),
        "BR-CO-15",
    ),
    "lines that do not add up": (lambda terms: terms["BG-25"][0].update({"BT-131": "47.14"}), "BR-CO-10"),
    "a credit note that cites nothing": (lambda terms: terms.update({"BT-3": "381"}), "BR-FR-CO-05"),
    "due before it is issued": (lambda terms: terms.update({"BT-9": "2026-11-01"}), "BR-FR-CO-07"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(check: Check, fault: str) -> None:
    plant, rule = FAULTS[fault]
    terms = einvoice.terms("FA-2026-000123", facts(), HOUSE)
    plant(terms)
    for form in BOTH:
        assert any(rule in found for found in check(form, written(form, terms)))


def test_the_worked_example_comes_to_its_cent() -> None:
    terms = einvoice.terms("FA-2026-000123", facts(), HOUSE)
    assert [each["BT-131"] for each in terms["BG-25"]] == ["47.13", "102.36"]
    assert (terms["BT-109"], terms["BT-110"], terms["BT-112"]) == ("157.99", "8.69", "166.68")
    assert terms["BG-25"][0]["BT-148"] == "24.17"


@pytest.mark.parametrize(
    ("document", "category"),
    [
        (facts(), Category.TAXED),
        (facts(place=at("97100", "Basse-Terre")), Category.EXPORT),
        (facts(place=at("1000", "Bruxelles", "BE"), vat_number="BE0403019261"), Category.INTRA_COMMUNITY),
    ],
)
def test_an_export_bears_no_tax_carriage_included(document: Facts, category: Category) -> None:
    terms = einvoice.terms("FA-2026-000123", document, HOUSE)
    assert {terms["BG-23"][0]["BT-118"], terms["BG-21"][0]["vat_category_code"]} == {category}
    assert (terms["BT-110"] == "0.00") is (category is not Category.TAXED)
