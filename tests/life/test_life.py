"""Quote, order, invoice and parcels in one life: whatever is tried, no forbidden state is reached."""

from types import SimpleNamespace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test

from harmattan.core.extensions import db
from tests import cast
from tests.life.forbidden import Forbidden
from tests.life.order_acts import ANSWERS, DECISIONS, OrderActs
from tests.life.parcel_acts import ParcelActs
from tests.life.quote_acts import QuoteActs

STARTS = (
    "",
    "offer",
    "offer wait",
    "offer accept",
    "offer accept offer",
    "offer accept offer wait",
    "offer accept confirm",
    "offer accept look change",
    "offer accept ask cancel",
    "offer accept ask validate",
    "offer accept offer validate",
    "offer accept validate leave",
    "offer accept validate leave rest arrive",
)
"""How far a life has come before anything goes: short lives would see few validations and parcels."""


class Life(QuoteActs, OrderActs, ParcelActs, Forbidden):
    """The shop, sales, after-sales, the warehouse and time act as they please."""

    def __init__(self, people: SimpleNamespace, shelf: SimpleNamespace, start: str):
        super().__init__(people, shelf)
        self.start = start

    @initialize(is_urgent=st.booleans())
    def come_so_far(self, is_urgent: bool) -> None:
        self.begin(is_urgent=is_urgent)
        usual = {
            "offer": lambda: self.offer(4_000, 2, 0),
            "accept": lambda: self.accept(set(), 0),
            "wait": lambda: self.time_goes_by(3, noted_down=False),
            "cancel": lambda: self.cancel("Épuisé."),
            "confirm": lambda: self.answer_the_urgent_date("confirm"),
            "look": self.look_before_validation,
            "change": lambda: self.change_by_phone(0, 4),
            "ask": lambda: self.ask_for_a_change(0, 5, cancels=False),
            "validate": self._validate_at_once,
            "leave": lambda: self.leave([2, 1], 3),
            "rest": lambda: self.leave([4, 3], 3),
            "arrive": lambda: [self.receive(place) for place in (0, 1)],
        }
        for step in self.start.split():
            usual[step]()
        self.everything_is_tried()

    @rule()
    def everything_is_tried(self) -> None:
        """What must be refused here is, whichever act it is; of what may be done nothing is kept."""
        tries = [
            lambda: self.offer(4_000, 2, 0),
            lambda: self.refuse(0),
            lambda: self.withdraw(0),
            lambda: self.accept(set(), 0),
            lambda: self.accept(set(), 1),
            lambda: self.accept(set(), 2),
            lambda: self.decline(0),
            lambda: self.counter(0),
            lambda: self.keep(0),
        ]
        if self.order:
            tries += [
                lambda: self.change_by_phone(0, 3),
                lambda: self.change_the_date_by_phone(9),
                lambda: self.ask_for_a_change(0, 3, cancels=False),
                *(lambda verb=verb: self.decide_on_the_change(verb) for verb in DECISIONS),
                *(lambda verb=verb: self.answer_the_urgent_date(verb) for verb in ANSWERS),
                lambda: self.ask_details_or_have_them(is_question=True),
                lambda: self.cancel("Épuisé."),
                lambda: self.validate(1),
                lambda: self.leave([7, 0], 3),
                lambda: self.leave([1, 0], 3),
                lambda: self.receive(0),
                lambda: self.come_back(0, 7),
                lambda: self.give_up(0),
                lambda: self.change_the_address_by_phone("2 rue du Quai"),
                self.deliver,
            ]
        for each in tries:
            self.only_tried(each)

    def _validate_at_once(self) -> None:
        self.answer_the_urgent_date("confirm")
        self.validate(0)


@pytest.mark.parametrize("start", STARTS)
def test_no_forbidden_state_is_ever_reached(start: str, people: SimpleNamespace) -> None:
    shelf = cast.titles()
    cast.tariffs()
    db.session.commit()

    with cast.stand_in_papers():
        run_state_machine_as_test(
            lambda: Life(people, shelf, start),  # type: ignore[arg-type]
            settings=settings(max_examples=4, stateful_step_count=12),
        )
