"""A document as data: EN 16931 in CII and UBL by factur-x, with what France asks for (domain.md §5.5, §5.7).

The keys are the business terms of EN 16931; amounts arrive as text with a point.
"""

from typing import Any

from harmattan.billing.rules import Facts, Kind, Line, Party
from harmattan.core import identifiers, money
from harmattan.core.money import VatShare
from harmattan.core.places import Address
from harmattan.core.settings import House
from harmattan.core.vat import Regime

ADDRESS_SCHEME, SIREN_SCHEME, EAN_SCHEME = "0225", "0002", "0160"
MAIL_SCHEME = "EM"
GOODS = "B1"
"""BT-23: goods, not paid yet."""
UNITS = "C62"
TRANSFER = "58"
FREIGHT = "FC"
_TYPE_CODES = {Kind.INVOICE: "380", Kind.CREDIT_NOTE: "381"}


Terms = dict[str, Any]


class NotWritten(Exception):
    """The terms make no document of EN 16931; the message says why."""


def terms(number: str, facts: Facts, house: House) -> Terms:
    """The document by the business terms of EN 16931."""
    found = _header(number, facts, house) | _parties(facts, house) | _amounts(facts) | _references(facts)
    found["BG-25"] = [_line(position, line, facts) for position, line in enumerate(facts.lines, 1)]
    return found


def cii(document: Terms) -> bytes:
    """The XML that goes inside the PDF (Factur-X, profile EN 16931)."""
    return _xml(document, "factur-x", check_xsd=True)


def ubl(document: Terms) -> bytes:
    """The same document as UBL 2.1.

    From the same terms, so that its schema, which takes a tenth of a second to load, is left to the tests.
    """
    return _xml(document, "ubl-2.1", check_xsd=False)


def _xml(document: Terms, flavor: str, *, check_xsd: bool) -> bytes:
    import facturx  # noqa: PLC0415 -- brings 20 MB of PDF readers, for who issues documents

    try:
        made: bytes = facturx.generate_xml(
            _legible(document), flavor=flavor, level="en16931", check_xsd=check_xsd, check_schematron=False
        )
    except Exception as fault:  # factur-x raises nothing more precise
        raise NotWritten(str(fault)) from fault
    return made


def _legible(value: Any) -> Any:
    """A copy, factur-x writing into what it is given, without the control characters that XML forbids."""
    if isinstance(value, str):
        return "".join(character for character in value if character.isprintable())
    if isinstance(value, dict):
        return {name: _legible(each) for name, each in value.items()}
    return [_legible(each) for each in value] if isinstance(value, list) else value


def _header(number: str, facts: Facts, house: House) -> dict[str, Any]:
    notes = {
        "PMT": house.recovery_indemnity_text,
        "PMD": house.late_penalty_text,
        "AAB": house.early_discount_text,
        "BAR": "B2B" if facts.customer.is_french else "B2BINT",
    }
    if facts.reason:
        notes["AAI"] = facts.reason
    header = {
        "BT-1": number,
        "BT-2": facts.issued_on,
        "BT-3": _TYPE_CODES[facts.kind],
        "BT-5": "EUR",
        "BT-23": GOODS,
        "BG-1": [{"BT-21": code, "BT-22": text} for code, text in notes.items()],
        "BT-81": TRANSFER,
        "BT-83": number,
        "BT-84": identifiers.compact(house.iban),
        "BT-85": house.name,
        "BT-86": house.bic,
    }
    if facts.due_on and facts.term:
        return header | {"BT-9": facts.due_on, "BT-20": facts.term.label}
    return header | {"BT-20": "À déduire de votre compte"}


def _parties(facts: Facts, house: House) -> dict[str, Any]:
    seller = Address(house.name, house.street, house.postal_code, house.city)
    siren = identifiers.compact(house.siren)
    found = {
        "BG-4": _address(seller)
        | {
            "name": house.name,
            "legal_identifier": siren,
            "legal_identifier_schemeid": SIREN_SCHEME,
            "vat_identifier": house.vat_number,
            "einvoicing_addr": house.e_invoice_address or siren,
            "einvoicing_addr_schemeid": ADDRESS_SCHEME,
        },
        "BG-7": _buyer(facts.customer),
    }
    place = facts.delivery_address or seller  # what is collected is delivered at our counter
    found["BG-13"] = _address(place) | {"name": place.recipient}
    return found


