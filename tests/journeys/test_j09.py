"""J9: tracking and complaint (R65–R67)."""

import datetime as dt
import io
import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from harmattan.core.extensions import db
from harmattan.orders import progress, service
from harmattan.orders.models import Order
from harmattan.orders.rules import Action
from harmattan.shipments import service as shipments
from harmattan.shipments import watches
from harmattan.shipments.rules import NewParcel
from tests import cast
from tests.browser import Browser
from tests.journeys.acts import HUGO, KARIM, T2, block, mails, threads

PAUL = "paul@quais.example"


@pytest.fixture
def order(shop: SimpleNamespace) -> Order:
    """T1 15/15 in parcel 1, T2 3/5."""
    placed = cast.order(shop.karim, (shop.t1, 15), (shop.t2, 5))
    service.act(placed, Action.VALIDATE, shop.marie)
    parcel = NewParcel(
        "colissimo", "6A11", 5_000, dict(zip((line.id for line in placed.lines), (15, 3), strict=True))
    )
    shipments.record(placed, [parcel], shop.hugo, delivery_on=dt.date(2026, 11, 26))
    db.session.commit()
    return placed


def test_five_quantities_agree_and_the_parcel_can_be_followed(karim: Browser, order: Order) -> None:
    karim.open(f"/commandes/{order.reference}")
    rows = [[cell.get_text() for cell in row.find_all("td")] for row in karim.page.select("#lines tbody tr")]
    assert rows == [["15", "15", "0", "0", "0"], ["5", "3", "2", "0", "0"]]
    assert "Expédiée en partie" in block(karim, "tracking")
    assert "À jour à 10 h" in block(karim, "tracking")
    assert "2 notés" in block(karim, "lines")
    link = karim.page.select_one("#parcels a[href^=https]")
    assert link["href"] == "https://www.laposte.fr/outils/suivre-vos-envois?code=6A11"


def test_news_of_a_noted_title_come_by_mail_once_asked_for(karim: Browser, order: Order) -> None:
    karim.open(f"/commandes/{order.reference}")
    karim.submit(f"/commandes/{order.reference}/titres/{T2}/prevenir", "prevenir")
    progress.announce(order, {order.lines[1].id: dt.date(2026, 12, 11)})
    watches.tell()
    db.session.commit()
    assert [mail.recipient for mail in mails("news_of_titles")] == [KARIM]


def test_a_gap_goes_to_after_sales_with_order_parcel_and_lines(
    karim: Browser, new_browser: Callable[..., Browser], order: Order
) -> None:
    page = f"/commandes/{order.reference}/colis/1"
    photo = {"pieces": [(io.BytesIO(b"\xff\xd8\xff photo"), "coin.jpg")]}
    karim.open(page).submit(f"{page}/ecart", files=photo, **{"abimes-1": "1"})
    (thread,) = threads()
    assert thread.reference in karim.text
    assert "01 40 46 79 20 (touche 4)" in karim.text
    assert "au plus tard le 24 novembre 2026" in karim.text
    file = karim.page.find("a", string="coin.jpg")["href"]
    assert new_browser().log_in(PAUL).client.get(file).status_code == 404
    hugo = new_browser().log_in(HUGO).open(f"/equipe/messages/{thread.reference}")
    facts = block(hugo, "facts")
    assert order.reference in facts
    assert "Colis 1" in facts
    assert "1 abîmé sur 15" in facts


def test_anothers_order_is_the_404_of_one_that_does_not_exist(
    new_browser: Callable[..., Browser], order: Order
) -> None:
    paul = new_browser().log_in(PAUL)
    pages = []
    for reference in (order.reference, "CMD-2026-999999"):
        answer = paul.client.get(f"/commandes/{reference}")
        assert answer.status_code == 404
        pages.append(re.sub(r'[0-9a-f]{12}|value="[^"]*"', "", answer.text))
    assert pages[0] == pages[1]
