"""Changes of a recorded order: asked for, applied, refused, withdrawn, too late (R50–R53, J8)."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from harmattan.conversations.models import Thread
from harmattan.conversations.rules import ThreadState
from harmattan.core.extensions import db
from harmattan.core.places import Territory
from harmattan.core.services import Service
from harmattan.deliveries.rules import DeliveryMode
from harmattan.orders import altering, changes, requests, service, validation
from harmattan.orders.models import ChangeRequest, Order, OrderEvent
from harmattan.orders.requests import Fact, FactWish, LineWish, RequestState, Wish
from harmattan.orders.rules import Action, Status, UrgentDateState
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.browser import fold


@pytest.fixture
def shop(people: SimpleNamespace) -> SimpleNamespace:
    cast.tariffs()
    made = SimpleNamespace(**vars(people), **vars(cast.titles()))
    made.order = cast.order(people.karim, (made.t1, 12), (made.t2, 2), carriage_cents=590)
    for line in made.order.lines:
        line.weight_g = 300 * line.quantity
    db.session.commit()
    return made


def copies(order: Order, position: int, new: int) -> LineWish:
    line = order.lines[position]
    return LineWish(line.id, line.title, line.quantity, new)


def ask(shop: SimpleNamespace, *lines: LineWish, **more: Any) -> ChangeRequest:
    request = changes.ask(shop.order, Wish(lines or (copies(shop.order, 0, 8),), **more), shop.karim)
    db.session.commit()
    return request


def apply(shop: SimpleNamespace, *lines: LineWish, **more: Any) -> None:
    changes.apply(shop.order, ask(shop, *lines, **more).thread.reference, shop.marie)
    db.session.commit()
    db.session.refresh(shop.order)


def steps(order: Order) -> list[tuple[Action, str]]:
    events = sa.select(OrderEvent).where(OrderEvent.order_id == order.id).order_by(OrderEvent.id)
    return [(event.action, fold(event.text)) for event in db.session.scalars(events)]


def to_karim() -> list[str]:
    mails = sa.select(OutboxMessage).where(OutboxMessage.recipient == "karim@grandlarge.example")
    return [mail.kind for mail in db.session.scalars(mails.order_by(OutboxMessage.id))]


def test_a_wish_is_kept_whole(shop: SimpleNamespace) -> None:
    address = cast.address(shop.quais).place
    wish = Wish(
        (copies(shop.order, 0, 0),),
        (
            FactWish(Fact.MODE, DeliveryMode.STANDARD, DeliveryMode.PRISME),
            FactWish(Fact.ADDRESS, shop.order.address, address),
            FactWish(Fact.NOT_BEFORE, None, dt.date(2026, 12, 4)),
        ),
        words="Merci",
    )
    assert requests.from_json(wish.as_json()) == wish
    assert [fold(sentence) for sentence in wish.sentences] == [
        "« Les passeurs du fleuve. Ethnographie d'un delta » : aucun exemplaire au lieu de 12",
        "Mode de livraison : Flux Prisme, au lieu de : Transporteur, livraison à la librairie",
        "Adresse de livraison : Librairie des Quais, 3 quai Saint-Michel, 75005 Paris, au lieu de :"
        f" {fold(', '.join(shop.order.address.lines))}",
        "Pas de livraison avant le : 4 décembre 2026, au lieu de : aucune date",
    ]


def test_a_request_is_a_message_to_sales_with_old_and_new(shop: SimpleNamespace) -> None:
    request = ask(shop, words="Le salon est plus petit.")
    thread = request.thread
    assert (thread.service, thread.subject, thread.about) == (Service.SALES, "modifier", shop.order.reference)
    assert fold(thread.messages[0].body) == (
        "« Les passeurs du fleuve. Ethnographie d'un delta » : 8 exemplaires au lieu de 12"
        " Le salon est plus petit."
    )
    assert to_karim() == ["message_received"]
    assert shop.order.lines[0].quantity == 12


def test_one_act_applies_it_and_everything_is_reckoned_again(shop: SimpleNamespace) -> None:
    apply(shop, copies(shop.order, 0, 8), copies(shop.order, 1, 0))
    order = shop.order
    assert [(line.quantity, line.line_cents, line.weight_g) for line in order.lines] == [(8, 8_000, 2_400)]
    assert (order.goods_cents, order.carriage_cents, order.weight_g) == (8_000, 850, 2_400)
    assert (order.vat[0]["basis_cents"], order.gross_cents) == (8_850, 9_337)
    assert (order.line_count, order.copy_count, order.version) == (1, 8, 2)


def test_the_timeline_shows_both_and_the_shop_is_told(shop: SimpleNamespace) -> None:
    apply(shop)
    wish = "« Les passeurs du fleuve. Ethnographie d'un delta » : 8 exemplaires au lieu de 12"
    assert steps(shop.order)[1:] == [(Action.REQUEST_CHANGE, wish), (Action.CHANGE, wish)]
    assert to_karim() == ["message_received", "message_answered"]
    [thread] = db.session.scalars(sa.select(Thread))
    assert thread.state is ThreadState.CLOSED


def test_another_place_has_its_own_rates_and_carriage(shop: SimpleNamespace) -> None:
    ajaccio = cast.address(shop.grand_large, Territory.CORSICA, postal_code="20000", is_default=False).place
    apply(shop, facts=(FactWish(Fact.ADDRESS, shop.order.address, ajaccio),))
    order = shop.order
    assert (order.territory, {line.vat_bp for line in order.lines}) == (Territory.CORSICA, {210})
    assert order.carriage_cents is None
    collected = FactWish(Fact.MODE, DeliveryMode.STANDARD, DeliveryMode.COUNTER)
    changes.change_by_phone(order, Wish(facts=(collected,)), shop.marie)
    assert (order.territory, order.carriage_cents) == (Territory.MAINLAND, 0)
    assert {line.vat_bp for line in order.lines} == {550}


def test_carriage_keeps_the_tariff_of_the_day_of_the_order(shop: SimpleNamespace) -> None:
    for tariff in cast.tariffs(valid_from=dt.date(2026, 11, 24)):
        tariff.fee_cents *= 3
    apply(shop, copies(shop.order, 0, 1))
    assert shop.order.carriage_cents == 590


def test_a_date_that_sales_set_is_confirmed(shop: SimpleNamespace) -> None:
    day = dt.date(2026, 12, 4)
    changes.change_by_phone(shop.order, Wish(facts=(FactWish(Fact.DELIVER_BY, None, day),)), shop.marie)
    assert (shop.order.deliver_by, shop.order.urgent_date_state) == (day, UrgentDateState.CONFIRMED)
    assert to_karim() == ["order_changed"]


def test_a_cancellation_is_a_request_like_any_other(shop: SimpleNamespace) -> None:
    request = changes.ask(shop.order, Wish(cancels=True, words="Le salon n’a pas lieu."), shop.karim)
    changes.apply(shop.order, request.thread.reference, shop.marie)
    assert shop.order.status is Status.CANCELLED
    assert steps(shop.order)[-1] == (
        Action.CANCEL,
        "Annuler la commande ; Le salon n'a pas lieu.",
    )


def test_a_refusal_has_words_that_the_shop_reads(shop: SimpleNamespace) -> None:
    request = ask(shop)
    changes.refuse(shop.order, request.thread.reference, shop.marie, "Le colis est déjà fait.")
    db.session.commit()
    assert (request.state, shop.order.lines[0].quantity) == (RequestState.PENDING, 12)
    db.session.refresh(request)
    assert (request.state, request.decided_by) == (RequestState.REFUSED, "Marie Duval")
    assert request.thread.messages[-1].body == "Le colis est déjà fait."


def test_the_shop_may_withdraw_it_and_ask_anew(shop: SimpleNamespace) -> None:
    request = ask(shop)
    with pytest.raises(changes.AlreadyAsked):
        ask(shop, copies(shop.order, 1, 1))
    db.session.rollback()
    changes.withdraw(shop.order, request.thread.reference, shop.karim)
    ask(shop, copies(shop.order, 1, 1))
    assert steps(shop.order)[2][0] is Action.WITHDRAW_CHANGE


def test_a_request_is_decided_once(shop: SimpleNamespace) -> None:
    reference = ask(shop).thread.reference
    changes.apply(shop.order, reference, shop.marie)
    with pytest.raises(changes.RequestGone):
        changes.refuse(shop.order, reference, shop.marie, "non")


def test_a_request_on_what_the_order_no_longer_is_does_nothing(shop: SimpleNamespace) -> None:
    request = ask(shop)
    changes.change_by_phone(shop.order, Wish((copies(shop.order, 0, 10),)), shop.marie)
    db.session.commit()
    with pytest.raises(altering.NoLongerFits):
        changes.apply(shop.order, request.thread.reference, shop.marie)


def test_a_validation_makes_it_too_late_and_tells_both(shop: SimpleNamespace) -> None:
    request = ask(shop)
    prepared = validation.prepare(shop.order, validation.propose(shop.order).mark, None)
    missed = validation.validate(shop.order, prepared, shop.marie)
    db.session.commit()
    db.session.refresh(request)
    assert missed is request
    assert (request.state, request.thread.state) == (RequestState.TOO_LATE, ThreadState.CLOSED)
    assert "trop tard" in request.thread.messages[-1].body
    assert to_karim() == ["message_received", "order_changed", "message_answered"]


def test_a_validated_order_takes_no_request(shop: SimpleNamespace) -> None:
    service.act(shop.order, Action.VALIDATE, shop.marie)
    db.session.commit()
    with pytest.raises(service.TooLate, match="Validée"):
        ask(shop)
    db.session.rollback()
    with pytest.raises(service.TooLate, match="Validée"):
        changes.change_by_phone(shop.order, Wish((copies(shop.order, 0, 10),)), shop.marie)


def test_a_call_that_is_noted_down_after_parcels_left_comes_too_late(shop: SimpleNamespace) -> None:
    for action in (Action.VALIDATE, Action.PREPARE, Action.SHIP_PART):
        service.act(shop.order, action, shop.marie)
    shop.order.lines[0].shipped = 5
    db.session.commit()
    with pytest.raises(service.TooLate, match="Expédiée en partie"):
        changes.change_by_phone(shop.order, Wish((copies(shop.order, 0, 4),)), shop.marie)
