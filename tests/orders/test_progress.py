"""The five quantities of a line: whatever is recorded, in whatever order, they agree (R63, R67, J9)."""

import datetime as dt
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.exc import IntegrityError

from harmattan.cart.rules import BackorderPolicy
from harmattan.catalogue.rules import Availability
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.deliveries import service as deliveries
from harmattan.deliveries.rules import DeliveryMode
from harmattan.orders import progress, service
from harmattan.orders.line_state import Now, state_of
from harmattan.orders.models import Order, OrderEvent, OrderLine
from harmattan.orders.rules import Action, Status
from harmattan.orders.service import standing_of
from harmattan.orders.standings import departure
from tests import cast
from tests.browser import fold

THURSDAY = dt.date(2026, 11, 26)
FRIDAY = dt.date(2026, 11, 27)


@pytest.fixture
def shelf(people: SimpleNamespace) -> SimpleNamespace:
    return cast.titles()


@pytest.fixture
def order(people: SimpleNamespace, shelf: SimpleNamespace) -> Order:
    """T1 × 15, T2 × 5, validated."""
    placed = cast.order(people.karim, (shelf.t1, 15), (shelf.t2, 5))
    service.act(placed, Action.VALIDATE, people.marie)
    return placed


def ship(order: Order, by: SimpleNamespace, *copies: int) -> None:
    """So many copies of the first line, of the second…"""
    chosen = {line.id: count for line, count in zip(order.lines, copies, strict=False) if count}
    progress.record_shipment(order, chosen, by.hugo, delivery_on=THURSDAY, text="Colis 1")


def quantities(order: Order) -> list[tuple[int, ...]]:
    db.session.flush()
    db.session.expire_all()
    return [
        (line.quantity, line.shipped, line.remaining, line.cancelled, line.returned) for line in order.lines
    ]


def actions(order: Order) -> list[Action]:
    events = sa.select(OrderEvent.action).where(OrderEvent.order_id == order.id).order_by(OrderEvent.id)
    return list(db.session.scalars(events))


def test_what_does_not_leave_is_noted_and_the_order_is_partly_shipped(
    order: Order, people: SimpleNamespace
) -> None:
    ship(order, people, 15, 3)
    assert quantities(order) == [(15, 15, 0, 0, 0), (5, 3, 2, 0, 0)]
    assert order.status is Status.PARTLY_SHIPPED
    assert actions(order)[-2:] == [Action.PREPARE, Action.SHIP_PART]


def test_the_last_copies_make_it_shipped_and_promise_the_delivery(
    order: Order, people: SimpleNamespace
) -> None:
    ship(order, people, 15, 3)
    ship(order, people, 0, 2)
    assert quantities(order) == [(15, 15, 0, 0, 0), (5, 5, 0, 0, 0)]
    assert order.status is Status.SHIPPED
    stands = standing_of(order)
    assert (stands.promise, stands.until) == ("prévue le", THURSDAY)


def test_never_more_leaves_than_was_ordered(order: Order, people: SimpleNamespace) -> None:
    ship(order, people, 10)
    with pytest.raises(progress.MoreThanRemains, match="5"):
        ship(order, people, 6)


def test_a_departure_of_nothing_is_none(order: Order, people: SimpleNamespace) -> None:
    with pytest.raises(progress.NothingLeaves):
        ship(order, people)


