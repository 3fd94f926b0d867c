"""The delivery address after validation: by phone, through after-sales alone (R86, J13)."""

import pytest
import sqlalchemy as sa

from harmattan.core.extensions import db
from harmattan.orders.models import Order
from harmattan.outbox.models import OutboxMessage
from tests.browser import Browser, fold
from tests.shipments.conftest import Ship

NEW = {"appelant": "Karim Benali", "destinataire": "Le Grand Large", "rue": "2 rue Neuve"}
NEW |= {"code_postal": "44100", "ville": "Nantes"}


def page_of(order: Order) -> str:
    return f"/equipe/commandes/{order.reference}/adresse"


def test_a_call_changes_the_address_and_is_proved_by_mail_and_timeline(
    browser: Browser, order: Order
) -> None:
    browser.log_in("hugo@equipe.example").open(page_of(order)).submit(page_of(order), **NEW)
    assert browser.url == f"/commandes/{order.reference}"
    assert "Appel de Karim Benali, 23 novembre 2026, 10 h" in browser.text
    assert "1 rue du Port, 44000 Nantes → Le Grand Large, 2 rue Neuve, 44100 Nantes" in browser.text
    mail = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.kind == "address_changed")).one()
    assert mail.recipient == "contact@grandlarge.example"
    assert "2 rue Neuve" in fold(mail.body)


def test_an_address_of_another_territory_is_refused(browser: Browser, order: Order) -> None:
    browser.log_in("hugo@equipe.example").open(page_of(order))
    browser.submit(page_of(order), **NEW | {"code_postal": "20200", "ville": "Bastia"})
    assert browser.status == 409
    assert "TVA" in browser.text


@pytest.mark.parametrize("code", ["4400", "440000", "B-1000"])
def test_a_french_postcode_has_five_digits(browser: Browser, order: Order, code: str) -> None:
    browser.log_in("hugo@equipe.example").open(page_of(order))
    browser.submit(page_of(order), **NEW | {"code_postal": code})
    assert browser.status == 422
    assert browser.faults() == ["Saisissez un code postal de 5 chiffres, par exemple 44000"]
    assert browser.page.find(id="code_postal")["value"] == code


def test_an_address_that_is_the_same_is_no_change(browser: Browser, order: Order) -> None:
    browser.log_in("hugo@equipe.example").open(page_of(order))
    browser.submit(page_of(order), appelant="Karim Benali")
    assert browser.status == 422
    assert "saisissez ce qui change" in browser.faults()[0]
    assert browser.page.find(id="appelant")["value"] == "Karim Benali"
    assert (
        db.session.scalar(sa.select(OutboxMessage.id).where(OutboxMessage.kind == "address_changed")) is None
    )


def test_nobody_but_after_sales_and_not_once_it_has_left(browser: Browser, order: Order, ship: Ship) -> None:
    assert browser.log_in("marie@equipe.example").open(page_of(order)).status == 403
    assert browser.post(page_of(order), NEW).status == 403
    ship(order, 15, 5)
    browser.log_out().log_in("hugo@equipe.example")
    assert browser.open(page_of(order)).status == 409
    assert browser.post(page_of(order), NEW).status == 409
