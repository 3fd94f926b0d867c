"""The life of a quote with a database: every way it may go, and every refusal (R43–R49, J7)."""

import datetime as dt
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from harmattan.catalogue.rules import Availability
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.typography import euros
from harmattan.orders import service as orders
from harmattan.orders.models import Order
from harmattan.orders.rules import Action as OrderAction
from harmattan.outbox.models import OutboxMessage
from harmattan.quotes import comparing, deciding, expiry, offering, requesting, service
from harmattan.quotes.models import Offer, Quote
from harmattan.quotes.proposals import Answer, Granted
from harmattan.quotes.rules import Outcome, Status
from tests import cast


def on(day: int, hour: int = 10, month: int = 12) -> None:
    """It is that day of the end of 2026."""
    clock.start_at(dt.datetime(2026, month, day, hour, tzinfo=clock.PARIS))


def kinds() -> list[str]:
    return list(db.session.scalars(sa.select(OutboxMessage.kind).order_by(OutboxMessage.id)))


def orders_made() -> list[Order]:
    return list(db.session.scalars(sa.select(Order)))


# what time does


def test_an_offer_ends_by_itself_the_day_after_its_last_one(quote: Quote, offer: Offer) -> None:
    on(4, 23)
    expiry.daily()
    assert (quote.status, offer.outcome) == (Status.OFFERED, Outcome.OPEN)
    on(5, 0)
    assert service.status_today(quote) is Status.EXPIRED, "noted down or not"
    expiry.daily()
    assert (quote.status, offer.outcome) == (Status.EXPIRED, Outcome.EXPIRED)
    assert quote.events[-1].actor == service.PORTAL
    expiry.daily()
    assert [event.action for event in quote.events].count("expire") == 1


def test_the_shop_is_reminded_once_two_working_days_before(quote: Quote, offer: Offer) -> None:
    for day, month, expected in ((1, 12, 0), (2, 12, 1), (3, 12, 1), (4, 12, 1)):
        on(day, month=month)
        expiry.daily()
        assert kinds().count("quote_reminder") == expected, day
    mail = db.session.scalars(sa.select(OutboxMessage).filter_by(kind="quote_reminder")).one()
    assert mail.recipient == "karim@grandlarge.example"


def test_an_offer_made_after_its_reminder_day_reminds_of_nothing(quote: Quote, shop: SimpleNamespace) -> None:
    on(3)
    cast.offer(quote, shop.people.marie)
    expiry.daily()
    assert "quote_reminder" not in kinds()


def test_what_is_decided_is_not_reminded_of(quote: Quote, offer: Offer, shop: SimpleNamespace) -> None:
    deciding.decline(quote, "", shop.people.karim, number=1, seen=quote.version)
    on(2)
    expiry.daily()
    assert "quote_reminder" not in kinds()


# what the shop does


def test_what_is_declined_is_over_with_its_reason(quote: Quote, offer: Offer, shop: SimpleNamespace) -> None:
    deciding.decline(quote, "Le salon est annulé.", shop.people.anne, number=1, seen=quote.version)
    assert (quote.status, offer.outcome) == (Status.DECLINED, Outcome.DECLINED)
    assert quote.events[-1].text == "Le salon est annulé."
    with pytest.raises(service.NotInThisState):
        deciding.accept(quote, shop.people.karim, number=1, seen=quote.version)
    assert orders_made() == []


def test_an_answer_gives_sales_their_whole_time_again_and_a_new_version(
    quote: Quote, offer: Offer, shop: SimpleNamespace
) -> None:
    on(27, month=11)
    answer = Answer("Et 42 % ?", discount_bp=4_200)
    deciding.counter(quote, answer, shop.people.karim, number=1, seen=quote.version)
    assert (quote.status, offer.outcome) == (Status.COUNTERED, Outcome.COUNTERED)
    assert quote.wished_discount_bp == 4_200
    assert quote.answer_by > clock.now()
    second = cast.offer(quote, shop.people.marie, 4_100)
    assert (second.number, quote.status, offer.outcome) == (2, Status.OFFERED, Outcome.COUNTERED)
    with pytest.raises(service.Overtaken):
        deciding.accept(quote, shop.people.karim, number=1, seen=quote.version)


def test_a_request_is_withdrawn_while_sales_have_not_answered(quote: Quote, shop: SimpleNamespace) -> None:
    deciding.withdraw(quote, shop.people.karim, seen=quote.version)
    assert quote.status is Status.WITHDRAWN
    with pytest.raises(service.NotInThisState):
        cast.offer(quote, shop.people.marie)


