"""J13: change of the delivery address (R86, R87)."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from harmattan.core.extensions import db
from harmattan.orders import service
from harmattan.orders.models import Order
from harmattan.orders.rules import Action
from tests import cast
from tests.browser import Browser
from tests.journeys.acts import HUGO, MARIE, block, mails, write

NEW = {"appelant": "Karim Benali", "destinataire": "Le Grand Large", "rue": "2 rue Neuve"}
NEW |= {"code_postal": "44100", "ville": "Nantes"}


@pytest.fixture
def order(shop: SimpleNamespace) -> Order:
    placed = cast.order(shop.karim, (shop.t1, 15))
    db.session.commit()
    return placed


@pytest.fixture
def validated(shop: SimpleNamespace, order: Order) -> Order:
    service.act(order, Action.VALIDATE, shop.marie)
    db.session.commit()
    return order


def test_a_recorded_order_leads_to_sales(karim: Browser, order: Order) -> None:
    assert "01 40 46 79 13" in block(karim.open(f"/commandes/{order.reference}"), "change")


def test_a_validated_one_leads_to_the_phone_alone(karim: Browser, validated: Order) -> None:
    said = block(karim.open(f"/commandes/{validated.reference}"), "change")
    assert "01 40 46 79 20" in said
    assert "touche 4" in said
    assert "Ouvert jusqu'à 17 h" in said
    assert "À avoir sous la main" in said


def test_a_message_changes_nothing(karim: Browser, validated: Order) -> None:
    before = validated.address
    write(karim, "suivi", "Merci de livrer 2 rue Neuve.", commande=validated.reference)
    db.session.refresh(validated)
    assert validated.address == before


def test_hugo_writes_the_call_down(browser: Browser, validated: Order) -> None:
    page = f"/equipe/commandes/{validated.reference}/adresse"
    hugo = browser.log_in(HUGO).open(page).submit(page, **NEW)
    assert "Appel de Karim Benali, 23 novembre 2026, 10 h" in block(hugo, "tracking")
    assert [mail.recipient for mail in mails("address_changed")] == ["contact@grandlarge.example"]


def test_the_shop_itself_and_sales_cannot(
    karim: Browser, new_browser: Callable[..., Browser], validated: Order
) -> None:
    karim.open(f"/commandes/{validated.reference}").post(f"/commandes/{validated.reference}/adresse", NEW)
    assert karim.status == 409
    assert "par téléphone uniquement" in karim.text
    page = f"/equipe/commandes/{validated.reference}/adresse"
    assert new_browser().log_in(MARIE).open(page).status == 403