def _buyer(customer: Party) -> dict[str, Any]:
    buyer = _address(customer.address) | {"name": customer.name}
    if customer.vat_number:
        buyer["vat_identifier"] = customer.vat_number
    if customer.is_french:
        return buyer | {
            "legal_identifier": customer.siren,
            "legal_identifier_schemeid": SIREN_SCHEME,
            "einvoicing_addr": customer.siren,
            "einvoicing_addr_schemeid": ADDRESS_SCHEME,
        }
    return buyer | {"einvoicing_addr": customer.email, "einvoicing_addr_schemeid": MAIL_SCHEME}


def _address(place: Address) -> dict[str, Any]:
    return {
        "addr_l1": place.street,
        "postcode": place.postal_code,
        "city": place.city,
        "country_code": place.country,
    }


def _amounts(facts: Facts) -> dict[str, Any]:
    totals = facts.totals
    found: dict[str, Any] = {
        "BT-106": _euros(totals.goods_cents),
        "BT-109": _euros(totals.net_cents),
        "BT-110": _euros(totals.vat_cents),
        "BT-112": _euros(totals.gross_cents),
        "BT-115": _euros(totals.gross_cents),
        "BG-23": [_share(share, facts) for share in totals.vat],
    }
    if carriage := facts.carriage_by_rate():
        found["BT-108"] = _euros(totals.carriage_cents)
        found["BG-21"] = [_carriage(cents, rate_bp, facts) for rate_bp, cents in carriage.items()]
    return found


def _share(share: VatShare, facts: Facts) -> dict[str, str]:
    found = {
        "BT-116": _euros(share.basis_cents),
        "BT-117": _euros(share.vat_cents),
        "BT-118": facts.regime.category.value,
        "BT-119": _percent(share.rate_bp),
    }
    if facts.regime.is_taxed:
        return found
    return found | {"BT-120": facts.regime.mention, "BT-121": facts.regime.code}


def _carriage(cents: int, rate_bp: int, facts: Facts) -> dict[str, str]:
    return {
        "amount": _euros(cents),
        "reason": "Frais de port",
        "reason_code": FREIGHT,
        "vat_category_code": facts.regime.category.value,
        "vat_rate": _percent(rate_bp),
    }


def _references(facts: Facts) -> dict[str, Any]:
    is_intra_community = facts.regime is Regime.INTRA_COMMUNITY  # its delivery must be dated (BR-IC-11)
    found: dict[str, Any] = {
        "BT-13": facts.own_reference,
        "BT-14": facts.order_reference,
        "BT-72": facts.delivered_on or (facts.issued_on if is_intra_community else None),
        "BG-3": [{"BT-25": cited.number, "BT-26": cited.issued_on} for cited in facts.cited],
    }
    return {term: value for term, value in found.items() if value}


def _line(position: int, line: Line, facts: Facts) -> dict[str, str]:
    found = {
        "BT-126": str(position),
        "BT-129": str(line.quantity),
        "BT-130": UNITS,
        "BT-131": _euros(line.line_cents),
        "BT-146": _unit(line.net_unit_micros),
        "BT-151": facts.regime.category.value,
        "BT-152": _percent(line.vat_bp),
        "BT-153": line.designation,
    }
    if line.isbn:
        found |= {"BT-155": line.isbn, "BT-157": line.isbn, "BT-157-1": EAN_SCHEME}
    if line.discount_bp and line.net_unit_micros:
        public = money.micros(line.public_net_cents)
        found |= {"BT-147": _unit(public - line.net_unit_micros), "BT-148": _unit(public)}
    return found


def _euros(cents: int) -> str:
    return f"{money.euros(cents):.2f}"


def _unit(micros: int) -> str:
    """A unit price with as many decimals as it has, two at least (BT-146 allows six)."""
    whole, rest = f"{money.from_micros(micros):.6f}".split(".")
    return f"{whole}.{rest[:2]}{rest[2:].rstrip('0')}"


def _percent(rate_bp: int) -> str:
    return f"{rate_bp / 100:.2f}"
