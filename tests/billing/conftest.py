"""The official schematrons, and documents of every kind without a database."""

import datetime as dt
from typing import Any

import pytest

from harmattan.billing import rules
from harmattan.billing.rules import Cited, Facts, Kind, Line, Party
from harmattan.core import places, vat
from harmattan.core.places import Address
from tests import cast
from tests.billing import schematrons

ISSUED_ON = dt.date(2026, 11, 23)
NANTES = Address("Librairie Le Grand Large", "12 quai de la Fosse", "44000", "Nantes")


@pytest.fixture(scope="session")
def check() -> schematrons.Check:
    """What the official schematrons have against an XML."""
    return schematrons.compiled()


def line(vat_bp: int = 550, **details: Any) -> Line:
    """A line of domain.md §5.6: three copies at 25,50 € less 35 %."""
    facts: dict[str, Any] = {
        "designation": "Les passeurs du fleuve : mémoire & identité",
        "quantity": 3,
        "net_unit_micros": 15_710_500,
        "line_cents": 4713,
        "isbn": "9782343000015",
        "price_cents": 2550,
        "discount_bp": 3500,
    }
    return Line(vat_bp=vat_bp, **(facts | details))


def second_line(vat_bp: int = 550) -> Line:
    """The other line of domain.md §5.6: ten copies at 18,00 € less 40 %."""
    return line(
        vat_bp,
        designation="Écrire sous les halles",
        quantity=10,
        net_unit_micros=10_236_000,
        line_cents=10236,
        isbn="9782296000018",
        price_cents=1800,
        discount_bp=4000,
    )


def facts(
    kind: Kind = Kind.INVOICE,
    *,
    place: Address = NANTES,
    vat_number: str = "FR11904123452",
    lines: tuple[Line, ...] | None = None,
    carriage_cents: int = 850,
    **details: Any,
) -> Facts:
    """What a document delivered there states, at the rates of that place."""
    destination = places.territory(place.postal_code, place.country)
    rate = vat.rate(550, destination, vat_number)
    lines = lines or (line(rate), second_line(rate))
    known: dict[str, Any] = {
        "order_reference": "CMD-2026-000341",
        "own_reference": "Salon du livre, table 12",
        "delivery_address": place,
        "term": cast.SIXTY_DAYS,
        "due_on": cast.SIXTY_DAYS.due(ISSUED_ON),
    }
    if kind is Kind.CREDIT_NOTE:
        known = {
            "delivery_address": place,
            "reason": "Retour RET-2026-000012",
            "cited": (Cited(1, "FA-2026-000012", ISSUED_ON), Cited(2, "FA-2026-000015", ISSUED_ON)),
        }
    return Facts(
        kind=kind,
        issued_on=ISSUED_ON,
        customer=customer(place, vat_number),
        regime=vat.regime(destination, vat_number, place.postal_code, place.country),
        lines=lines,
        totals=rules.totals(lines, carriage_cents),
        **(known | details),
    )


def customer(place: Address, vat_number: str) -> Party:
    """Le Grand Large, wherever it is; a SIRET where businesses have one."""
    siret = "90412345200016" if place.country in rules.FRENCH_STATES else ""
    return Party("104512", "SARL Le Grand Large", place, siret, vat_number, "contact@grandlarge.example")
