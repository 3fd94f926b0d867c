"""Validate an order: what it comes to now, its invoice, then everything in one act (R39, J8; ADR 13).

`propose` reckons and writes nothing: the page shows it, and whoever validates sends back what was seen.
`prepare` sets the invoice outside any transaction; `validate` writes everything, or nothing at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from harmattan.access.models import User
from harmattan.billing import drafts
from harmattan.billing import service as billing
from harmattan.billing.drafts import Delivery, Draft
from harmattan.billing.rules import Line as InvoiceLine
from harmattan.cart.rules import BackorderPolicy
from harmattan.catalogue import reservations
from harmattan.catalogue.models import Title
from harmattan.core import money
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.money import Totals
from harmattan.orders import amounts, changes, copies, questions
from harmattan.orders.models import ChangeRequest, Order, OrderLine
from harmattan.orders.progress import hold
from harmattan.orders.rules import TRANSITIONS, Action, UrgentDateState
from harmattan.orders.service import Overtaken, act, refusal
from harmattan.outbox.attachments import Attached

_UNANSWERED = (UrgentDateState.REQUESTED, UrgentDateState.PROPOSED)


class DateUnanswered(Refusal):
    """« Date de livraison impérative » is answered before the order is validated (R56, R57)."""

    title = "La date de livraison impérative attend une réponse"


class RequestWaiting(Refusal):
    """What the shop asks to have changed is applied or refused before the order is validated (R50, R53)."""

    title = "Une demande de modification attend une réponse"


class CarriageOpen(Refusal):
    """Carriage that no tariff gives is fixed at validation (R85)."""

    title = "Les frais de port restent à fixer"


class NothingToDeliver(Refusal):
    """No copy of the order can be had any more."""

    title = "Rien de cette commande ne peut être livré"


@dataclass(frozen=True)
class ProposedLine:
    """A line as it would be validated now."""

    line: OrderLine
    title: Title
    at_once: int
    """Copies that are there."""
    dropped: int
    """Copies that are missing and will not be noted: neither sent nor invoiced."""
    price_cents: int
    net_unit_micros: int
    line_cents: int

    @property
    def accepted(self) -> int:
        return self.line.quantity - self.dropped

    @property
    def noted(self) -> int:
        return self.accepted - self.at_once

    @property
    def has_new_price(self) -> bool:
        return self.price_cents != self.line.price_cents

    @property
    def weight_g(self) -> int:
        return self.line.weight_g // self.line.quantity * self.accepted


@dataclass(frozen=True)
class Proposal:
    """The order as it would be validated now, at the prices in force (domain.md §2.2)."""

    version: int
    lines: Sequence[ProposedLine]
    agreed_cents: int | None
    """Carriage HT; None where no tariff gives it."""
    carriage_cents: int | None
    """The same, or what sales fixed."""
    totals: Totals

    @property
    def accepted(self) -> Sequence[ProposedLine]:
        """The lines of which something can be had."""
        return [each for each in self.lines if each.accepted]

    @property
    def mark(self) -> str:
        """What a page sends back, so that nothing else is validated than what it showed."""
        agreed = "" if self.agreed_cents is None else self.agreed_cents
        return f"{self.version}-{self.totals.goods_cents}-{agreed}"

    @property
    def figures(self) -> tuple[object, ...]:
        """Everything that the invoice is made of."""
        lines = tuple((each.line.id, each.accepted, each.line_cents, each.line.vat_bp) for each in self.lines)
        return (self.version, self.carriage_cents, lines)


def propose(order: Order, typed_carriage_cents: int | None = None) -> Proposal:
    """Reckon the order as it would be validated now."""
    lines = db.session.scalars(
        sa.select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.id)
    ).all()
    titles = db.session.scalars(sa.select(Title).where(Title.id.in_([line.title_id for line in lines])))
    return _proposal(order, lines, {title.id: title for title in titles}, typed_carriage_cents)


def _proposal(
    order: Order, lines: Sequence[OrderLine], titles: Mapping[int, Title], typed_cents: int | None
) -> Proposal:
    there = copies.there_are(lines, titles)
    proposed = [_line(line, titles[line.title_id], there[line.id]) for line in lines]
    agreed_cents = _carriage(order, proposed)
    carriage_cents = typed_cents if agreed_cents is None else agreed_cents
    goods = [(each.line.vat_bp, each.line_cents) for each in proposed if each.accepted]
    found = amounts.totals(order, order.territory, goods, carriage_cents)
    return Proposal(order.version, proposed, agreed_cents, carriage_cents, found)


def _line(line: OrderLine, title: Title, at_once: int) -> ProposedLine:
    missing = line.quantity - at_once
    is_dropped = line.backorder_policy is BackorderPolicy.SKIP or not title.is_orderable
    price, unit = line.price_cents, line.net_unit_micros
    if title.price_cents not in (None, price):
        price = title.price_cents or 0
        unit = int(money.net_unit_price(price, title.vat_bp, line.discount_bp) * 1_000_000)
    kept = ProposedLine(line, title, at_once, missing if is_dropped else 0, price, unit, 0)
    return replace(kept, line_cents=amounts.line_cents(kept.accepted, unit))


def _carriage(order: Order, lines: Sequence[ProposedLine]) -> int | None:
    """As agreed; reckoned again where the parcel has become lighter."""
    if order.carriage_cents is None or not any(each.dropped for each in lines):
        return order.carriage_cents
    weight_g = sum(each.weight_g for each in lines)
    return amounts.carriage(order, order.mode, order.territory, weight_g).fee_cents


@dataclass(frozen=True)
class Prepared:
    """A validation that is ready, but for the writing."""

    proposal: Proposal
    invoice: Draft


def prepare(order: Order, seen: str, typed_carriage_cents: int | None) -> Prepared:
    """Set the invoice of the order as it was seen (`Proposal.mark`); writes nothing.

    Raises `Overtaken` where the order comes to something else now, `RequestWaiting`, `DateUnanswered`,
    `CarriageOpen`, `NothingToDeliver`, `TooLate`, or `DocumentNotMade` where the invoice is not made (R39).
    """
    if Action.VALIDATE not in TRANSITIONS[order.status]:
        raise refusal(order, Action.VALIDATE)
    if order.urgent_date_state in _UNANSWERED:
        raise DateUnanswered(f"Elle est {order.urgent_date_state.label}.")
    proposal = propose(order, typed_carriage_cents)
    if not proposal.accepted:
        raise NothingToDeliver("Aucun titre n’est disponible ni noté : annulez la commande, avec le motif.")
    if proposal.carriage_cents is None:
        raise CarriageOpen("Saisissez les frais de port HT : aucun tarif ne les donne.")
    if proposal.mark != seen:
        raise _not_as_seen(order)
    return Prepared(proposal, _draft(order, proposal))


def _not_as_seen(order: Order) -> Refusal:
    """A page that shows an open request offers no validation, so a mark that fits was read before it came."""
    if changes.pending(order):
        return RequestWaiting("Appliquez-la ou refusez-la d’abord, puis validez la commande.")
    return Overtaken(_SINCE)


_SINCE = (
    "Les titres, les prix ou les disponibilités ont changé depuis l’affichage : relisez-la, puis validez."
)


def _draft(order: Order, proposal: Proposal) -> Draft:
    return drafts.invoice(
        order.account,
        [_invoiced(each) for each in proposal.accepted],
        delivery=Delivery(
            territory=order.territory,
            address=order.address,
            carriage_cents=proposal.carriage_cents or 0,
            is_collected=order.mode.is_collected,
        ),
        term=order.payment_term,
        order_reference=order.reference,
        own_reference=order.own_reference,
    )


def _invoiced(each: ProposedLine) -> InvoiceLine:
    line = each.line
    return InvoiceLine(
        designation=line.title,
        quantity=each.accepted,
        net_unit_micros=each.net_unit_micros,
        line_cents=each.line_cents,
        vat_bp=line.vat_bp,
        isbn=line.isbn,
        price_cents=each.price_cents,
        discount_bp=line.discount_bp,
    )


def validate(order: Order, prepared: Prepared, by: User) -> ChangeRequest | None:
    """Copies put aside, invoice issued, order validated, mail queued with the very file: one act (R39).

    Returns the shop's request that it makes too late (R53). Raises what `prepare` raises, where somebody
    was faster.
    """
    lines = list(hold(order).values())
    titles = reservations.locked({line.title_id for line in lines})
    proposal = _proposal(order, lines, titles, prepared.proposal.carriage_cents)
    if proposal.figures != prepared.proposal.figures:
        raise refusal(order, Action.VALIDATE)
    for each in proposal.lines:
        _settle(each)
    copies.put_aside(lines, titles)
    number = billing.issue(prepared.invoice, by.name).number
    _conclude(order, proposal, number, by)
    questions.close(order, by)
    return changes.miss(order, by)


def _settle(each: ProposedLine) -> None:
    line = each.line
    line.cancelled = each.dropped
    line.price_cents, line.net_unit_micros = each.price_cents, each.net_unit_micros
    line.line_cents, line.weight_g = each.line_cents, each.weight_g


def _conclude(order: Order, proposal: Proposal, number: str, by: User) -> None:
    act(
        order,
        Action.VALIDATE,
        by,
        f"Facture {number}, par courriel à {order.placed_by.email}",
        attached=[Attached("billing.document_file", number, f"{number}.pdf")],
        invoice_number=number,
        **amounts.as_columns(proposal.totals, proposal.carriage_cents),
    )
