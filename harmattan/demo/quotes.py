"""Quotes in every state: asked for, offered, discussed, accepted in part, declined, expired, withdrawn."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from harmattan.access.models import User
from harmattan.cart import service as carts
from harmattan.catalogue import service as catalogue
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.terms import PaymentTerm
from harmattan.demo.past import clock_at, working_days_ago, working_days_ahead
from harmattan.demo.people import Cast
from harmattan.orders import checked
from harmattan.quotes import deciding, expiry, offering, requesting
from harmattan.quotes.models import Quote
from harmattan.quotes.proposals import Answer, Ask, Granted, Proposal
from harmattan.quotes.rules import EventKind

T1, T4, T5 = "9782343000015", "9782343123455", "9782140423451"
Then = Callable[[Quote, "Plan", Cast], None]


@dataclass(frozen=True)
class Plan:
    """One quote to be: who asks, how many working days ago, for what, and what happened then."""

    by: User
    days_ago: int
    quantities: Mapping[str, int]
    ask: Ask
    granted_bp: int = 3_800
    valid_until: dt.date = field(default_factory=lambda: working_days_ahead(8))
    then: Sequence[Then] = ()


def add(cast: Cast) -> None:
    """Make them in the order of time, each step at its own moment."""
    for plan in sorted(_plans(cast), key=lambda plan: -plan.days_ago):
        with clock_at(working_days_ago(plan.days_ago, 9)):
            quote = _request(plan)
        for number, then in enumerate(plan.then):
            with clock_at(working_days_ago(max(plan.days_ago - number, 0), 14, 10 * number)):
                db.session.expire(quote)
                then(quote, plan, cast)
    expiry.end()


def _plans(cast: Cast) -> list[Plan]:
    karim, anne, paul = cast.karim, cast.anne, cast.paul
    fair = Ask(
        EventKind.FAIR,
        "Salon du livre de Nantes",
        working_days_ahead(12),
        4_000,
        _days(karim, 90),
        "Stand 12.",
    )
    signing = Ask(EventKind.SIGNING, "Rencontre avec Cléo Almeida", working_days_ahead(10), 4_000)
    later = Ask(term=_days(anne, 90), comment="Trésorerie de fin d’année : trente jours de plus suffiraient.")
    paris = Ask(EventKind.OTHER, "Mois de la photographie", working_days_ahead(15), 3_800)
    return [
        Plan(karim, 0, {T1: 40, T5: 10}, signing),
        Plan(karim, 2, {T1: 60, T4: 12}, fair, then=(_offer,)),
        Plan(anne, 3, {T5: 25}, later, then=(_offer, _counter)),
        Plan(karim, 9, {T1: 20, T5: 4}, fair, then=(_offer, _accept_but_the_last)),
        Plan(anne, 12, {T5: 30}, signing, granted_bp=3_700, then=(_offer, _decline)),
        Plan(anne, 25, {T1: 15}, signing, valid_until=working_days_ago(10).date(), then=(_offer,)),
        Plan(karim, 16, {T1: 10}, signing, then=(_withdraw,)),
        Plan(paul, 1, {T5: 20}, paris, then=(_offer,)),
        Plan(paul, 6, {T1: 200}, paris, then=(_refuse,)),
    ]


def _days(by: User, days: int) -> PaymentTerm:
    if by.account is None:
        raise TypeError("only people of a shop ask for a quote")
    return by.account.payment_term.extended_to(days)


def _request(plan: Plan) -> Quote:
    account = plan.by.account
    if account is None:
        raise TypeError("only people of a shop ask for a quote")
    cart = carts.open_cart(account.id)
    titles = catalogue.by_isbn(plan.quantities)
    carts.add(cart, {titles[isbn]: quantity for isbn, quantity in plan.quantities.items()}, plan.by)
    shown = checked.taken_down(carts.overview(cart, account, clock.now()))
    return requesting.request(cart, plan.by, plan.ask, version=cart.version, shown=shown)


def _offer(quote: Quote, plan: Plan, cast: Cast) -> None:
    proposal = Proposal(
        granted=[Granted(line, line.quantity, plan.granted_bp) for line in quote.lines],
        term=quote.wished_term or quote.payment_term,
        valid_until=plan.valid_until,
        text=plan.ask.event_kind.words if plan.ask.event_kind else "",
    )
    offering.offer(quote, proposal, cast.marie, seen=quote.version)


def _counter(quote: Quote, plan: Plan, _cast: Cast) -> None:
    answer = Answer("Merci. Pourriez-vous aller jusqu’à cent vingt jours ?", term=_days(plan.by, 120))
    deciding.counter(quote, answer, plan.by, number=1, seen=quote.version)


def _accept_but_the_last(quote: Quote, plan: Plan, _cast: Cast) -> None:
    deciding.accept(quote, plan.by, number=1, seen=quote.version, set_aside={len(quote.lines)})


def _decline(quote: Quote, plan: Plan, _cast: Cast) -> None:
    deciding.decline(quote, "La rencontre est reportée au printemps.", plan.by, number=1, seen=quote.version)


def _withdraw(quote: Quote, plan: Plan, _cast: Cast) -> None:
    deciding.withdraw(quote, plan.by, seen=quote.version)


def _refuse(quote: Quote, _plan: Plan, cast: Cast) -> None:
    words = "Ce tirage est presque épuisé : nous ne pouvons pas réserver deux cents exemplaires."
    offering.refuse(quote, words, cast.marie, seen=quote.version)
