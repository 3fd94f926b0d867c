"""Documents before they are issued: their facts put together, their papers set (R39; ADR 7).

Nothing here writes: a draft is made before the transaction that issues it, since setting it takes a tenth
of a second and nobody should wait for the lock meanwhile.
"""

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from harmattan.access.models import Account
from harmattan.billing import container, creditable, einvoice, paper, rules
from harmattan.billing.models import Document, DocumentLine, Form
from harmattan.billing.rules import Cited, Facts, Kind, Line, Party
from harmattan.core import clock, money, numbering, vat
from harmattan.core.documents import DocumentNotMade
from harmattan.core.errors import Refusal
from harmattan.core.identifiers import SIRET_LENGTH
from harmattan.core.places import Address, Territory
from harmattan.core.settings import house
from harmattan.core.terms import PaymentTerm

log = logging.getLogger(__name__)

Papers = dict[Form, bytes]


class AlreadyCredited(Refusal):
    """More would be credited than was invoiced, or somebody has just credited the same."""

    title = "Il ne reste pas autant à créditer"


@dataclass(frozen=True)
class Draft:
    """A document that is ready, but for its place in the series."""

    account: Account
    facts: Facts
    number: str
    """The number to be expected, with which its papers are set."""
    papers: Papers


@dataclass(frozen=True)
class Delivery:
    """How invoiced goods reach the customer: it decides VAT, and the lines bear the rates of it.

    What is collected at our counter is taxed as on the mainland, whatever the address (R95).
    """

    territory: Territory
    address: Address
    carriage_cents: int = 0
    """HT"""
    is_collected: bool = False
    delivered_on: dt.date | None = None
    """Where it is known, and another day than the invoice's."""

    @property
    def destination(self) -> Territory:
        return Territory.MAINLAND if self.is_collected else self.territory


@dataclass(frozen=True)
class Credit:
    """What a credit note gives back on an invoice: copies of one of its lines, or an amount.

    Copies (`line` and `quantity`) go back at the price and VAT rate invoiced. An amount HT (`net_cents`,
    `vat_bp`) is for another reason: a discount forgotten, a gesture; `designation` says which.
    """

    invoice: Document
    line: DocumentLine | None = None
    quantity: int = 1
    designation: str = ""
    net_cents: int = 0
    vat_bp: int = 0


def invoice(
    account: Account,
    lines: Sequence[Line],
    *,
    delivery: Delivery,
    term: PaymentTerm,
    order_reference: str = "",
    own_reference: str = "",
    issued_on: dt.date | None = None,
) -> Draft:
    """An invoice of these lines, ready for `billing.service.issue`.

    `order_reference` is ours, `own_reference` the shop's. `issued_on` is today unless a past is being told.
    Raises `DocumentNotMade` where a legal mention is missing, ours or the customer's, or where the engine
    fails (R39).
    """
    issued_on = issued_on or clock.today()
    place = delivery.address
    return of(
        account,
        Facts(
            kind=Kind.INVOICE,
            issued_on=issued_on,
            customer=_party(account),
            delivery_address=None if delivery.is_collected else place,
            regime=vat.regime(delivery.destination, account.vat_number, place.postal_code, place.country),
            lines=tuple(lines),
            totals=rules.totals(lines, delivery.carriage_cents),
            term=term,
            due_on=term.due(issued_on),
            order_reference=order_reference,
            own_reference=own_reference,
            delivered_on=delivery.delivered_on,
            collected_at_counter=delivery.is_collected,
        ),
    )


def credit_note(
    account: Account,
    credits: Sequence[Credit],
    *,
    reason: str,
    carriage_cents: int = 0,
    issued_on: dt.date | None = None,
) -> Draft:
    """A credit note that cites every invoice it corrects, ready for `billing.service.issue` (R82).

    Raises as `credit_note_facts`.
    """
    facts = credit_note_facts(
        account, credits, reason=reason, carriage_cents=carriage_cents, issued_on=issued_on
    )
    return of(account, facts)


