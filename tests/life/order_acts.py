"""What sales and the shop do with the order until it is validated, and try to do afterwards (R37–R57)."""

import datetime as dt
from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.orders import changes, questions, urgent, validation
from harmattan.orders.models import Order
from harmattan.orders.requests import Fact, FactWish, LineWish, Wish
from harmattan.orders.rules import UrgentDateState
from tests.life.world import LATE, PLACE, World

DECISIONS = ["apply", "refuse", "withdraw"]
ANSWERS = ["confirm", "propose", "refuse", "accept", "decline"]

if_ordered = precondition(lambda self: self.order is not None)


class OrderActs(World):
    @if_ordered
    @rule(place=PLACE, copies=st.integers(1, 8))
    def change_by_phone(self, place: int, copies: int) -> None:
        self.before_validation(
            lambda order: changes.change_by_phone(order, self._wish(place, copies), self.people.marie)
        )

    @if_ordered
    @rule(days=st.none() | st.integers(4, 20))
    def change_the_date_by_phone(self, days: int | None) -> None:
        day = None if days is None else clock.today() + dt.timedelta(days=days)
        self.before_validation(
            lambda order: changes.change_by_phone(
                order, Wish(facts=(FactWish(Fact.DELIVER_BY, order.deliver_by, day),)), self.people.marie
            )
        )

    @if_ordered
    @rule(place=PLACE, copies=st.integers(1, 8), cancels=st.sampled_from([False, False, True]))
    def ask_for_a_change(self, place: int, copies: int, cancels: bool) -> None:
        wish = Wish(cancels=True) if cancels else self._wish(place, copies)
        self.before_validation(lambda order: changes.ask(order, wish, self.people.karim))

    @if_ordered
    @rule(verb=st.sampled_from(DECISIONS))
    def decide_on_the_change(self, verb: str) -> None:
        if not self.requests():
            return
        message, people = self.requests()[-1].thread.reference, self.people
        verbs: dict[str, Callable[[Order], object]] = {
            "apply": lambda order: changes.apply(order, message, people.marie),
            "refuse": lambda order: changes.refuse(order, message, people.marie, "Non."),
            "withdraw": lambda order: changes.withdraw(order, message, people.karim),
        }
        self.before_validation(verbs[verb])

    @if_ordered
    @rule(is_question=st.booleans())
    def ask_details_or_have_them(self, is_question: bool) -> None:
        if is_question:
            self.before_validation(lambda order: questions.ask(order, "Quel étage ?", self.people.marie))
        else:
            self.before_validation(lambda order: questions.note_answer(order, "Au 2e.", self.people.marie))

    @if_ordered
    @rule(verb=st.sampled_from(ANSWERS))
    def answer_the_urgent_date(self, verb: str) -> None:
        people, day = self.people, clock.today() + dt.timedelta(days=7)
        verbs: dict[str, Callable[[Order], object]] = {
            "confirm": lambda order: urgent.confirm(order, people.marie),
            "propose": lambda order: urgent.propose(order, people.marie, day, "Tirage en cours."),
            "refuse": lambda order: urgent.refuse(order, people.marie, "Non."),
            "accept": lambda order: urgent.accept(order, people.karim),
            "decline": lambda order: urgent.decline(order, people.karim),
        }
        promised = self.order is not None and self.order.urgent_date_state is UrgentDateState.CONFIRMED
        assert not (self.before_validation(verbs[verb]) and promised), "a promise is kept"

    @if_ordered
    @rule(reason=st.sampled_from(["Épuisé.", ""]))
    def cancel(self, reason: str) -> None:
        self.before_validation(lambda order: changes.cancel(order, self.people.marie, reason))

    @if_ordered
    @rule()
    def look_before_validation(self) -> None:
        self.mark = validation.propose(self.order).mark if self.order else ""
        db.session.expire_all()

    @if_ordered
    @rule(late=LATE)
    def validate(self, late: int) -> None:
        """On what the page shows now, or on what it showed a while ago."""

        def attempt(order: Order) -> None:
            now = validation.propose(order).mark
            mark = self.mark if late and self.mark else now
            prepared = validation.prepare(order, mark, None)
            assert mark == now, "something else is validated than what was seen"
            validation.validate(order, prepared, self.people.marie)

        if self.before_validation(attempt) and (order := self.order):
            self.validated = self.agreed(order)

    def _wish(self, place: int, copies: int) -> Wish:
        lines = self.lines()
        line = lines[place % len(lines)]
        return Wish(lines=(LineWish(line.id, line.title, line.quantity, copies),))
