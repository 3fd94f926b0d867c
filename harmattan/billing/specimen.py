"""An invoice that nobody owes: what ours look like with the mentions in force (R105)."""

import datetime as dt

from harmattan.billing import paper, rules
from harmattan.billing.rules import Facts, Kind, Line, Party
from harmattan.core import clock, vat
from harmattan.core.places import Address, Territory
from harmattan.core.settings import house
from harmattan.core.terms import PaymentTerm

NUMBER = "SPÉCIMEN"

_ADDRESS = Address("Librairie Spécimen", "1 rue de l’Exemple", "75005", "Paris")
_CUSTOMER = Party("C00000", "Librairie Spécimen SARL", _ADDRESS, siret="", vat_number="", email="")
_TERM = PaymentTerm(60)


def pdf() -> bytes:
    """Never kept, and without the data that would make an invoice of it. Raises `DocumentNotMade`."""
    return paper.pdf(NUMBER, _facts(clock.today()), house(), b"")


def _facts(today: dt.date) -> Facts:
    lines = (
        Line.sold(
            "Exemple de titre", "9782343000015", quantity=3, price_cents=2_100, vat_bp=550, discount_bp=3_300
        ),
    )
    return Facts(
        kind=Kind.INVOICE,
        issued_on=today,
        customer=_CUSTOMER,
        delivery_address=None,
        regime=vat.regime(Territory.MAINLAND),
        lines=lines,
        totals=rules.totals(lines, carriage_cents=590),
        term=_TERM,
        due_on=_TERM.due(today),
    )
