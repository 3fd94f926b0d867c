"""What there is in one life, and how an act is tried: done, or refused with nothing changed."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from harmattan.billing.models import Document
from harmattan.billing.rules import Kind
from harmattan.cart import service as carts
from harmattan.core import clock
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.orders.models import ChangeRequest, Order, OrderLine
from harmattan.quotes.models import Quote
from harmattan.shipments.models import Parcel
from tests import cast

LATE = st.sampled_from([0, 0, 0, 0, 0, 1, 2])
"""How far behind the page is that somebody decides on: a version, or an offer with it."""

PLACE = st.integers(0, 1)
"""Which line of the order, or which parcel."""


class World(RuleBasedStateMachine):
    """Karim's request of two titles, one of which is short on the shelves."""

    def __init__(self, people: SimpleNamespace, shelf: SimpleNamespace):
        super().__init__()
        self.people, self.shelf = people, shelf
        shelf.t1.stock, shelf.t5.stock = 1_000, 3
        self.quote: Quote
        self.mark = ""
        """What the page showed to whoever validates."""
        self.validated: list[tuple[object, ...]] | None = None
        self.is_only_tried = False

    def begin(self, *, is_urgent: bool) -> None:
        cart = carts.open_cart(self.people.karim.account_id)
        cart.deliver_by = clock.today() + dt.timedelta(days=16) if is_urgent else None
        self.quote = cast.quote(self.people.karim, (self.shelf.t1, 6), (self.shelf.t5, 4))

    @property
    def order(self) -> Order | None:
        return db.session.scalars(sa.select(Order).filter_by(cart_id=self.quote.cart_id)).one_or_none()

    def lines(self) -> list[OrderLine]:
        return self.order.lines if self.order else []

    def parcels(self) -> list[Parcel]:
        of_order = sa.select(Parcel).join(Order, Order.id == Parcel.order_id)
        return list(
            db.session.scalars(of_order.where(Order.cart_id == self.quote.cart_id).order_by(Parcel.number))
        )

    def requests(self) -> list[ChangeRequest]:
        of_order = sa.select(ChangeRequest).join(Order, Order.id == ChangeRequest.order_id)
        its = of_order.where(Order.cart_id == self.quote.cart_id).order_by(ChangeRequest.id)
        return list(db.session.scalars(its))

    def invoices(self, order: Order) -> list[Document]:
        its = sa.select(Document).where(
            Document.order_reference == order.reference, Document.kind == Kind.INVOICE
        )
        return list(db.session.scalars(its))

    def agreed(self, order: Order) -> list[tuple[object, ...]]:
        """What validation settles for good (R51, R52)."""
        terms = (order.payment_term, order.gross_cents, order.carriage_cents, order.invoice_number)
        dates = (order.mode, order.deliver_by, order.not_before, order.urgent_date_state)
        lines = [(each.id, each.quantity, each.discount_bp, each.line_cents) for each in order.lines]
        return [terms, dates, *lines]

    def with_order(self, act: Callable[[Order], object]) -> bool:
        order = self.order
        return order is not None and self.attempt(lambda: act(order))

    def before_validation(self, act: Callable[[Order], object]) -> bool:
        """What nobody may do any more once the order is validated or cancelled (R51, R52)."""
        may = self.order is not None and self.order.status.may_change
        done = self.with_order(act)
        assert may or not done, "done with an order that may change no more"
        return done

    def attempt(self, act: Callable[[], object]) -> bool:
        """The savepoint stands for the transaction of a request."""
        before = () if self.is_only_tried else self.everything()
        try:
            with db.session.begin_nested():
                act()
        except Refusal:
            db.session.expire_all()
            assert self.is_only_tried or self.everything() == before
            return False
        db.session.flush()
        db.session.expire_all()
        return True

    def only_tried(self, act: Callable[[], object]) -> None:
        """Whatever comes of it is forgotten."""
        validated, kept = self.validated, db.session.begin_nested()
        self.is_only_tried = True
        try:
            act()
        finally:
            kept.rollback()
            db.session.expire_all()
            self.validated, self.is_only_tried = validated, False

    def everything(self) -> tuple[object, ...]:
        quote, order = self.quote, self.order
        return (
            (quote.status, quote.version, [offer.outcome for offer in quote.offers], len(quote.events)),
            [(title.stock, title.reserved) for title in (self.shelf.t1, self.shelf.t5)],
            order
            and (
                (order.status, order.version, order.address, order.proposed_date, len(order.events)),
                self.agreed(order),
                [(each.shipped, each.cancelled, each.returned, each.reserved) for each in order.lines],
                [(each.number, each.state) for each in self.parcels()],
                [each.state for each in self.requests()],
                len(self.invoices(order)),
            ),
        )

    @property
    def is_in_time(self) -> bool:
        """Whether the shop may still decide on an offer today (R49)."""
        offer = self.quote.open_offer
        return offer is not None and clock.today() <= offer.valid_until

    def teardown(self) -> None:
        db.session.rollback()
        clock.start_at(cast.MONDAY)
