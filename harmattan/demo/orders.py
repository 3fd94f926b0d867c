"""Orders in every state, a history behind them, and a cart that waits."""

import datetime as dt
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from harmattan.access.models import User
from harmattan.billing import service as billing
from harmattan.cart import service as carts
from harmattan.cart.service import Choices
from harmattan.catalogue import service as catalogue
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.deliveries import service as deliveries
from harmattan.deliveries.rules import DeliveryMode
from harmattan.demo import shipments
from harmattan.demo.books import IN_STOCK, SEED, Book
from harmattan.demo.documents import Happening
from harmattan.demo.past import clock_at, working_days_ago, working_days_ahead
from harmattan.demo.people import Cast
from harmattan.orders import changes, checked, placing, questions, service, urgent, validation
from harmattan.orders.models import Order
from harmattan.orders.requests import LineWish, Wish
from harmattan.orders.rules import Action
from harmattan.outbox.attachments import Attached

T1, T2, T4, T5 = "9782343000015", "9782296000018", "9782343123455", "9782140423451"

_SALES = (Action.VALIDATE, Action.ASK_DETAILS, Action.CANCEL)
_TO_DELIVERY = (Action.VALIDATE, Action.PREPARE, Action.SHIP, Action.DELIVER)
HISTORY = 24
INVOICED_SINCE_DAYS = 20
"""Orders validated since then have their invoice; a paper takes a tenth of a second to set."""


@dataclass(frozen=True)
class Plan:
    """One order to be: who places it, how many working days ago, and what was done with it since."""

    by: User
    days_ago: int
    quantities: Mapping[str, int]
    own_reference: str
    comment: str = ""
    mode: DeliveryMode = DeliveryMode.STANDARD
    deliver_by: dt.date | None = None
    not_before: dt.date | None = None
    acts: Sequence[Action] = ()
    text: str = ""
    """Said with the last act."""


def add(cast: Cast, books: Sequence[Book], meanwhile: Sequence[Happening]) -> dict[str, str]:
    """Place them all, letting happen what happened meanwhile; returns their references by own reference."""
    plans = [*_history(cast, books), *_of_grand_large(cast), *_of_quais(cast)]
    placed, to_come = {}, deque(meanwhile)
    for plan in sorted(plans, key=lambda plan: -plan.days_ago):
        while to_come and to_come[0].on < working_days_ago(plan.days_ago).date():
            to_come.popleft().happen()
        placed[plan.own_reference] = _place(plan, cast.marie, cast.hugo)
    for happening in to_come:
        happening.happen()
    _at_the_desk(cast, placed)
    return {own_reference: order.reference for own_reference, order in placed.items()}


def _of_grand_large(cast: Cast) -> list[Plan]:
    karim, anne = cast.karim, cast.anne
    return [
        Plan(
            karim,
            0,
            {T1: 12, T5: 2},
            "Rayon sciences humaines",
            "Livrer par l’arrière. CANARI-104512",
            deliver_by=working_days_ahead(5),
        ),
        Plan(
            anne,
            1,
            {T5: 4},
            "Bibliothèque municipale",
            acts=(Action.ASK_DETAILS,),
            text="À quelle adresse la facture doit-elle être établie ?",
        ),
        Plan(
            karim,
            2,
            {T1: 30, T4: 10},
            "Salon du livre, table 12",
            "Stand 12, entrée côté quai.",
            not_before=working_days_ahead(8),
            acts=_TO_DELIVERY[:1],
        ),
        Plan(anne, 1, {T1: 2}, "Signature d’auteur", deliver_by=working_days_ahead(4)),
        Plan(karim, 3, {T1: 6}, "Vitrine de décembre", acts=_TO_DELIVERY[:2]),
        Plan(
            karim,
            7,
            {T1: 15, T2: 3},
            "Réassort novembre",
            acts=(Action.VALIDATE, Action.PREPARE, Action.SHIP_PART),
            text="Colis 1 sur 2 ; le reste suit.",
        ),
        Plan(karim, 6, {T5: 2, T1: 1}, "Fonds Loire", mode=DeliveryMode.EXPRESS, acts=_TO_DELIVERY[:3]),
        Plan(anne, 14, {T2: 1}, "Commande client Mme R.", acts=_TO_DELIVERY),
        Plan(anne, 3, {T5: 2, T1: 1}, shipments.WITH_A_GAP, acts=_TO_DELIVERY),
        Plan(
            anne,
            11,
            {T1: 40},
            "Journée d’étude",
            acts=(Action.CANCEL,),
            text="Annulée à votre demande : la journée est reportée.",
        ),
    ]