def test_a_line_of_another_order_is_no_line_of_this_one(
    order: Order, people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    other = cast.order(people.paul, (shelf.t1, 15), number=2)
    with pytest.raises(progress.NotOnThisOrder):
        progress.record_shipment(order, {other.lines[0].id: 1}, people.hugo, delivery_on=THURSDAY, text="")


def test_what_is_missing_of_a_line_not_to_be_noted_is_cancelled(
    order: Order, people: SimpleNamespace
) -> None:
    order.lines[1].backorder_policy = BackorderPolicy.SKIP
    ship(order, people, 15, 3)
    assert quantities(order) == [(15, 15, 0, 0, 0), (5, 3, 0, 2, 0)]
    assert order.status is Status.SHIPPED


def test_a_line_not_to_be_noted_waits_as_long_as_none_of_it_leaves(
    order: Order, people: SimpleNamespace
) -> None:
    order.lines[1].backorder_policy = BackorderPolicy.SKIP
    ship(order, people, 15)
    assert quantities(order)[1] == (5, 0, 5, 0, 0)


def test_a_line_wanted_together_leaves_whole_or_not_at_all(order: Order, people: SimpleNamespace) -> None:
    order.lines[1].backorder_policy = BackorderPolicy.TOGETHER
    with pytest.raises(progress.NotTogether, match="expédiez les 5 exemplaires, ou aucun"):
        ship(order, people, 15, 3)
    db.session.rollback()


def test_a_line_wanted_together_may_wait_while_others_leave(order: Order, people: SimpleNamespace) -> None:
    order.lines[1].backorder_policy = BackorderPolicy.TOGETHER
    ship(order, people, 15)
    ship(order, people, 0, 5)
    assert order.status is Status.SHIPPED


@pytest.mark.parametrize("status", [Status.RECORDED, Status.DETAILS_REQUESTED, Status.CANCELLED])
def test_nothing_leaves_of_an_order_that_is_not_validated(
    people: SimpleNamespace, shelf: SimpleNamespace, status: Status
) -> None:
    placed = cast.order(people.karim, (shelf.t1, 2), status=status)
    with pytest.raises(service.NotInThisState):
        ship(placed, people, 1)


# news of what remains


def test_news_come_when_the_catalogue_expects_the_title(
    order: Order, people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    shelf.t2.availability, shelf.t2.expected_on = Availability.REPRINTING, dt.date(2026, 12, 11)
    ship(order, people, 15, 3)
    assert order.lines[1].news_on == dt.date(2026, 12, 11)
    stands = standing_of(order)
    assert (stands.turn, stands.promise) == ("À nous : expédition de ce qui manque", "nouvelles le")
    assert stands.until == dt.date(2026, 12, 11)


def test_the_next_news_of_an_order_are_those_of_its_first_line_with_news(
    order: Order, people: SimpleNamespace
) -> None:
    ship(order, people, 10, 3)
    assert order.promised_on is None
    first, second = order.lines
    progress.announce(order, {first.id: FRIDAY, second.id: THURSDAY})
    assert order.promised_on == THURSDAY
    progress.announce(order, {second.id: None})
    assert order.promised_on == FRIDAY


# in words


@pytest.mark.parametrize(
    ("reserved", "shipped", "cancelled", "label", "tone"),
    [
        (5, 0, 0, "En préparation", "cours"),
        (3, 0, 0, "3 en préparation, 2 notés", "att"),
        (0, 0, 0, "5 notés", "att"),
        (3, 3, 0, "2 notés", "att"),
        (4, 3, 0, "1 en préparation, 1 noté", "att"),
        (5, 5, 0, "Expédié", "fait"),
        (3, 3, 2, "Expédié", "fait"),
        (0, 0, 5, "Annulé", "err"),
    ],
)
def test_a_line_says_what_becomes_of_its_copies(
    order: Order, reserved: int, shipped: int, cancelled: int, label: str, tone: str
) -> None:
    line = order.lines[1]
    line.reserved, line.shipped, line.cancelled = reserved, shipped, cancelled
    stands = state_of(line, Status.PARTLY_SHIPPED)
    assert (fold(stands.label), stands.tone) == (label, tone)


@pytest.mark.parametrize(
    ("availability", "at_once", "policy", "label", "tone"),
    [
        (Availability.AVAILABLE, 5, BackorderPolicy.NOTE, "Disponible", "fait"),
        (Availability.AVAILABLE, 3, BackorderPolicy.NOTE, "3 disponibles, 2 notés", "att"),
        (Availability.AVAILABLE, 0, BackorderPolicy.NOTE, "5 notés", "att"),
        (
            Availability.AVAILABLE,
            3,
            BackorderPolicy.TOGETHER,
            "3 disponibles sur 5 : tout partira ensemble",
            "att",
        ),
        (Availability.AVAILABLE, 3, BackorderPolicy.SKIP, "3 disponibles, 2 ne seront pas livrés", "att"),
        (Availability.AVAILABLE, 0, BackorderPolicy.SKIP, "0 disponible, 5 ne seront pas livrés", "err"),
        (Availability.REPRINTING, 0, BackorderPolicy.NOTE, "Réimpression en cours", "att"),
        (Availability.OUT_OF_PRINT, 0, BackorderPolicy.NOTE, "Épuisé, 5 ne seront pas livrés", "err"),
    ],
)
def test_before_validation_a_line_says_what_there_is_today(
    order: Order, availability: Availability, at_once: int, policy: BackorderPolicy, label: str, tone: str
) -> None:
    line = order.lines[1]
    line.backorder_policy = policy
    stands = state_of(line, Status.RECORDED, Now(availability, availability.is_orderable, THURSDAY, at_once))
    assert (fold(stands.label), stands.tone) == (fold(label), tone)


# what will never come


def test_a_title_gone_from_the_catalogue_is_no_longer_waited_for(
    order: Order, people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    ship(order, people, 15, 3)
    shelf.t2.availability = Availability.OUT_OF_PRINT
    line = order.lines[1].id
    said = progress.cancel_rest(order, line, people.hugo, delivery_on=THURSDAY)
    assert fold(said).endswith("2 exemplaires en moins")
    assert quantities(order)[1] == (5, 3, 0, 2, 0)
    assert (order.status, order.promised_on) == (Status.SHIPPED, THURSDAY)


def test_what_can_still_be_delivered_stays_on_a_validated_order(
    order: Order, people: SimpleNamespace
) -> None:
    ship(order, people, 15, 3)
    with pytest.raises(progress.StillToCome, match="ne se modifie plus"):
        progress.cancel_rest(order, order.lines[1].id, people.hugo, delivery_on=None)


def test_an_order_of_which_nothing_has_left_loses_no_line(
    order: Order, people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    shelf.t2.availability = Availability.OUT_OF_PRINT
    with pytest.raises(service.NotInThisState):
        progress.cancel_rest(order, order.lines[1].id, people.hugo, delivery_on=None)


def test_nothing_comes_of_a_cancelled_order(people: SimpleNamespace, shelf: SimpleNamespace) -> None:
    placed = cast.order(people.karim, (shelf.t1, 4))
    service.act(placed, Action.CANCEL, people.marie)
    assert quantities(placed) == [(4, 0, 0, 4, 0)]


# what comes back


def test_never_more_comes_back_than_has_left(order: Order, people: SimpleNamespace) -> None:
    ship(order, people, 15, 3)
    line = order.lines[1].id
    progress.record_return(order, {line: 2})
    assert quantities(order)[1] == (5, 3, 2, 0, 2)
    with pytest.raises(progress.MoreThanShipped):
        progress.record_return(order, {line: 2})


@pytest.mark.parametrize(
    "wrong",
    [{"shipped": 16}, {"shipped": -1}, {"cancelled": 16}, {"shipped": 8, "cancelled": 8}, {"returned": 1}],
)
def test_the_database_itself_takes_no_quantities_that_disagree(order: Order, wrong: dict[str, int]) -> None:
    with pytest.raises(IntegrityError):
        db.session.execute(sa.update(OrderLine).where(OrderLine.quantity == 15).values(**wrong))


# the departure that is promised


@pytest.mark.parametrize(
    ("not_before", "leaves"),
    [
        (None, dt.date(2026, 11, 24)),
        (dt.date(2026, 11, 25), dt.date(2026, 11, 24)),
        (dt.date(2026, 12, 1), dt.date(2026, 11, 27)),
        (dt.date(2026, 12, 25), dt.date(2026, 12, 23)),
    ],
)
def test_an_order_leaves_so_as_to_arrive_on_the_first_day_that_suits(
    order: Order, not_before: dt.date | None, leaves: dt.date
) -> None:
    wall = clock.in_paris(cast.MONDAY)
    assert departure(wall, DeliveryMode.STANDARD, not_before, deliveries.delays()) == leaves


def test_a_validated_order_says_until_when_it_leaves(order: Order) -> None:
    assert standing_of(order).until == dt.date(2026, 11, 24)


def test_no_departure_is_promised_of_what_is_not_on_sale_yet(
    people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    placed = cast.order(people.karim, (shelf.t4, 2))
    service.act(placed, Action.VALIDATE, people.marie)
    assert standing_of(placed).until is None


# any life of an order


class Life(RuleBasedStateMachine):
    """Departures, returns and lost titles in any order, with quantities of any kind."""

    def __init__(self, people: SimpleNamespace, shelf: SimpleNamespace):
        super().__init__()
        self.people, self.shelf = people, shelf
        self.order = cast.order(people.karim, (shelf.t1, 6), (shelf.t2, 4), (shelf.t5, 5))
        for line, policy in zip(self.order.lines, BackorderPolicy, strict=True):
            line.backorder_policy = policy
        service.act(self.order, Action.VALIDATE, people.marie)
        self.left, self.back = [0, 0, 0], [0, 0, 0]

    @rule(copies=st.lists(st.integers(-1, 7), min_size=3, max_size=3))
    def leave(self, copies: list[int]) -> None:
        before = [line.remaining for line in self.order.lines]
        note, skip, together = copies
        fits = all(0 <= count <= left for count, left in zip(copies, before, strict=True))
        allowed = fits and any(copies) and together in (0, before[2])
        chosen = {line.id: n for line, n in zip(self.order.lines, copies, strict=True) if n}
        if not allowed:
            self._refused(
                lambda: progress.record_shipment(
                    self.order, chosen, self.people.hugo, delivery_on=THURSDAY, text=""
                )
            )
            return
        progress.record_shipment(self.order, chosen, self.people.hugo, delivery_on=THURSDAY, text="")
        self.left = [sum(pair) for pair in zip(self.left, (note, skip, together), strict=True)]

    @rule(copies=st.integers(-1, 7), place=st.integers(0, 2))
    def come_back(self, copies: int, place: int) -> None:
        line = self.order.lines[place].id
        if not 0 < copies <= self.left[place] - self.back[place]:
            self._refused(lambda: progress.record_return(self.order, {line: copies}))
            return
        progress.record_return(self.order, {line: copies})
        self.back[place] += copies

    @precondition(lambda self: self.order.status is Status.PARTLY_SHIPPED)
    @rule(place=st.integers(0, 2), is_lost=st.booleans())
    def lose(self, place: int, is_lost: bool) -> None:
        title = (self.shelf.t1, self.shelf.t2, self.shelf.t5)[place]
        title.availability = Availability.OUT_OF_PRINT if is_lost else Availability.AVAILABLE
        line = self.order.lines[place]
        act = lambda: progress.cancel_rest(self.order, line.id, self.people.hugo, delivery_on=None)  # noqa: E731
        if is_lost and line.remaining:
            act()
        else:
            self._refused(act)

    def _refused(self, act: object) -> None:
        """Refused, and all as before: the savepoint stands for the transaction of a request."""
        with pytest.raises(Exception) as refused, db.session.begin_nested():  # noqa: PT011
            act()  # type: ignore[operator]
        assert refused.type.__module__.startswith("harmattan.orders"), refused

    @invariant()
    def the_quantities_and_the_state_agree(self) -> None:
        found = quantities(self.order)
        assert [row[1] for row in found] == self.left
        assert [row[4] for row in found] == self.back
        assert all(row[0] == row[1] + row[2] + row[3] for row in found)
        done = not any(row[2] for row in found)
        expected = Status.SHIPPED if done else Status.PARTLY_SHIPPED if any(self.left) else Status.VALIDATED
        assert self.order.status is expected

    def teardown(self) -> None:
        db.session.rollback()


def test_no_sequence_of_departures_and_returns_makes_quantities_disagree(
    people: SimpleNamespace, shelf: SimpleNamespace
) -> None:
    db.session.commit()
    run_state_machine_as_test(
        lambda: Life(people, shelf),
        settings=settings(max_examples=25, stateful_step_count=12),
    )
