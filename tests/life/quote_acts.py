"""What the shop and sales do with the quote, and what time does to it (R43–R49)."""

import datetime as dt
from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import rule

from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.quotes import deciding, expiry, offering
from harmattan.quotes.proposals import Answer, Granted, Proposal
from tests.life.world import LATE, World


class QuoteActs(World):
    @rule(discount=st.integers(3_500, 4_500), days=st.sampled_from([0, 1, 2, 4, 10, -1]), late=LATE)
    def offer(self, discount: int, days: int, late: int) -> None:
        granted = [Granted(line, line.quantity, discount) for line in self.quote.lines]
        until = clock.today() + dt.timedelta(days=days)
        proposal = Proposal(granted, self.quote.payment_term.extended_to(90), until, "Bon salon.")
        done = self.attempt(
            lambda: offering.offer(self.quote, proposal, self.people.marie, seen=self._seen(late))
        )
        assert not done or (not late and days >= 0 and discount >= self.quote.discount_bp)

    @rule(late=LATE)
    def refuse(self, late: int) -> None:
        done = self.attempt(
            lambda: offering.refuse(self.quote, "Non.", self.people.marie, seen=self._seen(late))
        )
        assert not (done and late)

    @rule(late=LATE)
    def withdraw(self, late: int) -> None:
        done = self.attempt(lambda: deciding.withdraw(self.quote, self.people.karim, seen=self._seen(late)))
        assert not (done and late)

    @rule(aside=st.sets(st.integers(1, 2)), late=LATE)
    def accept(self, aside: set[int], late: int) -> None:
        before = self.order
        may = before is None or before.status.may_change
        done = self._decide(deciding.accept, late, set_aside=aside)
        assert may or not done, "terms accepted for an order that may change no more"

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

    @rule(days=st.integers(1, 3), noted_down=st.booleans())
    def time_goes_by(self, days: int, noted_down: bool) -> None:
        clock.start_at(clock.now() + dt.timedelta(days=days))
        if noted_down:
            expiry.end()
            expiry.remind()
            db.session.flush()
            db.session.expire_all()

    def _decide(self, verb: Callable[..., object], late: int, **facts: object) -> bool:
        """Whatever the shop decides, it decides on the offer that it sees, and in time."""
        number = max(1, len(self.quote.offers) - late // 2)
        in_time = self.is_in_time
        done = self.attempt(
            lambda: verb(self.quote, self.people.karim, number=number, seen=self._seen(late), **facts)
        )
        assert in_time or not done, "decided on an offer that is over"
        assert not (done and late), "decided on what a page showed that is not so any more"
        return done

    def _seen(self, late: int) -> int:
        return self.quote.version - late
