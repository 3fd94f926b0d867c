"""The demonstration's payment page behaves as a hosted one, good and bad, plain and with HTMX (R73)."""

import datetime as dt
import re
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.billing.models import Payment
from harmattan.core import clock, jobs
from harmattan.core.extensions import db
from harmattan.payments import lookups, service
from harmattan.payments.models import PaymentOrder
from harmattan.payments.rules import Means, Status
from tests import cast
from tests.browser import Browser, form_data

LUCIE = "lucie@grandlarge.example"


@pytest.fixture
def order(app: Flask, people: SimpleNamespace) -> PaymentOrder:
    app.config["DEMO"] = True
    papers = cast.documents(people, cast.titles())
    made = service.announce(people.grand_large, [papers.f4], Means.ONLINE, people.lucie)
    db.session.commit()
    return made


def go(browser: Browser, order: PaymentOrder) -> Browser:
    """Follow the link of the order's page to the payment page."""
    browser.log_in(LUCIE).open(f"/paiement/{order.reference}")
    return browser.open(browser.page.find("a", string=re.compile("page de paiement"))["href"])


@pytest.mark.parametrize(
    ("choice", "status", "payments"),
    [
        ("Payer", Status.BOOKED, 1),
        ("Carte refusée", Status.REFUSED, 0),
        ("Abandonner", Status.AWAITED, 0),
        ("Payer, et le dire deux fois", Status.BOOKED, 1),
        ("Payer 1,00 € de moins", Status.TO_CHECK, 1),
        ("Payer 1,00 € de plus", Status.TO_CHECK, 1),
        ("Payer, avec un avis altéré", Status.AWAITED, 0),
    ],
)
def test_each_choice_tells_the_portal_what_such_a_page_would(
    browser: Browser, order: PaymentOrder, choice: str, status: Status, payments: int
) -> None:
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Payment)) or 0
    go(browser, order)
    assert "111,37" in browser.text
    form = browser.form("/demo/paiement")
    pressed = form.find("button", string=choice)["value"]
    answer = browser.client.post("/demo/paiement", data=form_data(form) | {"choix": pressed})
    assert answer.status_code == 303
    assert answer.location.endswith(f"/paiement/{order.reference}?retour=1")
    db.session.expire_all()
    assert order.status is status
    assert (db.session.scalar(sa.select(sa.func.count()).select_from(Payment)) or 0) == before + payments


def test_a_notification_that_comes_late_is_booked_when_it_comes(
    browser: Browser, order: PaymentOrder
) -> None:
    form = go(browser, order).form("/demo/paiement")
    browser.client.post("/demo/paiement", data=form_data(form) | {"choix": "tard"})
    assert jobs.run_due() == 0
    assert "Attendu" in browser.open(f"/paiement/{order.reference}").text
    clock.start_at(clock.now() + dt.timedelta(minutes=2))
    assert jobs.run_due() == 1
    assert "Reçu" in browser.open(f"/paiement/{order.reference}").text
    db.session.expire_all()
    assert order.status is Status.BOOKED


def test_who_comes_back_before_the_notification_is_warned_not_to_pay_twice(
    browser: Browser, order: PaymentOrder, people: SimpleNamespace
) -> None:
    browser.log_in(LUCIE).open(f"/paiement/{order.reference}")
    assert "ne payez pas une seconde fois" not in browser.text
    back = f"/paiement/{order.reference}?retour=1"
    waits = browser.open(back).page.select_one("#order")
    assert "ne payez pas une seconde fois" in browser.text
    assert (waits["data-hx-get"], waits["data-hx-trigger"]) == (back, "every 3s")
    assert browser.page.find("a", string="Actualiser")["href"] == back
    service.receive(order, order.amount_cents, "Page de paiement")
    db.session.commit()
    settled = browser.open(back).page.select_one("#order")
    assert "Reçu" in settled.text
    assert "data-hx-get" not in settled.attrs
    assert "ne payez pas" not in browser.text


def test_the_page_asks_by_itself_for_some_minutes_only(browser: Browser, order: PaymentOrder) -> None:
    back = f"/paiement/{order.reference}?retour=1"
    polled = {"HX-Request": "true"}
    assert browser.log_in(LUCIE).client.get(back, headers=polled).status_code == 200
    clock.start_at(clock.now() + service.PATIENCE)
    answer = browser.client.get(back, headers=polled)
    assert answer.status_code == 286
    assert "data-hx-get" not in answer.text
    assert "ne payez pas une seconde fois" in browser.open(back).text


def test_a_hand_over_that_was_altered_is_refused(browser: Browser, order: PaymentOrder) -> None:
    go(browser, order)
    assert browser.open(browser.url.replace("montant=11137", "montant=1")).status == 403


def test_outside_the_demonstration_there_is_no_such_page(
    app: Flask, browser: Browser, order: PaymentOrder
) -> None:
    go(browser, order)
    app.config["DEMO"] = False
    assert browser.open(browser.url).status == 404


def test_accountings_list_has_pages(
    browser: Browser, people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers = cast.documents(people, cast.titles())
    orders = [
        service.announce(people.grand_large, [papers.f4], Means.TRANSFER, people.lucie) for _ in range(3)
    ]
    db.session.commit()
    monkeypatch.setattr(lookups, "A_PAGE", 2)
    browser.log_in("ines@equipe.example").open("/equipe/comptabilite/reglements")
    assert orders[2].reference not in browser.text
    browser.open(browser.page.select_one("a[rel=next]")["href"])
    assert orders[2].reference in browser.text
    assert orders[0].reference not in browser.text
