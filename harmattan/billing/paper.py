"""A document as people read it: the facts of `documents/invoice.typ`, in French (domain.md §5.1)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from harmattan.billing import bank
from harmattan.billing.rules import Facts, Kind, Line, enumerated
from harmattan.core import documents, isbn
from harmattan.core.clock import at_paris
from harmattan.core.settings import House
from harmattan.core.typography import date_long, euros, number, percent, typo, unit_price

Pairs = list[list[str]]

_TOTAL = {Kind.INVOICE: "Net à payer TTC", Kind.CREDIT_NOTE: "Avoir TTC"}


def pdf(number: str, facts: Facts, house: House, attachment: bytes) -> bytes:
    """The document set on paper, its XML attached; raises `DocumentNotMade`."""
    return documents.pdf(
        "invoice",
        _contents(number, facts, house),
        title=f"{facts.kind.label} {number}",
        made_at=at_paris(facts.issued_on, dt.time(12)),
        attachment=attachment,
    )


def _contents(number: str, facts: Facts, house: House) -> dict[str, Any]:
    return {
        "heading": f"{facts.kind.label} {number}",
        "under": f"émis{'e' if facts.kind is Kind.INVOICE else ''} le {date_long(facts.issued_on)}",
        "facts": _facts(facts),
        "addressee": _addressee(facts),
        "lines": [_line(line) for line in facts.lines],
        "vat": [
            [percent(share.rate_bp), euros(share.basis_cents), euros(share.vat_cents)]
            for share in facts.totals.vat
        ],
        "totals": _totals(facts),
        "total": [_TOTAL[facts.kind], euros(facts.totals.gross_cents)],
        "payment": _payment(number, facts, house),
        "notes": [typo(note) for note in _notes(facts, house)],
    }


def _facts(facts: Facts) -> Pairs:
    customer = facts.customer
    told = {
        "Compte client": customer.account_number,
        "SIREN du client": customer.siren,
        "TVA du client": customer.vat_number,
        "Commande": facts.order_reference,
        "Votre référence": facts.own_reference,
        "Opération": "Livraison de biens",
        "Livraison": "Retrait au comptoir" if facts.collected_at_counter else "",
        "Livré le": date_long(facts.delivered_on) if facts.delivered_on else "",
        "Livré à": _elsewhere(facts),
        "Corrige": enumerated([f"{each.number} du {date_long(each.issued_on)}" for each in facts.cited]),
        "Motif": facts.reason,
        "Échéance": date_long(facts.due_on) if facts.due_on else "",
    }
    return [[label, typo(value)] for label, value in told.items() if value]


def _elsewhere(facts: Facts) -> str:
    """The delivery address where it is not the customer's own (décret 2022-1299)."""
    place = facts.delivery_address
    return "" if place in (None, facts.customer.address) else ", ".join(place.lines)


def _addressee(facts: Facts) -> list[str]:
    """The legal name, and the name over the door where it is another."""
    name, door, *rest = facts.customer.name, *facts.customer.address.lines
    return [typo(line) for line in (name, *([door] if door != name else []), *rest)]


def _line(line: Line) -> dict[str, str]:
    reference = isbn.hyphenated(line.isbn) if line.isbn else ""
    if line.cites:
        reference = f"{reference} · facturé sur {line.cites}".removeprefix(" · ")
    return {
        "title": typo(line.designation),
        "isbn": reference,
        "quantity": number(line.quantity),
        "price": euros(line.price_cents) if line.price_cents else "",
        "discount": percent(line.discount_bp) if line.discount_bp else "",
        "unit": unit_price(line.net_unit_micros),
        "vat": percent(line.vat_bp),
        "total": euros(line.line_cents),
    }


def _totals(facts: Facts) -> Pairs:
    totals = facts.totals
    goods = [["Livres HT", euros(totals.goods_cents)]]
    taxes = [[f"TVA {percent(share.rate_bp)}", euros(share.vat_cents)] for share in totals.vat]
    carriage = [["Port HT", euros(totals.carriage_cents)]] if totals.carriage_cents else []
    return [*goods, *carriage, ["Total HT", euros(totals.net_cents)], *taxes]


def _payment(number: str, facts: Facts, house: House) -> dict[str, Any] | None:
    if not facts.due_on or not facts.term:
        return None
    sentence = (
        f"À régler au plus tard le {date_long(facts.due_on)} ({facts.term.label}), en rappelant le numéro"
        f" {number}."
    )
    return bank.told(house, [sentence], number, facts.totals.gross_cents)


def _notes(facts: Facts, house: House) -> Iterable[str]:
    if not facts.regime.is_taxed:
        yield facts.regime.mention + "."
    if facts.kind is Kind.CREDIT_NOTE:
        yield "Cet avoir vient en déduction de votre compte : rien n’est à verser de votre part."
    yield f"{house.early_discount_text} {house.late_penalty_text} {house.recovery_indemnity_text}"
