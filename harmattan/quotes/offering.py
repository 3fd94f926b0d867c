"""What sales grant: a discount line by line, a term, a last day; each sending is a version (J7)."""

from harmattan.access.models import User
from harmattan.core import clock
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.quotes import comparing, granting, revising, rules
from harmattan.quotes.models import Offer, Quote
from harmattan.quotes.proposals import Proposal
from harmattan.quotes.rules import TRANSITIONS, Action, Outcome, Status
from harmattan.quotes.service import act, status_today, tell


class NotWhatWasAsked(Refusal):
    """The proposal is not the request at other terms: copies, discounts or days do not fit."""

    title = "Cette proposition ne répond pas à la demande"


def offer(quote: Quote, proposal: Proposal, by: User, *, seen: int) -> Offer:
    """Send the next version to the shop; an earlier one that still waited is replaced, and kept (R49).

    After an acceptance it is a revision: the order stands until the shop agrees, and only while it is not
    validated (`revising.OrderIsFinal`). Raises `Overtaken` where somebody acted since the quote was shown.
    """
    _check(quote, proposal)
    is_revision = quote.status is Status.ACCEPTED
    if is_revision:
        revising.order_to_change(quote)
    number = len(quote.offers) + 1
    text = f"Version {number}" + (f" : {proposal.text}" if proposal.text else "")
    action = Action.REVISE if is_revision else Action.OFFER
    act(quote, action, by.name, text, seen=seen, valid_until=proposal.valid_until)
    if quote.open_offer:
        quote.open_offer.outcome = Outcome.REPLACED
    made = _write(quote, number, proposal, by)
    tell(quote, "quote_offered", offer=made, comparison=comparing.of_offer(made, clock.today()))
    return made


def refuse(quote: Quote, words: str, by: User, *, seen: int) -> None:
    """Tell the shop that its request is not followed, in words (R46)."""
    act(quote, Action.REFUSE, by.name, words, seen=seen)
    tell(quote, "quote_refused", words=words)


def may_offer(quote: Quote, by: User) -> bool:
    """Whether this person may send a version now (R46)."""
    allowed = TRANSITIONS[status_today(quote)]
    if by.service is not Service.SALES:
        return False
    return Action.OFFER in allowed or (Action.REVISE in allowed and revising.is_possible(quote))


def may_refuse(quote: Quote, by: User) -> bool:
    """Whether this person may say that the request is not followed."""
    return by.service is Service.SALES and Action.REFUSE in TRANSITIONS[status_today(quote)]


def _check(quote: Quote, proposal: Proposal) -> None:
    """What the form has explained field by field; whoever else calls is refused."""
    for line in quote.lines:
        own = [part for part in proposal.granted if part.line is line]
        faults = [granting.split_fault([part.quantity for part in own], line.quantity)]
        faults += [granting.rate_fault(part.discount_bp, quote.discount_bp) for part in own]
        if any(faults) or any(part.quantity < 1 for part in own):
            raise NotWhatWasAsked(f"« {line.title} » : {next(filter(None, faults), 'une part est vide')}.")
    if not rules.is_open(proposal.valid_until, clock.today()):
        raise NotWhatWasAsked("La date de validité est passée.")


def _write(quote: Quote, number: int, proposal: Proposal, by: User) -> Offer:
    today = clock.today()
    parts = comparing.drafted(quote, proposal.granted)
    comparison = comparing.of_parts(quote, parts, proposal.term, today, today)
    made = Offer(
        quote=quote,
        number=number,
        made_at=clock.now(),
        made_by=by.name,
        term=proposal.term,
        valid_until=proposal.valid_until,
        text=proposal.text,
        goods_cents=comparison.current.goods_cents,
        carriage_cents=comparison.carriage.fee_cents,
        gross_cents=comparison.current.totals.gross_cents,
        parts=parts,
    )
    db.session.add(made)
    return made