def _of_quais(cast: Cast) -> list[Plan]:
    return [
        Plan(cast.paul, 0, {T5: 3}, "Rentrée de janvier", "CANARI-104733", not_before=working_days_ahead(20)),
        Plan(cast.paul, 0, {T2: 5, T1: 1}, "Rencontre avec l’auteur", deliver_by=working_days_ahead(6)),
        Plan(cast.paul, 0, {T1: 3}, "Commande d’un lycée", deliver_by=working_days_ahead(3)),
        Plan(cast.paul, 5, {T1: 8}, "Table essais", mode=DeliveryMode.COUNTER, acts=_TO_DELIVERY),
    ]


def _history(cast: Cast, books: Sequence[Book]) -> Iterable[Plan]:
    """Delivered orders of the past year and a half."""
    chance = Random(SEED)  # noqa: S311 -- invention, not secrecy
    long_out = [book for book in books if book.availability == IN_STOCK and book.price_cents]
    for number in range(HISTORY):
        chosen = chance.sample(long_out, k=min(chance.randint(2, 9), len(long_out)))
        yield Plan(
            cast.paul if number % 4 == 3 else cast.karim,
            20 + number * 14,
            {book.isbn: chance.randint(1, 6) for book in chosen},
            f"Réassort {number + 1:02}",
            acts=_TO_DELIVERY,
        )


def _place(plan: Plan, sales: User, after_sales: User) -> Order:
    with clock_at(working_days_ago(plan.days_ago, 9, 10)):
        order = _order(plan)
    for number, action in enumerate(plan.acts):
        actor = sales if action in _SALES else after_sales
        last = number == len(plan.acts) - 1
        days_ago = max(plan.days_ago - number, 0)
        with clock_at(working_days_ago(days_ago, 11 + number, 30)):
            if action is Action.ASK_DETAILS:
                questions.ask(order, plan.text, actor)
            elif action is Action.VALIDATE and plan.days_ago < INVOICED_SINCE_DAYS:
                _validate(order, actor)
            elif action in shipments.PLAYED:
                shipments.play(order, action, actor)
            else:
                service.act(order, action, actor, plan.text if last else "")
                shipments.put_aside(order)
    return order


def _validate(order: Order, by: User) -> None:
    """With its invoice, as at sales' desk; the warehouse's count of the demonstration is left alone."""
    prepared = validation.prepare(order, validation.propose(order).mark, None)
    number = billing.issue(prepared.invoice, by.name).number
    text = f"Facture {number}, par courriel à {order.placed_by.email}"
    attached = [Attached("billing.document_file", number, f"{number}.pdf")]
    service.act(order, Action.VALIDATE, by, text, attached=attached, invoice_number=number)
    shipments.put_aside(order)


def _at_the_desk(cast: Cast, placed: Mapping[str, Order]) -> None:
    """A request that waits for sales, and urgent dates: one met, one not, one that waits for the shop."""
    order = placed["Rentrée de janvier"]
    db.session.refresh(order, ["lines"])
    line = order.lines[0]
    more = LineWish(line.id, line.title, line.quantity, line.quantity + 2)
    words = "Le transporteur ne passe pas ce jour-là."
    with clock_at(working_days_ago(0, 9, 40)):
        changes.ask(order, Wish((more,)), cast.paul)
        urgent.confirm(placed["Rencontre avec l’auteur"], cast.marie)
        urgent.refuse(placed["Commande d’un lycée"], cast.marie, words)
        urgent.propose(placed["Signature d’auteur"], cast.marie, working_days_ahead(6), words)


def _order(plan: Plan) -> Order:
    account = plan.by.account
    if account is None:
        raise TypeError("only people of a shop place orders")
    cart = carts.open_cart(account.id)
    titles = catalogue.by_isbn(plan.quantities)
    carts.add(cart, {titles[isbn]: quantity for isbn, quantity in plan.quantities.items()}, plan.by)
    choices = Choices(
        mode=plan.mode,
        address_id=deliveries.addresses(cart.account_id)[0].id,
        deliver_by=plan.deliver_by,
        not_before=plan.not_before,
        own_reference=plan.own_reference,
        comment=plan.comment,
    )
    carts.save(cart, plan.by, choices)
    seen = carts.overview(cart, account, clock.now())
    return placing.place(cart, plan.by, version=cart.version, shown=checked.taken_down(seen))


def leave_a_cart(by: User) -> None:
    """What Karim has begun: four titles, one of them noted beyond the stock."""
    titles = catalogue.by_isbn((T1, T2, T4, T5))
    cart = carts.open_cart(by.account_id or 0)
    carts.add(cart, {titles[T1]: 4, titles[T2]: 5, titles[T4]: 2, titles[T5]: 1}, by)
