"""`act()`: the only writer of an order's state."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy.orm.attributes import set_committed_value

from harmattan.access.models import User
from harmattan.core.audit import AuditEntry
from harmattan.core.extensions import db
from harmattan.orders import service
from harmattan.orders.models import Order, OrderEvent
from harmattan.orders.rules import TOLD_BY_MAIL, TRANSITIONS, Action, Status
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.browser import fold


def test_an_act_is_dated_signed_and_told(people: SimpleNamespace) -> None:
    order = cast.order(people.karim)
    service.act(order, Action.ASK_DETAILS, people.marie, "SIRET de facturation ?")
    db.session.flush()
    event = db.session.scalars(sa.select(OrderEvent).order_by(OrderEvent.id.desc())).first()
    assert (event.action, event.actor, event.status) == (
        Action.ASK_DETAILS,
        "Marie Duval",
        Status.DETAILS_REQUESTED,
    )
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.subject == order.reference)).one()
    assert (entry.action, entry.actor) == ("orders.ask_details", "Marie Duval")
    mail = db.session.scalars(sa.select(OutboxMessage)).one()
    assert mail.recipient == "karim@grandlarge.example"
    assert fold(mail.subject) == "Commande CMD-2026-000001 : complément demandé"
    assert "SIRET de facturation ?" in mail.body


@pytest.mark.parametrize("action", [Action.CANCEL, Action.ASK_DETAILS])
def test_a_validated_order_is_too_late_and_says_since_when(people: SimpleNamespace, action: Action) -> None:
    order = cast.order(people.karim)
    service.act(order, Action.VALIDATE, people.marie)
    with pytest.raises(service.TooLate) as refused:
        service.act(order, action, people.marie)
    assert "« Validée » depuis le 23 novembre 2026, 10 h" in fold(refused.value.message)
    assert order.status is Status.VALIDATED


def test_what_the_state_does_not_provide_for_is_refused(people: SimpleNamespace) -> None:
    order = cast.order(people.karim)
    with pytest.raises(service.NotInThisState, match="Enregistrée"):
        service.act(order, Action.SHIP, people.marie)


class Life(RuleBasedStateMachine):
    """Any acts in any order, some of them by whoever read the order in another state."""

    def __init__(self, by: User, actor: User):
        super().__init__()
        self.order, self.actor = cast.order(by), actor
        self.status, self.done = Status.RECORDED, [Action.PLACE]

    @rule(action=st.sampled_from(Action), believed=st.none() | st.sampled_from(Status))
    def act(self, action: Action, believed: Status | None) -> None:
        believed = believed or self.status
        set_committed_value(self.order, "status", believed)
        target = TRANSITIONS[believed].get(action)
        if target is None or believed is not self.status:
            with pytest.raises((service.TooLate, service.Overtaken, service.NotInThisState)):
                service.act(self.order, action, self.actor)
            return
        service.act(self.order, action, self.actor)
        self.status = target
        self.done.append(action)

    @invariant()
    def the_order_its_events_and_its_mails_agree(self) -> None:
        db.session.flush()
        kept = db.session.scalar(sa.select(Order.status).where(Order.id == self.order.id))
        events = db.session.scalars(
            sa.select(OrderEvent).where(OrderEvent.order_id == self.order.id).order_by(OrderEvent.id)
        ).all()
        assert kept is self.order.status is self.status is events[-1].status
        assert [event.action for event in events] == self.done
        mails = db.session.scalar(sa.select(sa.func.count(OutboxMessage.id)))
        assert mails == sum(action in TOLD_BY_MAIL for action in self.done)

    @invariant()
    def no_order_is_both_validated_and_cancelled(self) -> None:
        assert not {Action.VALIDATE, Action.CANCEL} <= set(self.done)

    def teardown(self) -> None:
        db.session.rollback()


def test_no_sequence_of_acts_breaks_an_order(people: SimpleNamespace) -> None:
    run_state_machine_as_test(
        lambda: Life(people.karim, people.marie),
        settings=settings(max_examples=25, stateful_step_count=12),
    )
