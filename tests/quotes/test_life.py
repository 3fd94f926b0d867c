"""Quote, order and parcels together: whatever is tried, in any order, no forbidden state is reached."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from harmattan.core import clock
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.orders import progress, validation
from harmattan.orders import service as orders
from harmattan.orders.models import Order
from harmattan.orders.rules import TRANSITIONS as ORDER_TRANSITIONS
from harmattan.orders.rules import Action as OrderAction
from harmattan.orders.rules import Status as OrderStatus
from harmattan.quotes import deciding, expiry, offering
from harmattan.quotes.models import Quote
from harmattan.quotes.proposals import Answer, Granted, Proposal
from harmattan.quotes.rules import TRANSITIONS, Action, Outcome, Status
from harmattan.shipments import service as shipments
from harmattan.shipments.models import Parcel
from harmattan.shipments.rules import NewParcel
from tests import cast

LATE = st.sampled_from([0, 0, 0, 0, 0, 1])
"""How many versions behind the page is that somebody decides on."""


class Life(RuleBasedStateMachine):
    """The shop, sales, after-sales and time act as they please."""

    def __init__(self, people: SimpleNamespace, shelf: SimpleNamespace):
        super().__init__()
        self.people = people
        self.quote: Quote = cast.quote(people.karim, (shelf.t1, 6), (shelf.t5, 4))
        self.validated: list[tuple[object, ...]] | None = None

    @initialize(steps=st.sampled_from([4, 3, 2, 1, 0]))
    def begin(self, steps: int) -> None:
        """As far as the life has come before anything goes: short lives would see few parcels."""
        usual = (
            lambda: self.offer(4_000, 4, 0),
            lambda: self.accept(set(), 0),
            self.validate,
            lambda: self.leave([2, 1], 3),
        )
        for step in usual[:steps]:
            step()

    @rule(discount=st.integers(3_500, 4_500), days=st.integers(-1, 4), late=LATE)
    def offer(self, discount: int, days: int, late: int) -> None:
        granted = [Granted(line, line.quantity, discount) for line in self.quote.lines]
        until = clock.today() + dt.timedelta(days=days)
        proposal = Proposal(granted, self.quote.payment_term.extended_to(90), until, "Bon salon.")
        self._try(lambda: offering.offer(self.quote, proposal, self.people.marie, seen=self._seen(late)))

    @rule(late=LATE)
    def refuse(self, late: int) -> None:
        self._try(lambda: offering.refuse(self.quote, "Non.", self.people.marie, seen=self._seen(late)))

    @rule(aside=st.sets(st.integers(1, 2)), late=LATE)
    def accept(self, aside: set[int], late: int) -> None:
        self._decide(deciding.accept, late, set_aside=aside)

    @rule(late=LATE)
    def decline(self, late: int) -> None:
        self._decide(lambda *known, **seen: deciding.decline(known[0], "Trop peu.", known[1], **seen), late)

    @rule(late=LATE)
    def counter(self, late: int) -> None:
        answer = Answer("Et 42 % ?", discount_bp=4_200)
        self._decide(lambda *known, **seen: deciding.counter(known[0], answer, known[1], **seen), late)

    @rule(late=LATE)
    def keep(self, late: int) -> None:
        self._decide(deciding.keep, late)

    @rule(late=LATE)
    def withdraw(self, late: int) -> None:
        self._try(lambda: deciding.withdraw(self.quote, self.people.karim, seen=self._seen(late)))

    @rule(days=st.integers(1, 3), noted_down=st.booleans())
    def time_goes_by(self, days: int, noted_down: bool) -> None:
        clock.start_at(clock.now() + dt.timedelta(days=days))
        if noted_down:
            expiry.daily()
            db.session.expire_all()

    @rule()
    def validate(self) -> None:
        def attempt(order: Order) -> None:
            mark = validation.propose(order).mark
            validation.validate(order, validation.prepare(order, mark, None), self.people.marie)

        if self._with_order(attempt):
            self.validated = self._agreed()

    @rule()
    def cancel(self) -> None:
        self._with_order(lambda order: orders.act(order, OrderAction.CANCEL, self.people.marie))

    @rule(copies=st.lists(st.integers(0, 7), min_size=2, max_size=2), days=st.integers(0, 3))
    def leave(self, copies: list[int], days: int) -> None:
        def attempt(order: Order) -> None:
            chosen = {line.id: count for line, count in zip(order.lines, copies, strict=False) if count}
            number = f"6A{order.id:04}{shipments.shipments_of(order):05}"
            parcel = NewParcel("colissimo", number, 900, chosen)
            arrival = clock.today() + dt.timedelta(days=days)
            shipments.record(order, [parcel], self.people.hugo, delivery_on=arrival)

        self._with_order(attempt)

    @rule()
    def deliver(self) -> None:
        self._with_order(lambda order: progress.deliver(order, self.people.hugo))

    def _decide(self, verb: Callable[..., object], late: int, **facts: object) -> None:
        number = max(1, len(self.quote.offers) - late)
        decide = lambda: verb(self.quote, self.people.karim, number=number, seen=self._seen(late), **facts)  # noqa: E731
        self._try(decide)

    def _seen(self, late: int) -> int:
        return self.quote.version - late

    def _with_order(self, act: Callable[[Order], None]) -> bool:
        order = self._order()
        return order is not None and self._try(lambda: act(order))

    def _try(self, act: Callable[[], object]) -> bool:
        """Done, or refused with nothing changed: the savepoint stands for the transaction of a request."""
        before = self._everything()
        try:
            with db.session.begin_nested():
                act()
        except Refusal:
            db.session.expire_all()
            assert self._everything() == before
            return False
        db.session.flush()
        db.session.expire_all()
        return True

    def _order(self) -> Order | None:
        return db.session.scalars(sa.select(Order).filter_by(cart_id=self.quote.cart_id)).one_or_none()

    def _agreed(self) -> list[tuple[object, ...]]:
        order = self._order()
        assert order
        terms = (order.payment_term, order.gross_cents, order.invoice_number)
        return [terms, *((line.id, line.quantity, line.discount_bp, line.line_cents) for line in order.lines)]

    def _everything(self) -> tuple[object, ...]:
        order = self._order()
        return (
            (self.quote.status, self.quote.version, [offer.outcome for offer in self.quote.offers]),
            len(self.quote.events),
            order and (order.status, order.version, self._agreed(), [line.shipped for line in order.lines]),
            order and shipments.shipments_of(order),
        )

    @invariant()
    def each_state_follows_from_the_one_before(self) -> None:
        status = Status.REQUESTED
        for event in self.quote.events[1:]:
            assert event.status is TRANSITIONS[status][event.action]
            status = event.status
        assert status is self.quote.status
        if order := self._order():
            standing = OrderStatus.RECORDED
            for step in order.events[1:]:
                assert step.status is ORDER_TRANSITIONS[standing][step.action]
                standing = step.status
            assert standing is order.status

    @invariant()
    def one_offer_waits_at_most_and_one_is_accepted_at_most(self) -> None:
        outcomes = [offer.outcome for offer in self.quote.offers]
        assert outcomes.count(Outcome.OPEN) <= 1
        assert outcomes.count(Outcome.ACCEPTED) == int(self.quote.status is Status.ACCEPTED)
        if self.quote.status is Status.OFFERED:
            assert outcomes[-1] is Outcome.OPEN

    @invariant()
    def an_order_is_what_was_accepted_in_time_and_nothing_else(self) -> None:
        order, accepted = self._order(), self.quote.accepted_offer
        assert (order is None) == (accepted is None)
        if order is None or accepted is None:
            return
        day = max(event.at for event in self.quote.events if event.action is Action.ACCEPT)
        assert clock.in_paris(day).date() <= accepted.valid_until
        taken = [part for part in accepted.parts if not part.is_set_aside]
        assert order.payment_term == accepted.term
        assert [(line.isbn, line.price_cents, line.discount_bp) for line in order.lines] == [
            (part.line.isbn, part.line.price_cents, part.discount_bp) for part in taken
        ]

    @invariant()
    def what_is_validated_is_never_other_again(self) -> None:
        if self.validated is not None:
            assert self._agreed() == self.validated

    @invariant()
    def parcels_and_quantities_agree(self) -> None:
        order = self._order()
        if order is None:
            return
        left: dict[int, int] = {}
        for parcel in db.session.scalars(sa.select(Parcel).filter_by(order_id=order.id)):
            for each in parcel.lines:
                left[each.order_line_id] = left.get(each.order_line_id, 0) + each.quantity
        for line in order.lines:
            assert line.shipped == left.get(line.id, 0)
            assert line.quantity == line.shipped + line.remaining + line.cancelled
        assert order.status.is_validated or not left

    def teardown(self) -> None:
        db.session.rollback()
        clock.start_at(cast.MONDAY)


def test_no_forbidden_state_is_ever_reached(people: SimpleNamespace) -> None:
    shelf = cast.titles()
    shelf.t1.stock = shelf.t5.stock = 100_000
    cast.tariffs()
    db.session.commit()

    with cast.stand_in_papers():
        run_state_machine_as_test(
            lambda: Life(people, shelf),  # type: ignore[arg-type]
            settings=settings(max_examples=60, stateful_step_count=20, deadline=None),
        )