def credit_note_facts(
    account: Account,
    credits: Sequence[Credit],
    *,
    reason: str,
    carriage_cents: int = 0,
    issued_on: dt.date | None = None,
) -> Facts:
    """What a credit note would state: all that is to be seen before its papers are set.

    Carriage (HT) is given back only where it was our error. Raises `AlreadyCredited` where more would be
    credited than was invoiced, `DocumentNotMade` as for an invoice.
    """
    invoices = {credit.invoice.id: credit.invoice for credit in credits}
    first, *others = invoices.values()
    if first.account_id != account.id or any(_differ(first, other) for other in others):
        raise ValueError("a credit note corrects invoices of one account, taxed alike")
    lines = tuple(_credit_line(credit) for credit in credits)
    facts = Facts(
        kind=Kind.CREDIT_NOTE,
        issued_on=issued_on or clock.today(),
        customer=_party(account),
        delivery_address=first.delivery_address,
        regime=first.regime,
        lines=lines,
        totals=rules.totals(lines, carriage_cents),
        delivered_on=first.delivered_on,
        reason=reason,
        cited=tuple(Cited(each.id, each.number, each.issued_on) for each in invoices.values()),
    )
    _refuse_without_mentions(facts)
    return facts


def of(account: Account, facts: Facts) -> Draft:
    """The draft of these facts: its papers are set, which is what takes time. Raises `DocumentNotMade`."""
    _refuse_without_mentions(facts)
    if any(bool(line.vat_bp) is not facts.regime.is_taxed for line in facts.lines):
        raise ValueError("the VAT rates of the lines are not those of where they go")
    number = numbering.upcoming_reference(facts.kind.series, facts.issued_on)
    return Draft(account, facts, number, papers(number, facts))


def papers(number: str, facts: Facts) -> Papers:
    """The document in every form in which it is issued, under this number."""
    ours = house()
    try:
        terms = einvoice.terms(number, facts, ours)
        data = einvoice.cii(terms)
        return {
            Form.PDF: container.factur_x(paper.pdf(number, facts, ours, data)),
            Form.CII: data,
            Form.UBL: einvoice.ubl(terms),
        }
    except (einvoice.NotWritten, container.NotArchivable) as fault:
        log.exception("%s not made", number)
        raise DocumentNotMade("Le document n’a pas pu être établi : rien n’a changé.") from fault


def _refuse_without_mentions(facts: Facts) -> None:
    """What an invoice must state, of us and of the customer (domain.md §5.1)."""
    if missing := house().missing_legal_facts:
        raise DocumentNotMade(
            f"Il manque dans les réglages du portail : {', '.join(missing)}. Sans ces mentions légales,"
            " aucun document ne peut être établi."
        )
    customer = facts.customer
    if customer.is_french and len(customer.siret) != SIRET_LENGTH:
        raise DocumentNotMade(
            f"Il manque le SIRET de {customer.address.recipient} (compte {customer.account_number}) :"
            " complétez la fiche du compte, puis recommencez."
        )


def _party(account: Account) -> Party:
    return Party(
        account_number=account.number,
        name=account.legal_name,
        address=account.place,
        siret=account.siret,
        vat_number=account.vat_number,
        email=account.email,
    )


def _differ(one: Document, other: Document) -> bool:
    return one.account_id != other.account_id or one.regime is not other.regime


def _credit_line(credit: Credit) -> Line:
    cited, line = credit.invoice.number, credit.line
    if line is None:
        return Line(
            designation=credit.designation,
            quantity=1,
            net_unit_micros=money.micros(credit.net_cents),
            line_cents=credit.net_cents,
            vat_bp=credit.vat_bp,
            cites=cited,
        )
    left = line.quantity - line.credited_quantity
    if not 0 < credit.quantity <= left:
        raise AlreadyCredited(f"« {line.designation} », {cited} : il reste {left} à créditer.")
    return Line(
        designation=line.designation,
        quantity=credit.quantity,
        net_unit_micros=line.net_unit_micros,
        line_cents=creditable.of_copies(line, credit.quantity),
        vat_bp=line.vat_bp,
        isbn=line.isbn,
        price_cents=line.price_cents,
        discount_bp=line.discount_bp,
        cites=cited,
        corrects_id=line.id,
    )
