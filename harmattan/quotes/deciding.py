"""What the shop does with an offer: accept it all or in part, decline, answer, withdraw (R47, R49, J7)."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from harmattan.access.models import User
from harmattan.catalogue.models import Title
from harmattan.conversations import rules as clocks
from harmattan.core import clock
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.core.settings import house
from harmattan.core.typography import plural
from harmattan.orders import agreed
from harmattan.orders import lookups as orders
from harmattan.orders.models import Order
from harmattan.quotes import comparing, revising, rules
from harmattan.quotes.models import Offer, OfferPart, Quote
from harmattan.quotes.pricing import Comparison
from harmattan.quotes.proposals import Answer
from harmattan.quotes.rules import Action, Outcome
from harmattan.quotes.service import Expired, Overtaken, act, refusal


class AlreadyAccepted(Refusal):
    """This offer was accepted before, or at the same moment: `reference` is its order's."""

    def __init__(self, reference: str):
        super().__init__(f"Cette proposition est déjà acceptée : c’est la commande {reference}.")
        self.reference = reference


class CannotBeHad(Refusal):
    """A title that can no longer be ordered, or nothing taken at all; `position` is the part to look at."""

    def __init__(self, message: str, position: int = 1):
        super().__init__(message)
        self.position = position


def accept(quote: Quote, by: User, *, number: int, seen: int, set_aside: Collection[int] = ()) -> Order:
    """Make the offer's order, once: its lines at the granted discounts and term, but those set aside (R47).

    Raises `AlreadyAccepted` for a second press, `Expired`, `Overtaken` where sales sent another version
    meanwhile, `CannotBeHad`.
    """
    offer = _open_offer(quote, number)
    kept = comparing.kept_parts(offer, set_aside)
    titles = _titles(kept)
    order = revising.order_to_change(quote)
    said = _said(offer, kept)
    try:
        act(quote, Action.ACCEPT, by.name, said, seen=seen, valid_until=None)
    except Overtaken:
        _refuse_a_second_acceptance(quote, number)
        raise
    comparison = comparing.of_offer(offer, clock.today(), set_aside)
    _settle(quote, offer, kept, comparison.current.totals.gross_cents)
    lines = [_order_line(each, titles[each.line.title_id]) for each in kept]
    terms = {"payment_term": offer.term} | _amounts(comparison, lines)
    if order:
        return agreed.change(order, by, terms, lines, f"Devis {quote.reference} : {said.lower()}")
    return agreed.record(
        by,
        quote.copied() | terms | {"deliver_by": _date_kept(quote)},
        lines,
        quote_reference=quote.reference,
        cart_id=quote.cart_id,
        event_name=quote.event_name,
        event_on=quote.event_on,
    )


def decline(quote: Quote, words: str, by: User, *, number: int, seen: int) -> None:
    """The shop does not want the offer; nothing is ordered."""
    offer = _open_offer(quote, number)
    act(quote, Action.DECLINE, by.name, words, seen=seen, valid_until=None)
    offer.outcome = Outcome.DECLINED


def counter(quote: Quote, answer: Answer, by: User, *, number: int, seen: int) -> None:
    """The shop answers with words, another discount or term; sales answer in their promised time (R46)."""
    offer = _open_offer(quote, number)
    wishes: dict[str, Any] = {
        "wished_discount_bp": answer.discount_bp or quote.wished_discount_bp,
        "wished_term": answer.term or quote.wished_term,
        "answer_by": clocks.answer_by(clock.now(), Service.SALES, house()),
    }
    act(quote, Action.COUNTER, by.name, answer.words, seen=seen, valid_until=None, **wishes)
    offer.outcome = Outcome.COUNTERED


def keep(quote: Quote, by: User, *, number: int, seen: int) -> None:
    """The shop keeps its order as it is, and not what sales offer anew."""
    offer = _open_offer(quote, number)
    act(quote, Action.KEEP, by.name, f"Version {offer.number} refusée", seen=seen, valid_until=None)
    offer.outcome = Outcome.DECLINED


def withdraw(quote: Quote, by: User, *, seen: int) -> None:
    """The shop no longer asks; possible while sales have not answered."""
    act(quote, Action.WITHDRAW, by.name, seen=seen)


def _open_offer(quote: Quote, number: int) -> Offer:
    """The offer that the page showed, if it still waits for the shop and in time (R49)."""
    _refuse_a_second_acceptance(quote, number)
    offer = quote.open_offer
    if offer and not rules.is_open(offer.valid_until, clock.today()):
        raise Expired(quote)
    if offer is None or offer.number != number:
        raise refusal(quote, Action.ACCEPT)
    return offer


def _refuse_a_second_acceptance(quote: Quote, number: int) -> None:
    accepted = sa.select(Offer.id).where(
        Offer.quote_id == quote.id, Offer.number == number, Offer.outcome == Outcome.ACCEPTED
    )
    order = orders.of_cart(quote.cart_id)
    if order and db.session.scalar(accepted):
        raise AlreadyAccepted(order.reference)


def _titles(kept: Sequence[OfferPart]) -> dict[int, Title]:
    """The titles as they are now; all of them must still be had."""
    if not kept:
        raise CannotBeHad("Gardez au moins une ligne, ou refusez le devis")
    ids = {each.line.title_id for each in kept}
    titles = {title.id: title for title in db.session.scalars(sa.select(Title).where(Title.id.in_(ids)))}
    gone = [each for each in kept if not titles[each.line.title_id].is_orderable]
    if gone:
        first = titles[gone[0].line.title_id]
        raise CannotBeHad(
            f"Écartez « {first.title} » : {first.availability.label.lower()} depuis la demande",
            gone[0].position,
        )
    return titles


def _said(offer: Offer, kept: Sequence[OfferPart]) -> str:
    aside = len(offer.parts) - len(kept)
    return f"Version {offer.number}" + (f", sans {plural(aside, 'ligne')}" if aside else "")


def _settle(quote: Quote, offer: Offer, kept: Sequence[OfferPart], kept_cents: int) -> None:
    if quote.accepted_offer:
        quote.accepted_offer.outcome = Outcome.REPLACED
    offer.outcome, offer.kept_cents = Outcome.ACCEPTED, kept_cents
    for each in offer.parts:
        each.is_set_aside = each not in kept


def _order_line(each: OfferPart, title: Title) -> dict[str, Any]:
    priced = comparing.part(each.line, each.quantity, each.price_cents, each.discount_bp)
    return each.line.copied() | {
        "quantity": each.quantity,
        "availability": title.availability,
        "expected_on": title.expected_on,
        "price_cents": each.price_cents,
        "discount_bp": each.discount_bp,
        "net_unit_micros": priced.net_unit_micros,
        "line_cents": priced.amount_cents(),
        "weight_g": comparing.weight(each),
    }


def _amounts(comparison: Comparison, lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    totals = comparison.current.totals
    return {
        "goods_cents": totals.goods_cents,
        "carriage_cents": comparison.carriage.fee_cents,
        "vat": [asdict(share) for share in totals.vat],
        "gross_cents": totals.gross_cents,
        "line_count": len(lines),
        "copy_count": sum(line["quantity"] for line in lines),
        "weight_g": sum(line["weight_g"] for line in lines),
    }


def _date_kept(quote: Quote) -> dt.date | None:
    """An urgent date that is over is not asked for any more (R64); the page has said so."""
    return quote.deliver_by if quote.deliver_by and quote.deliver_by >= clock.today() else None