def test_an_offer_cannot_be_withdrawn_from(quote: Quote, offer: Offer, shop: SimpleNamespace) -> None:
    with pytest.raises(service.NotInThisState):
        deciding.withdraw(quote, shop.people.karim, seen=quote.version)


def test_nothing_kept_is_no_order(quote: Quote, offer: Offer, shop: SimpleNamespace) -> None:
    with pytest.raises(deciding.CannotBeHad, match="Gardez au moins une ligne"):
        deciding.accept(quote, shop.people.karim, number=1, seen=quote.version, set_aside={1, 2})


def test_a_title_that_is_gone_is_set_aside_first(quote: Quote, offer: Offer, shop: SimpleNamespace) -> None:
    shop.titles.t5.availability = Availability.OUT_OF_PRINT
    db.session.commit()
    with pytest.raises(deciding.CannotBeHad) as refused:
        deciding.accept(quote, shop.people.karim, number=1, seen=quote.version)
    assert refused.value.position == 2
    db.session.rollback()
    order = deciding.accept(quote, shop.people.karim, number=1, seen=quote.version, set_aside={2})
    assert [line.isbn for line in order.lines] == [shop.titles.t1.isbn]


def test_the_order_is_what_the_offer_said_to_the_cent(
    quote: Quote, offer: Offer, shop: SimpleNamespace
) -> None:
    order = deciding.accept(quote, shop.people.karim, number=1, seen=quote.version)
    assert (order.goods_cents, order.carriage_cents, order.gross_cents) == (
        offer.goods_cents,
        offer.carriage_cents,
        offer.gross_cents,
    )
    assert order.goods_cents == sum(line.line_cents for line in order.lines)
    assert comparing.of_offer(offer, clock.today()).gesture_cents == (
        quote.goods_cents - order.goods_cents
    ), euros(order.goods_cents)


# what sales do


def test_a_request_that_is_not_followed_says_why(quote: Quote, shop: SimpleNamespace) -> None:
    offering.refuse(quote, "Tirage épuisé.", shop.people.marie, seen=quote.version)
    assert quote.status is Status.DECLINED
    mail = db.session.scalars(sa.select(OutboxMessage).filter_by(kind="quote_refused")).one()
    assert "Tirage épuisé." in mail.body


def test_an_offer_is_of_what_was_asked_for(quote: Quote, shop: SimpleNamespace) -> None:
    line = quote.lines[0]
    for granted in ([Granted(line, 59, 4_000)], [Granted(line, 60, 3_000)], [Granted(line, 0, 4_000)]):
        others = [Granted(other, other.quantity, 4_000) for other in quote.lines[1:]]
        with pytest.raises(offering.NotWhatWasAsked):
            cast.offer(quote, shop.people.marie, granted=[*granted, *others])
    with pytest.raises(offering.NotWhatWasAsked, match="validité"):
        cast.offer(quote, shop.people.marie, valid_until=dt.date(2026, 11, 22))


def test_an_offer_over_what_another_has_seen_is_overtaken(
    quote: Quote, offer: Offer, shop: SimpleNamespace
) -> None:
    with pytest.raises(service.Overtaken, match="Marie"):
        deciding.decline(quote, "", shop.people.karim, number=1, seen=quote.version - 1)


def test_other_terms_after_validation_are_refused(quote: Quote, offer: Offer, shop: SimpleNamespace) -> None:
    order = deciding.accept(quote, shop.people.karim, number=1, seen=quote.version)
    orders.act(order, OrderAction.VALIDATE, shop.people.marie)
    assert not offering.may_offer(quote, shop.people.marie)
    with pytest.raises(service.Refusal, match="ne changent plus"):
        cast.offer(quote, shop.people.marie, 4_200)


def test_the_shop_may_keep_what_it_accepted(quote: Quote, offer: Offer, shop: SimpleNamespace) -> None:
    order = deciding.accept(quote, shop.people.karim, number=1, seen=quote.version)
    second = cast.offer(quote, shop.people.marie, 4_200)
    deciding.keep(quote, shop.people.karim, number=2, seen=quote.version)
    assert (quote.status, offer.outcome, second.outcome) == (
        Status.ACCEPTED,
        Outcome.ACCEPTED,
        Outcome.DECLINED,
    )
    assert {line.discount_bp for line in order.lines} == {4_000}


def test_asking_again_fills_the_cart_with_what_can_be_had(quote: Quote, shop: SimpleNamespace) -> None:
    shop.titles.t5.availability = Availability.OUT_OF_PRINT
    gone = requesting.ask_again(quote, shop.people.karim)
    assert gone == [shop.titles.t5.title]
