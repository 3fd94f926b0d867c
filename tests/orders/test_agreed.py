"""An order of what was agreed on a quote: its lines, discounts, term and event as they are said (R47)."""

import datetime as dt
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from harmattan.cart import service as carts
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.orders import agreed, snapshots
from harmattan.orders.models import Order
from harmattan.orders.rules import UrgentDateState
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.browser import fold

DAY = dt.date(2026, 12, 12)


@pytest.fixture
def order(people: SimpleNamespace) -> Order:
    """Sixty copies of T1 at 40 %, paid at 90 days, for a book fair."""
    titles = cast.titles()
    cast.tariffs()
    cart = carts.open_cart(people.grand_large.id)
    carts.add(cart, {titles.t1: 60}, people.karim)
    cart.own_reference, cart.deliver_by = "Salon, table 12", dt.date(2026, 12, 10)
    seen = carts.overview(cart, people.grand_large, clock.now())
    facts = snapshots.of_cart(seen) | {"payment_term": cast.SIXTY_DAYS.extended_to(90)}
    lines = [line | {"discount_bp": 4000} for line in snapshots.of_lines(seen)]
    own = {"cart_id": cart.id, "event_name": "Salon du livre", "event_on": DAY}
    made = agreed.record(people.karim, facts, lines, quote_reference="DEV-2026-000001", **own)
    db.session.commit()
    return made


def test_the_order_has_what_was_agreed(order: Order) -> None:
    assert order.reference == "CMD-2026-000001"
    assert (order.payment_term.label, order.lines[0].discount_bp) == ("90 jours fin de mois", 4000)
    assert (order.event_name, order.event_on) == ("Salon du livre", DAY)
    assert order.urgent_date_state is UrgentDateState.REQUESTED
    assert [event.text.partition(".")[0] for event in order.events] == ["Devis DEV-2026-000001 accepté"]


def test_the_mail_says_that_the_quote_is_taken_into_account(order: Order) -> None:
    mail = db.session.scalars(sa.select(OutboxMessage)).one()
    assert fold(mail.subject) == "Commande CMD-2026-000001 enregistrée : devis DEV-2026-000001 pris en compte"
    assert "« Salon du livre »" in fold(mail.body)
    assert "Paiement convenu : 90 jours fin de mois" in fold(mail.body)


def test_a_cart_is_one_order_however_it_was_agreed(order: Order, people: SimpleNamespace) -> None:
    with pytest.raises(IntegrityError):
        agreed.record(
            people.anne, order.copied(), [], quote_reference="DEV-2026-000001", cart_id=order.cart_id
        )
