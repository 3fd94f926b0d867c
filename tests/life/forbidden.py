"""What is never so, whatever was tried."""

from hypothesis.stateful import invariant

from harmattan.core import clock
from harmattan.orders.requests import RequestState
from harmattan.orders.rules import TRANSITIONS as ORDER_TRANSITIONS
from harmattan.orders.rules import Status as OrderStatus
from harmattan.orders.rules import UrgentDateState
from harmattan.quotes.rules import TRANSITIONS, Action, Outcome, Status
from harmattan.shipments.rules import ParcelState
from tests.life.world import World

UNANSWERED = (UrgentDateState.REQUESTED, UrgentDateState.PROPOSED)


class Forbidden(World):
    @invariant()
    def each_state_follows_from_the_one_before(self) -> None:
        status = Status.REQUESTED
        for event in self.quote.events[1:]:
            assert event.status is TRANSITIONS[status][event.action]
            status = event.status
        assert status is self.quote.status
        if order := self.order:
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
    def there_is_an_order_where_an_offer_was_accepted_in_time(self) -> None:
        accepted = self.quote.accepted_offer
        assert (self.order is None) == (accepted is None)
        if accepted:
            day = max(event.at for event in self.quote.events if event.action is Action.ACCEPT)
            assert clock.in_paris(day).date() <= accepted.valid_until

    @invariant()
    def an_order_that_nobody_changed_is_what_was_accepted(self) -> None:
        order, accepted = self.order, self.quote.accepted_offer
        if order is None or accepted is None:
            return
        assert order.payment_term == accepted.term
        taken = [part for part in accepted.parts if not part.is_set_aside]
        assert [(line.isbn, line.price_cents, line.discount_bp) for line in order.lines] == [
            (part.line.isbn, part.line.price_cents, part.discount_bp) for part in taken
        ]
        assert order.copy_count == sum(line.quantity for line in order.lines)

    @invariant()
    def an_order_comes_to_the_sum_of_its_lines(self) -> None:
        if (order := self.order) and order.status is not OrderStatus.CANCELLED:
            assert order.goods_cents == sum(line.line_cents for line in order.lines)
            vat = sum(share["vat_cents"] for share in order.vat)
            assert order.gross_cents == order.goods_cents + (order.carriage_cents or 0) + vat

    @invariant()
    def what_is_validated_is_never_other_again(self) -> None:
        order = self.order
        assert self.validated == (self.agreed(order) if order and order.status.is_validated else None)

    @invariant()
    def an_order_has_one_invoice_from_its_validation_on_for_what_it_comes_to(self) -> None:
        if order := self.order:
            invoices = [(each.number, each.total_cents, each.term) for each in self.invoices(order)]
            validated = [(order.invoice_number, order.gross_cents, order.payment_term)]
            assert invoices == (validated if order.status.is_validated else [])
            assert not (order.status.is_validated and order.urgent_date_state in UNANSWERED)

    @invariant()
    def one_change_waits_at_most_and_none_on_an_order_that_changes_no_more(self) -> None:
        waiting = [each.state for each in self.requests()].count(RequestState.PENDING)
        assert waiting <= int(self.order is not None and self.order.status.may_change)

    @invariant()
    def parcels_and_quantities_agree(self) -> None:
        left: dict[int, int] = {}
        for parcel in self.parcels():
            for each in parcel.lines:
                left[each.order_line_id] = left.get(each.order_line_id, 0) + each.quantity
        for line in self.lines():
            assert line.shipped == left.get(line.id, 0)
            assert line.quantity == line.shipped + line.remaining + line.cancelled
            assert 0 <= line.returned <= line.shipped
        assert self.validated is not None or not left

    @invariant()
    def the_state_is_what_has_left_and_arrived(self) -> None:
        order = self.order
        if order is None or not order.status.is_validated:
            return
        rests = any(line.remaining for line in order.lines)
        left = any(line.shipped for line in order.lines)
        states = [parcel.state for parcel in self.parcels()]
        gone = (OrderStatus.SHIPPED, OrderStatus.DELIVERED)
        assert (order.status in gone) == (left and not rests)
        assert (order.status is OrderStatus.PARTLY_SHIPPED) == (left and rests)
        if left and not rests and ParcelState.SENT not in states:
            assert order.status is OrderStatus.DELIVERED

    @invariant()
    def copies_stand_on_the_shelves_for_this_order_alone(self) -> None:
        """Put aside are the copies that the order still waits for, never more (ADR 9)."""
        for title in (self.shelf.t1, self.shelf.t5):
            aside = sum(line.reserved - line.shipped for line in self.lines() if line.title_id == title.id)
            assert title.reserved == aside >= 0
            assert title.stock >= 0
